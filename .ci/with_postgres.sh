#!/usr/bin/env bash
# Run a command with DATABASE_URL set to a PostgreSQL server of its own, started here and stopped afterwards.
set -euo pipefail
BIN=${PG_BIN:-$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)}
DIR=$(mktemp -d /tmp/pace-postgres.XXXXXX)
WORK=$PWD
as_postgres() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups -- "$@"; else "$@"; fi; }
[ "$(id -u)" = 0 ] && chown postgres:postgres "$DIR"
chmod 711 "$DIR"
stop() { cd /tmp; as_postgres "$BIN/pg_ctl" -D "$DIR/data" -m immediate -w stop >/dev/null 2>&1 || true; rm -rf "$DIR"; }
trap stop EXIT
cd /tmp
as_postgres "$BIN/initdb" -D "$DIR/data" -U pace -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
as_postgres "$BIN/pg_ctl" -D "$DIR/data" -w -t 30 -l "$DIR/log" start -o \
  "-k $DIR -c listen_addresses='' -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c wal_level=minimal -c max_wal_senders=0" >/dev/null
as_postgres "$BIN/createdb" -h "$DIR" -U pace pace
cd "$WORK"
DATABASE_URL="postgres://pace@/pace?host=$DIR" "$@"
