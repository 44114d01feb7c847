"""Restricted records: close one to all but named people, open one by break-glass, and look at what was opened."""
