"""How the number of findings went from month end to month end, for the teams that a person reaches."""

from dataclasses import dataclass
from datetime import date

from milestones.models import MonthOfFindings
from milestones.quality.declaration import DECLARED, SEVERITIES
from milestones.quality.look_through import MONTHS_COUNTED
from pace_site.accounts.models import User
from pace_site.accounts.scope import scope_of
from pace_site.front.data_quality.seen import Chosen
from pace_site.front.data_quality.teams import team_key

# The drawing: in the units of its view box.
WIDTH, HEIGHT, LEFT, FOOT, HEAD = 640, 190, 44, 24, 14
LATE_COUNT = 45  # days after which a month was not counted soon


@dataclass(frozen=True)
class Bar:
    severity: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Month:
    """One month end: findings by severity, how many of all are accepted, and whether it was counted soon after."""

    end: date
    counts: tuple[int, ...]
    accepted: int
    counted_on: date

    @property
    def findings(self) -> int:
        return sum(self.counts)

    @property
    def counted_later(self) -> bool:
        return (self.counted_on - self.end).days > LATE_COUNT


@dataclass(frozen=True)
class Trend:
    months: list[Month]

    @property
    def counted_later(self) -> list[Month]:
        return [month for month in self.months if month.counted_later]

    @property
    def summary(self) -> str:
        first, last = self.months[0], self.months[-1]
        change = last.findings - first.findings
        how = "as many as" if not change else f"{abs(change):,} {'more' if change > 0 else 'fewer'} than"
        return (
            f"{last.findings:,} findings at the end of {last.end:%B %Y}, {how} at the end of {first.end:%B %Y} "
            f"({first.findings:,})."
        )

    @property
    def highest(self) -> int:
        return max((month.findings for month in self.months), default=0)

    @property
    def bars(self) -> list[Bar]:
        """The stacked bars, errors at the foot."""
        highest = max(self.highest, 1)
        step = (WIDTH - LEFT) / max(len(self.months), 1)
        bars = []
        for number, month in enumerate(self.months):
            foot = HEIGHT - FOOT
            for severity, count in zip(SEVERITIES, month.counts, strict=True):
                height = round(count / highest * (HEIGHT - FOOT - HEAD), 1)
                foot -= height
                if count:
                    bars.append(
                        Bar(severity, round(LEFT + number * step + 4, 1), round(foot, 1), round(step - 8, 1), height)
                    )
        return bars

    @property
    def labels(self) -> list[tuple[float, str]]:
        """Where the name of each third month stands."""
        step = (WIDTH - LEFT) / max(len(self.months), 1)
        return [
            (round(LEFT + (number + 0.5) * step, 1), f"{month.end:%b %y}")
            for number, month in enumerate(self.months)
            if (len(self.months) - 1 - number) % 3 == 0
        ]


def trend_of(user: User, chosen: Chosen) -> Trend | None:
    """The counted months of what `user` reaches; None for people without a team, and before the first count."""
    scope = scope_of(user)
    if chosen.is_wrong or not (scope.whole_authority or scope.team_ids):
        return None
    rows = MonthOfFindings.objects.visible_to(user).order_by("-month_end")[:MONTHS_COUNTED]
    months = [_month(row, chosen, None if scope.whole_authority else scope.team_ids) for row in rows]
    return Trend(months[::-1]) if months else None


def _month(row: MonthOfFindings, chosen: Chosen, teams: frozenset[int] | None) -> Month:
    counts, accepted_of_all = dict.fromkeys(SEVERITIES, 0), 0
    for team, rule, findings, accepted in row.counts:
        key = team_key(team)
        mine = teams is None or team in teams
        if rule not in DECLARED or not mine or (chosen.team and key != chosen.team):
            continue
        severity = DECLARED[rule].severity
        if (chosen.rule and rule != chosen.rule) or (chosen.severity and severity != chosen.severity):
            continue
        part = {"": findings, "open": findings - accepted, "accepted": accepted}[chosen.state]
        counts[severity] += part
        accepted_of_all += accepted
    return Month(row.month_end, tuple(counts.values()), accepted_of_all, row.counted_on)
