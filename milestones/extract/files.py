"""The names of the files of an extract (`domain.md` 3.6, `design.md` 7)."""

CHILDREN = "children.csv"
IDENTITIES = "identities.csv"
EPISODES = "episodes.csv"
PLACEMENTS = "placements.csv"
LEGAL = "legal.csv"
EVENTS = "events.csv"
