#!/bin/sh
# Run once by the postgres image on an empty data folder: the three roles and the database (docs/operations.md).
set -eu
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  -v owner="$TOPJOB_OWNER_PASSWORD" -v app="$TOPJOB_APP_PASSWORD" -v destroyer="$TOPJOB_DESTROYER_PASSWORD" <<'SQL'
CREATE ROLE topjob_owner LOGIN PASSWORD :'owner';
CREATE ROLE topjob_app LOGIN PASSWORD :'app';
CREATE ROLE topjob_destroyer LOGIN PASSWORD :'destroyer';
CREATE DATABASE topjob OWNER topjob_owner ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C' TEMPLATE template0;
REVOKE ALL ON DATABASE topjob FROM PUBLIC;
GRANT CONNECT ON DATABASE topjob TO topjob_app, topjob_destroyer;
SQL
