"""The national dataset: a monthly file of each authority's accommodation clocks by pseudonym, sent and taken in."""
