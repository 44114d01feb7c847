"""Setting up a fresh site: the council, its first administrator, teams and aims (ADR 0035)."""
