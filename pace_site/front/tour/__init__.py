"""A tour of a few stops for each kind of role, from page to page, by a banner and without a script (ADR 0035)."""
