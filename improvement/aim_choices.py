"""The aims that a form offers."""

from aims.models import Aim
from pace_site.accounts.models import User


def aim_choices(user: User, *, kept: Aim | None = None) -> list[tuple[str, str]]:
    """The aims of the person's authority that are worked on, by key, with their titles; and `kept` in any case."""
    versions = Aim.objects.visible_to(user).current_versions()
    return [
        (str(each.aim_id), f"{each.aim.code}: {each.data['title']}")
        for each in versions
        if each.aim.status != Aim.Status.CLOSED or each.aim == kept
    ]
