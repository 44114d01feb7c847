"""Compare: one aim across teams, localities, placement types, age bands and routes, never as a league table."""
