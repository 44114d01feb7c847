"""Rules about what the last extract said otherwise than the one before (`domain.md` 3.7)."""

from children.models import CareEpisode, Child, Origin
from milestones.quality.declaration import WARNING, rule
from pace_site.look.words import british_date

IDENTITY = {"date_of_birth": "date of birth", "sex": "sex", "ethnicity": "ethnic group"}


@rule(
    11,
    WARNING,
    name="Open before, absent from the last extract",
    to_do="Find out what became of the child and record the end of the episode: discharged, adopted or transferred.",
    fields=("episode.end",),
    perhaps=("episode.start", "episode.end"),
)
def open_before_and_absent_now(record, as_at):
    """The child, or the episode that was open, is no longer in the last extract of a source up to the day.

    Councils' extracts often leave out those who were adopted, which makes figures look worse than they are. Only
    sources with the full list of children are asked, and each is compared with itself.
    """
    for source, extract in record.around.last_extracts(record.child, as_at):
        if not source.is_whole:
            continue
        seen = record.around.seen.get((record.child.pk, source.pk))
        if seen is not None and seen < extract:
            for row in record.open_episodes:
                if row.origin == Origin.EXTRACT and row.extract_source_id == source.pk and row.start <= seen:
                    yield (
                        f"The child was looked after in the extract of {british_date(seen)} and is missing from the "
                        f"one of {british_date(extract)}. Record how this episode of care ended.",
                        row,
                    )
        for change in record.around.changed_by(source, extract, record.child):
            gone = change.record_type == CareEpisode._meta.model_name and change.after is None
            if gone and change.before.get("end") is None:
                yield (
                    f"The extract of {british_date(extract)} no longer has an open episode of care that the one before "
                    "had: it is gone, or begins on another day. Check when the child became looked after.",
                    record.child,
                )


@rule(
    12,
    WARNING,
    name="Identity changed by the extract",
    to_do="Compare with the case system: if this is another child, tell the data lead; else correct what is wrong.",
    fields=("child.date_of_birth", "child.sex", "child.ethnicity"),
)
def identity_changed_by_extract(record, as_at):
    """What was empty before has not changed but become known. The values are not told: they say who the child is."""
    for source, extract in record.around.last_extracts(record.child, as_at):
        for change in record.around.changed_by(source, extract, record.child):
            if change.record_type == Child._meta.model_name:
                changed = [
                    words for name, words in IDENTITY.items() if name in (change.after or {}) and change.before[name]
                ]
                if changed:
                    yield (
                        f"The extract of {british_date(extract)} gave another {' and '.join(changed)} than the one "
                        "before. Check that this is the same child.",
                        record.child,
                    )
