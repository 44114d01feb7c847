"""The SQL of the triggers of `revision_triggers.py`: a child has its authority itself, the other rows have a child."""

MARKS = "milestones_revisionmark"
CHILDREN = "children_child"
EVENTS = ("INSERT", "UPDATE", "DELETE")

# A transaction finds its own mark again by a setting that ends with it, and with a savepoint that is rolled back.
POSTGRESQL_FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION pace_renew_revision(authority bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  setting text := 'pace.revision_of_' || authority;
  own bigint := NULLIF(current_setting(setting, true), '')::bigint;
  fresh text := replace(gen_random_uuid()::text, '-', '');
BEGIN
  IF own IS NULL THEN
    SELECT id INTO own FROM "{MARKS}" WHERE authority_id = authority ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED;
  END IF;
  UPDATE "{MARKS}" SET mark = fresh WHERE id = own;
  IF NOT FOUND THEN
    INSERT INTO "{MARKS}" (authority_id, mark) VALUES (authority, fresh) RETURNING id INTO own;
  END IF;
  PERFORM set_config(setting, own::text, true);
END $$;

CREATE OR REPLACE FUNCTION pace_children_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM pace_renew_revision(authority_id) FROM (SELECT DISTINCT authority_id FROM after_it) a;
  ELSIF TG_OP = 'DELETE' THEN
    PERFORM pace_renew_revision(authority_id) FROM (SELECT DISTINCT authority_id FROM before_it) a;
  ELSE
    PERFORM pace_renew_revision(authority_id)
      FROM (SELECT authority_id FROM before_it UNION SELECT authority_id FROM after_it) a;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION pace_of_children_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM pace_renew_revision(authority_id) FROM (SELECT DISTINCT authority_id FROM "{CHILDREN}"
      WHERE id IN (SELECT child_id FROM after_it)) a;
  ELSIF TG_OP = 'DELETE' THEN
    PERFORM pace_renew_revision(authority_id) FROM (SELECT DISTINCT authority_id FROM "{CHILDREN}"
      WHERE id IN (SELECT child_id FROM before_it)) a;
  ELSE
    PERFORM pace_renew_revision(authority_id) FROM (SELECT DISTINCT authority_id FROM "{CHILDREN}"
      WHERE id IN (SELECT child_id FROM before_it UNION SELECT child_id FROM after_it)) a;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION pace_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "{MARKS}" SET mark = replace(gen_random_uuid()::text, '-', '');
  RETURN NULL;
END $$;
"""  # nosec B608 # our own names, here and below
_SEEN = {
    "INSERT": "NEW TABLE AS after_it",
    "UPDATE": "OLD TABLE AS before_it NEW TABLE AS after_it",
    "DELETE": "OLD TABLE AS before_it",
}


def postgresql_triggers(tables: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """Name to table and statement."""
    made = {}
    for table in tables:
        function = "pace_children_written" if table == CHILDREN else "pace_of_children_written"
        for event in EVENTS:
            name = f"revision_{table}_{event.lower()}"
            made[name] = (
                table,
                (
                    f'CREATE TRIGGER {name} AFTER {event} ON "{table}" REFERENCING {_SEEN[event]} '
                    f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
                ),
            )
        name = f"revision_{table}_truncate"
        made[name] = (
            table,
            (f'CREATE TRIGGER {name} AFTER TRUNCATE ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION pace_emptied()'),
        )
    return made


def sqlite_triggers(tables: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """Name to table and statement, which SQLite keeps word for word."""
    return {
        f"revision_{table}_{event.lower()}": (
            table,
            f'CREATE TRIGGER revision_{table}_{event.lower()} AFTER {event} ON "{table}" FOR EACH ROW BEGIN '
            f"{_renewed_on_sqlite(event, of_child=table != CHILDREN)} END",
        )
        for table in tables
        for event in EVENTS
    }


_FRESH = "lower(hex(randomblob(16)))"


def _renewed_on_sqlite(event: str, *, of_child: bool) -> str:
    """Renew the mark of the row's authority, or make its first; the row of a child that is gone has none."""
    rows = {"INSERT": ("NEW",), "UPDATE": ("NEW", "OLD"), "DELETE": ("OLD",)}[event]
    authorities = [_authority_of(row, of_child=of_child) for row in rows]
    return (
        f'UPDATE "{MARKS}" SET mark = {_FRESH} WHERE authority_id IN ({", ".join(authorities)}); '
        f'INSERT INTO "{MARKS}" (authority_id, mark) SELECT {authorities[0]}, {_FRESH} '
        f"WHERE changes() = 0 AND {authorities[0]} IS NOT NULL;"  # nosec B608
    )


def _authority_of(row: str, *, of_child: bool) -> str:
    if not of_child:
        return f"{row}.authority_id"
    return f'(SELECT authority_id FROM "{CHILDREN}" WHERE id = {row}.child_id)'  # nosec B608
