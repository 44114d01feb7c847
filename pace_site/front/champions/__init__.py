"""What the Champions' Group looks at together."""
