"""How long a child's record stays as it is, what is left of it afterwards, and what people ask about their own."""
