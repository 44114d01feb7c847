"""The feed: an authority's published figures, for Power BI and other programs that hold a token of it."""
