"""Help for a person: what a page is for, what their role does there, and the words on it (ADR 0035)."""
