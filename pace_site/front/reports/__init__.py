"""Reports for senior management: made from the aims and from what improvement work says."""
