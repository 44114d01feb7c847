"""Data quality for people: what the rules found, what is not recorded yet, and what to record by when."""
