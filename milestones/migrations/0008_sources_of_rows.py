"""Give each imported row its source: all of them were those of one, as each extract replaced what any other had said."""

from django.db import migrations
from django.db.models import OuterRef, Q, Subquery

KEPT = (
    ("children", "CareEpisode"),
    ("children", "Placement"),
    ("children", "LegalBasis"),
    ("milestones", "Milestone"),
)


def give_sources(apps, schema_editor):
    run_model = apps.get_model("milestones", "ImportRun")
    child_model = apps.get_model("children", "Child")
    source_model = apps.get_model("children", "ExtractSource")
    imported = Q(origin="extract") | Q(last_extract_on__isnull=False)
    authorities = {*run_model.objects.values_list("authority", flat=True).order_by().distinct()}
    authorities |= {*child_model.objects.filter(imported).values_list("authority", flat=True).order_by().distinct()}
    for authority in sorted(authorities):
        _sources_of(authority, run_model.objects.filter(authority=authority), source_model.objects)
    by_authority = dict(source_model.objects.filter(is_default=True).values_list("authority", "pk"))
    for authority, source in by_authority.items():
        child_model.objects.filter(imported, authority=authority).update(extract_source=source)
        for app, name in KEPT:
            rows = apps.get_model(app, name).objects.filter(child__authority=authority)
            rows.filter(Q(origin="extract") | Q(extract_said__isnull=False)).update(extract_source=source)
    listed_model = apps.get_model("children", "Listed")
    seen = child_model.objects.filter(last_extract_on__isnull=False).order_by("pk")
    listed_model.objects.bulk_create(
        (
            listed_model(child_id=child, source_id=by_authority[authority], last_on=day)
            for child, authority, day in seen.values_list("pk", "authority", "last_extract_on").iterator()
        ),
        batch_size=2_000,
    )


def _sources_of(authority, runs, sources):
    """The source of all rows, by the name that people gave the last extract; spreadsheets of other names as well."""
    taken_in = runs.filter(state="applied").exclude(source_called="").order_by("applied_at")
    last = taken_in.filter(mapping__isnull=True).last() or taken_in.last()
    name = _words(last.source_called) if last else ""
    default = sources.create(
        authority_id=authority,
        name=name or "Case system",
        known_as=_plain(name or "Case system"),
        is_whole=True,
        is_default=True,
    )
    by_name = {default.known_as: default}
    for run in runs:
        known_as = _plain(run.source_called)
        if run.mapping is None or not known_as:
            run.source = default
        else:
            if known_as not in by_name:
                by_name[known_as] = sources.create(
                    authority_id=authority, name=_words(run.source_called), known_as=known_as, is_whole=False
                )
            run.source = by_name[known_as]
        run.save(update_fields=["source"])


def _words(name):
    return " ".join(name.split())


def _plain(name):
    return _words(name).casefold()[:80]


def name_runs(apps, schema_editor):
    apps.get_model("milestones", "ImportRun").objects.update(
        source_called=Subquery(
            apps.get_model("children", "ExtractSource").objects.filter(pk=OuterRef("source")).values("name")[:1]
        )
    )


class Migration(migrations.Migration):

    dependencies = [
        ('milestones', '0007_sources'),
    ]

    operations = [
        migrations.RunPython(give_sources, name_runs),
    ]
