"""What a change of many records does to their findings: which are new, and which are gone, by rule.

For a dry run: note the findings inside a transaction before the change and after it, and compare the two.

    before = noted(Child.objects.visible_to(user), as_at=day)
    ...                                                       # apply the extract
    after = noted(Child.objects.visible_to(user), as_at=day)
    for change in compare(before, after): change.rule, change.new, change.gone
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from children.models import Child
from milestones.quality.declaration import DECLARED, SEVERITIES, Rule
from milestones.quality.whole_authority import every_finding


@dataclass(frozen=True, order=True)
class NotedFinding:
    """One finding, known by what it says of whom: rows that are written anew and say the same make no difference."""

    rule: int
    child_ref: str
    message: str


@dataclass(frozen=True)
class RuleChange:
    """What changed under one rule; each list by council reference. `before` and `after` count all its findings."""

    rule: Rule
    before: int
    after: int
    new: tuple[NotedFinding, ...]
    gone: tuple[NotedFinding, ...]


def noted(children: QuerySet[Child], *, as_at: date) -> Counter[NotedFinding]:
    """The findings of `children` as the database has them now; in batches, in a fixed number of queries for each."""
    return Counter(
        NotedFinding(found.rule, child.local_ref, found.message)
        for child, found in every_finding(children, as_at=as_at)
    )


def compare(before: Counter[NotedFinding], after: Counter[NotedFinding]) -> list[RuleChange]:
    """One line for each rule that gained or lost a finding; errors first, then warnings, then information."""
    new, gone = _by_rule((after - before).elements()), _by_rule((before - after).elements())
    counts_before, counts_after = _counts(before), _counts(after)
    severities = list(SEVERITIES)
    changed = sorted(
        (DECLARED[number] for number in new.keys() | gone.keys()),
        key=lambda rule: (severities.index(rule.severity), rule.number),
    )
    return [
        RuleChange(
            rule=rule,
            before=counts_before[rule.number],
            after=counts_after[rule.number],
            new=tuple(sorted(new[rule.number])),
            gone=tuple(sorted(gone[rule.number])),
        )
        for rule in changed
    ]


def _by_rule(found: Iterable[NotedFinding]) -> dict[int, list[NotedFinding]]:
    by_rule = defaultdict(list)
    for each in found:
        by_rule[each.rule].append(each)
    return by_rule


def _counts(found: Counter[NotedFinding]) -> Counter[int]:
    counts = Counter()
    for each, times in found.items():
        counts[each.rule] += times
    return counts
