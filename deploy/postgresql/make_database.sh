#!/bin/sh
# Run once by the image of PostgreSQL, when its volume is new: a role that owns its database and is no superuser.
# CREATEDB is for `backup --verify`, which restores each backup into a scratch database.
set -eu
password=$(cat "${DATABASE_PASSWORD_FILE:-/run/secrets/database_password}")
psql --no-psqlrc --set ON_ERROR_STOP=1 --set password="$password" --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
CREATE ROLE pace LOGIN CREATEDB PASSWORD :'password';
CREATE DATABASE pace OWNER pace;
REVOKE ALL ON DATABASE pace FROM PUBLIC;
-- The disk is no spinning one: else a council's records are read by scanning those of all councils (docs/scaling.md).
ALTER DATABASE pace SET random_page_cost = 1.1;
SQL
