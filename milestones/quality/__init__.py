"""Data quality: what is wrong or odd in the records, one declared rule each (`domain.md` 3.7)."""
