"""The caseload list: children looked after, what is due next for each, and who works with them."""
