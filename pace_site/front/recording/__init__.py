"""Recording: the forms of everything that happens to a child, what each would change, and corrections."""
