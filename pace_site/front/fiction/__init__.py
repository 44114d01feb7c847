"""Fiction: made-up authorities of any size, for the demo and for benchmarks. Everybody in them is invented."""
