"""The roles of the field, as stable slugs, and how far each of them reaches.

Source: `domain.md` 8.1. A role is stored by its slug, so renaming a label never locks anybody out.
"""

from dataclasses import dataclass
from enum import Enum

from django.db.models import TextChoices


class Role(TextChoices):
    PRACTITIONER = "practitioner", "Social worker"
    TEAM_MANAGER = "team_manager", "Team manager"
    IRO = "iro", "Independent reviewing officer"
    PANEL_ADMINISTRATOR = "panel_administrator", "Panel administrator"
    LEGAL = "legal", "Legal adviser"
    ADM = "adm", "Agency decision maker"
    DATA_LEAD = "data_lead", "Data lead"
    PACE_LEAD = "pace_lead", "PACE lead"
    ADMINISTRATIVE_LEAD = "administrative_lead", "Administrative lead"
    AIM_GROUP_LEAD = "aim_group_lead", "Aim group lead"
    CHAMPION = "champion", "Champion (partner agency)"
    SENIOR_LEADER = "senior_leader", "Senior leader"
    IG_AUDITOR = "ig_auditor", "Information governance auditor"
    SYSTEM_ADMINISTRATOR = "system_administrator", "System administrator"
    NATIONAL_ANALYST = "national_analyst", "National analyst"


class Reach(Enum):
    """Whose records a role reaches, narrowest first."""

    NOTHING = "no child"
    COUNTS = "figures of the authority, no child"
    ASSIGNED = "children allocated to the person"
    TEAM = "children of the person's teams, and those allocated to the person"
    AUTHORITY = "every child of the authority"


@dataclass(frozen=True)
class Grant:
    """What one role may see: how far, whether with names, and whether also records closed by an adoption order."""

    reach: Reach
    identity: bool = False
    adopted: bool = False


ROLE_GRANTS: dict[str, Grant] = {
    Role.PRACTITIONER: Grant(Reach.TEAM, identity=True),
    Role.TEAM_MANAGER: Grant(Reach.TEAM, identity=True),
    Role.IRO: Grant(Reach.ASSIGNED, identity=True),
    Role.PANEL_ADMINISTRATOR: Grant(Reach.ASSIGNED, identity=True),
    Role.LEGAL: Grant(Reach.ASSIGNED, identity=True),
    Role.ADM: Grant(Reach.ASSIGNED, identity=True),
    Role.DATA_LEAD: Grant(Reach.AUTHORITY, identity=True, adopted=True),
    Role.PACE_LEAD: Grant(Reach.AUTHORITY, identity=True, adopted=True),
    Role.ADMINISTRATIVE_LEAD: Grant(Reach.AUTHORITY),
    Role.AIM_GROUP_LEAD: Grant(Reach.AUTHORITY),
    Role.CHAMPION: Grant(Reach.AUTHORITY),
    Role.SENIOR_LEADER: Grant(Reach.COUNTS),
    Role.IG_AUDITOR: Grant(Reach.NOTHING),
    Role.SYSTEM_ADMINISTRATOR: Grant(Reach.NOTHING),
    Role.NATIONAL_ANALYST: Grant(Reach.NOTHING),
}

# A membership of one of these is worth nothing without a team.
TEAM_ROLES = tuple(role for role, grant in ROLE_GRANTS.items() if grant.reach is Reach.TEAM)
