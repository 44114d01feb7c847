"""The national view: aggregates of all authorities for people of a national body, under disclosure control."""
