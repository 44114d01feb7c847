"""Reports: one aim as a file to hand to managers, by pseudonym."""
