"""Benchmarks: `make bench`. Measurements beside a floor in the same run; nothing here is a test."""
