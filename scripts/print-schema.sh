#!/usr/bin/env bash
# Regenerates src/schema.rs from a migrated database: DATABASE_URL=… scripts/print-schema.sh
# Needs the diesel command (cargo install diesel_cli --no-default-features --features postgres).
set -euo pipefail
cd "$(dirname "$0")/.."
: "${DATABASE_URL:?set DATABASE_URL to a migrated database}"
diesel print-schema >src/schema.rs
# PostgreSQL cannot say that the elements of an array are not null; ours never are.
sed -i 's/Array<Nullable<Text>>/Array<Text>/' src/schema.rs
