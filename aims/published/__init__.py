"""Published months: aggregates of an authority's aims that may leave it, frozen and through disclosure control."""
