"""Retention on pages: who is due for review, pseudonymisation by two people, and requests about one's own data."""
