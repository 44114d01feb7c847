"""Invented people and places. Family names are of storybooks and orchards, so that nobody takes them for real."""

from dataclasses import dataclass
from random import Random

from pace_site.accounts.roles import Role
from pace_site.front.fiction.recipe import one_of

# fmt: off
GIRLS = (
    "Ailsa", "Bonnie", "Catriona", "Eilidh", "Fern", "Heather", "Iona", "Isla", "Juniper", "Kirsty", "Lorna", "Mairi",
    "Morven", "Orla", "Rowan", "Shona", "Skye", "Willow",
)
BOYS = (
    "Alasdair", "Brodie", "Callum", "Duncan", "Euan", "Finlay", "Fraser", "Gregor", "Hamish", "Innes", "Jock",
    "Lachlan", "Murdo", "Ned", "Rory", "Struan", "Tam", "Wren",
)
FAMILY_STARTS = (
    "Apple", "Bramble", "Clover", "Damson", "Elder", "Fiddle", "Gooseberry", "Hazel", "Ivy", "Juniper", "Marrow",
    "Nettle", "Pippin", "Quince", "Russet", "Sorrel", "Thistle", "Turnip", "Walnut", "Wimble",
)
FAMILY_ENDS = (
    "bottom", "burn", "button", "dale", "down", "garth", "kin", "mere", "nook", "sock", "thwaite", "toes", "whistle",
    "wick", "wig", "worthy",
)
# fmt: on
ETHNICITIES = ("White Scottish", "White Scottish", "White Scottish", "White other", "Mixed", "Asian", "African", "")
DISABILITIES = ("None", "None", "None", "None", "", "Learning disability", "Physical disability")
# A locality belongs to the team at its place in the list, counted round; the last team has no locality of its own.
LOCALITIES = ("Pippinbank", "Russet Hill", "Cider Bay", "Costard Moor", "Windfall", "Upper Russet", "Orchard Bay")
TEAM_NAMES = ("Pippinbank and Windfall", "Russet Hill", "Cider Bay", "Costard Moor", "Children with disabilities")


@dataclass(frozen=True)
class Staff:
    """One made-up member of staff; the family name hints at the role."""

    role: Role
    given_name: str
    family_name: str

    def email(self, domain: str) -> str:
        """The sign-in address: pace.lead@braeburn.example."""
        return f"{self.role.value.replace('_', '.')}@{domain}"


BRAEBURN_STAFF = (
    Staff(Role.PRACTITIONER, "Una", "Workaday"),
    Staff(Role.TEAM_MANAGER, "Tobias", "Teamly"),
    Staff(Role.IRO, "Irene", "Reviewell"),
    Staff(Role.PANEL_ADMINISTRATOR, "Pansy", "Panelton"),
    Staff(Role.LEGAL, "Lachlan", "Lawmore"),
    Staff(Role.ADM, "Agnes", "Decisive"),
    Staff(Role.DATA_LEAD, "Dougal", "Datum"),
    Staff(Role.PACE_LEAD, "Petra", "Paceley"),
    Staff(Role.ADMINISTRATIVE_LEAD, "Adam", "Minuteman"),
    Staff(Role.AIM_GROUP_LEAD, "Gail", "Aimsworth"),
    Staff(Role.CHAMPION, "Charlie", "Championby"),
    Staff(Role.SENIOR_LEADER, "Selma", "Seniorly"),
    Staff(Role.IG_AUDITOR, "Ignatius", "Auditson"),
    Staff(Role.SYSTEM_ADMINISTRATOR, "Sybil", "Systemson"),
)
GLENMORE_STAFF = (
    Staff(Role.PRACTITIONER, "Walter", "Caseby"),
    Staff(Role.TEAM_MANAGER, "Tilda", "Teamster"),
    Staff(Role.DATA_LEAD, "Delia", "Dataday"),
    Staff(Role.PACE_LEAD, "Percy", "Pacemore"),
    Staff(Role.CHAMPION, "Cora", "Championwell"),
)
ANALYST = Staff(Role.NATIONAL_ANALYST, "Nairn", "Nationwide")


def family_name(rng: Random) -> str:
    return one_of(rng, FAMILY_STARTS) + one_of(rng, FAMILY_ENDS)


def given_name(rng: Random, sex: str) -> str:
    """A given name; any of them where the sex is neither."""
    return one_of(rng, {"F": GIRLS, "M": BOYS}.get(sex, GIRLS + BOYS))
