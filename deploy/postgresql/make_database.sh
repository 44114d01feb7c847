#!/bin/sh
# Run once by the image of PostgreSQL, when its volume is new: a role that owns its database and is no superuser.
# CREATEDB is for `backup --verify`, which restores each backup into a scratch database.
set -eu
export DATABASE_PASSWORD_FILE="${DATABASE_PASSWORD_FILE:-/run/secrets/database_password}"
test -r "$DATABASE_PASSWORD_FILE"
# The password is read by psql itself: on a command line others on the machine would see it.
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\set password `cat "$DATABASE_PASSWORD_FILE"`
CREATE ROLE pace LOGIN CREATEDB PASSWORD :'password';
CREATE DATABASE pace OWNER pace;
REVOKE ALL ON DATABASE pace FROM PUBLIC;
-- The disk is no spinning one: else a council's records are read by scanning those of all councils (docs/scaling.md).
ALTER DATABASE pace SET random_page_cost = 1.1;
-- Compiling a question takes longer than any of ours: 0.7 s for one that takes 3 ms.
ALTER DATABASE pace SET jit = off;
SQL
