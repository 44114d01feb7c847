"""People as role words, in what names them and in what people wrote: no name and no address leaves the authority."""

import re
from collections.abc import Iterable, Mapping

from improvement.models import Action, Barrier, GroupMember, TestOfChange
from improvement.sharing.shapes import COLLEAGUE, LEAD, ROLE_WORD
from pace_site.accounts.models import Organisation, User

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
AN_ADDRESS = "an address"


class RoleWords:
    """What the people of an authority are called outside it. Three queries, whatever there is of them."""

    def __init__(self, authority: Organisation):
        members = list(GroupMember.objects.filter(programme__authority=authority).select_related("user").order_by("pk"))
        self._of_member = _numbered([_who(each) for each in members], lead=_lead_of(members))
        self._of_partner = {
            called: self._of_member[_who(each)]
            for each in members
            if each.user_id is None
            for called in (str(each), each.name)
        }
        self._names = {}
        for user in User.objects.filter(organisation=authority):
            word = self._of_member.get(user.pk, COLLEAGUE)
            self._names |= dict.fromkeys(_names_of(user), word)
        partners = [
            partner
            for model, path in ((Action, "meeting__authority"), (Barrier, "authority"))
            for partner in model.objects.filter(**{path: authority}).values_list("partner", flat=True)
        ]
        for partner in partners:
            self._names |= dict.fromkeys(_names_in(partner), self.of_owner(None, partner))
        for each in members:
            self._names |= dict.fromkeys(_names_in(each.name), self.of(each))

    def of(self, member: GroupMember) -> str:
        return self._of_member[_who(member)]

    def of_owner(self, owner: User | None, partner: str) -> str:
        """Somebody who sees to something: a user, or a partner as `str` of a member writes them."""
        if owner is not None:
            return self._of_member.get(owner.pk, COLLEAGUE)
        return partner if ROLE_WORD.fullmatch(partner) else self._of_partner.get(partner, COLLEAGUE)

    def in_text(self, text: str, *, test: TestOfChange | None = None) -> str:
        """A text with role words for names; in a test of change, those of its own lead and members."""
        names = self._names | (_names_of_test(test) if test else {})
        return _replaced(ADDRESS.sub(lambda found: names.get(found[0].casefold(), AN_ADDRESS), text), names)


def _numbered(people: Iterable, *, lead) -> dict:
    """The lead, and the others by number. Who came as "member 3" from another authority stays so."""
    people = list(dict.fromkeys(people))
    words = {who: who for who in people if isinstance(who, str) and ROLE_WORD.fullmatch(who)}
    words |= {lead: LEAD} if lead is not None else {}
    taken, number = set(words.values()), 0
    for who in people:
        if who in words:
            continue
        number = next(each for each in range(number + 1, number + len(people) + 2) if f"member {each}" not in taken)
        words[who] = f"member {number}"
    return words


def _lead_of(members: Iterable[GroupMember]):
    return next((_who(each) for each in members if each.leads), None)


def _who(member: GroupMember) -> int | str:
    return member.user_id or member.name.casefold()


def _names_of(user: User) -> list[str]:
    return [user.email.casefold(), *_names_in(user.get_full_name())]


def _names_in(name: str) -> list[str]:
    """A name as texts have it, without the agency; one word alone may be a word of any text."""
    name = name.partition(",")[0].strip().casefold()
    return [name] if " " in name and not ROLE_WORD.fullmatch(name) else []


def _names_of_test(test: TestOfChange) -> dict[str, str]:
    others = sorted((each for each in test.members.all() if each != test.lead), key=lambda each: each.pk)
    words = {test.lead: LEAD} | {member: f"member {number}" for number, member in enumerate(others, 1)}
    return {name: word for user, word in words.items() for name in _names_of(user)}


def _replaced(text: str, names: Mapping[str, str]) -> str:
    there = [name for name in names if name in text.casefold()]
    if not there:
        return text
    longest_first = sorted(there, key=len, reverse=True)
    pattern = r"(?<!\w)(?:" + "|".join(re.escape(name) for name in longest_first) + r")(?!\w)"
    return re.sub(pattern, lambda found: names.get(found[0].casefold(), COLLEAGUE), text, flags=re.IGNORECASE)
