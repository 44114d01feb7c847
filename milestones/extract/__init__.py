"""The council's extract: its files, their reading, and the transaction that takes them in (`domain.md` 3.6)."""
