"""The teams of some children as the addresses and tables of data quality know them, with a key for no team."""

from collections.abc import Iterable

from pace_site.accounts.models import Team, User

NO_TEAM = "none"


def team_key(team_id: int | None) -> str:
    return str(team_id) if team_id else NO_TEAM


def named_teams(keys: Iterable[str], *, to: User) -> dict[str, str]:
    """These teams by key, in order of name; of one that `to` may not see, nothing is said but that it is none."""
    names = {str(pk): name for pk, name in Team.objects.visible_to(to).values_list("pk", "name")}
    return {key: name for name, key in sorted((names.get(key, "No team"), key) for key in set(keys))}
