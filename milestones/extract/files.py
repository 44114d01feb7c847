"""The names of the files of an extract (`domain.md` 3.6, `design.md` 7)."""

CHILDREN = "children.csv"
IDENTITIES = "identities.csv"
EPISODES = "episodes.csv"
PLACEMENTS = "placements.csv"
LEGAL = "legal.csv"
EVENTS = "events.csv"

# In the order in which people name them; names of children are sent or not.
LAYOUT_FILES = (CHILDREN, EPISODES, PLACEMENTS, LEGAL, EVENTS, IDENTITIES)
