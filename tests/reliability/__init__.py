"""What must hold when things break: `make reliability`. Runs of minutes; a short form of each is among the tests."""
