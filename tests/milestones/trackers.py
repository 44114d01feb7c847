"""A panel's tracker beside the case system's extract: taken in, and what milestones a child has then."""

from milestones.models import Milestone
from tests.milestones.extracts import take_in


def of_tracker(extract, day="2018-12-01", *options):
    take_in(extract.write(), "--source", "Panel tracker", *options, day=day)


def milestones(ref="A1"):
    return {(row.kind, str(row.happened_on)) for row in Milestone.objects.standing().filter(child__local_ref=ref)}
