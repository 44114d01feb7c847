"""What the edition of a row means, which each kind of row that several people write has."""

EDITION = "How often it has been changed, from 1. Whoever saves over a later edition is asked first."
