"""The names of the files of an extract (`domain.md` 3.6, `design.md` 7)."""

CHILDREN = "children.csv"
IDENTITIES = "identities.csv"
EPISODES = "episodes.csv"
PLACEMENTS = "placements.csv"
LEGAL = "legal.csv"
EVENTS = "events.csv"

# A child before what hangs on it; names of children are sent or not.
LAYOUT_FILES = (CHILDREN, IDENTITIES, EPISODES, PLACEMENTS, LEGAL, EVENTS)
