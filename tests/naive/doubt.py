"""Which clocks rest on doubtful data, written a second time: one clock and one finding at a time, in plain words."""

DERIVED = {
    "LAC_START": ["episode"],
    "LAC_END": ["episode"],
    "ACCOM_START": ["episode", "placement"],
    "ACCOM_END": ["episode", "placement"],
    "AT_HOME_CSO_START": ["episode", "placement", "placement.end", "legal"],
    "AT_HOME_CSO_END": ["episode", "placement", "placement.end", "legal"],
    "AT_HOME_2Y": ["episode", "placement", "placement.end", "legal"],
}
FIELDS = {
    "episode": ["episode.start", "episode.end"],
    "placement": ["placement.start", "placement.placement_type", "placement.short_break"],
    "placement.end": ["placement.end"],
    "legal": ["legal.start", "legal.end", "legal.measure"],
}
LEAVING = ("RETURN_HOME", "LA_TRANSFER_OUT", "DEATH")


def is_used(field: str, definition, *, turned_18: bool) -> bool:
    """Whether a clock of the aim looks at a field."""
    table, name = field.split(".")
    if field == "child.date_of_birth":
        return turned_18 or definition.age_min is not None or definition.age_max_exclusive is not None
    start = "PERM_REC" if definition.start_event == "PLAN_AGREED" else definition.start_event
    stops = ["PERM_REC" if code == "PLAN_AGREED" else code for code in definition.stop_event]
    for code in (start, *stops, "ACCOM_START"):  # every clock may end by a return home or the end of care
        if any(field in FIELDS[part] for part in DERIVED.get(code, ())):
            return True
    if (definition.placements_excluded or definition.pathways_excluded) and field == "placement.placement_type":
        return True
    if table in LEAVING:
        return name in ("happened_on", "precision")
    for code in (start, *stops):
        kind = "ADM_DECISION" if code == "ADM_APPROVED" else code
        if table == kind and (name in ("happened_on", "precision") or (kind == "ADM_DECISION" and name == "outcome")):
            return True
    if start == "ACCOM_START":
        if table == "LA_TRANSFER_IN":
            return name in ("happened_on", "first_accommodated_on")
        if field == "PERM_REC.pre_birth":
            return "PERM_REC" in stops or "PERM_DECISION" in stops
    if start in ("PERM_REC", "PPM_DECISION", "ADM_APPROVED"):
        if field in ("PERM_REC.route", "PERM_REC.happened_on"):
            return True
        if field == f"{'ADM_DECISION' if start == 'ADM_APPROVED' else start}.route":
            return True
    return is_of_pathway(field, definition)


def is_of_pathway(field: str, definition) -> bool:
    """Whether a field says on which pathway, or in which placement, the child is."""
    if field == "placement.placement_type":
        return bool(definition.pathways_excluded or definition.placements_excluded)
    pathway = ("PERM_REC.route", "PERM_REC.happened_on", "PPM_DECISION.route", "PPM_DECISION.happened_on")
    return bool(definition.pathways_excluded) and field in pathway


def is_doubtful(row, spell_start, definition, findings, as_at) -> bool:
    """Whether one of the findings of the clock's child touches what it used in its own time."""
    first = min(day for day in (row.start, row.stop, spell_start) if day is not None)
    last = row.stop or row.exit or as_at
    last = max(last, row.start)
    for finding in findings:
        if finding.child_id != row.child_id or finding.severity == "I" or finding.rule in (33, 34, 35, 36):
            continue
        for about in finding.about:
            if not is_used(about.field, definition, turned_18=row.exit_reason == "AGE_18"):
                continue
            if is_of_pathway(about.field, definition) and (about.since is None or about.since <= as_at):
                return True
            if about.since is not None and about.since > last:
                continue
            if about.until is not None and about.until < first:
                continue
            return True
    return False
