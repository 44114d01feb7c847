"""Running the site: whether it lives and is ready, what it measures of itself, and what it does by the clock."""
