#!/usr/bin/env bash
# Hansard
# SPDX-License-Identifier: Apache-2.0
#
# Runs once, when the server of docker-compose.yml makes its data directory: the role that the
# service logs in as, with its password. The first migration finds it and gives it its rights; it
# makes the other roles itself, without passwords, so that nobody can log in as them over the network.

set -euo pipefail

# psql quotes the password; it never stands in a command line.
psql -v ON_ERROR_STOP=1 --username postgres --dbname postgres <<'SQL'
\set password `cat /run/secrets/service_password`
create role hansard_service
  login noinherit nosuperuser nocreatedb nocreaterole nobypassrls password :'password';
SQL
