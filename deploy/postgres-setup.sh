#!/bin/sh
# Runs once, when the container's cluster is new: roles, schemas and publication, by the same SQL that the quickstart runs.
set -eu
settings="-c holdfast.services=orders,inventory,wallet,payment,saga"
for role in orders inventory wallet payment saga relay; do
  settings="$settings -c holdfast.password_$role=${HOLDFAST_ROLE_PASSWORD:-holdfast}"
done
PGOPTIONS=$settings psql -v ON_ERROR_STOP=1 -U "${POSTGRES_USER:-postgres}" -d "${POSTGRES_DB:-holdfast}" \
  -f /setup/database-setup.sql
