"""Share the improvement work of an authority with others as one file, and take in theirs, without any child's data."""
