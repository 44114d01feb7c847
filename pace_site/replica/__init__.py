"""The replica: what only reads much may read there, where it knows all that the primary knew (ADR 0033)."""
