"""One search for everything: children, aims, tests of change, pages and words (ADR 0035)."""
