#!/usr/bin/env bash
# The typed clients: generated from the committed document, compiled strictly, and used against a running service.
# Needs Python and, for the tools, the npm and PyPI package registries at the first run.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
here="$root/tests/clients"
document="$root/openapi/openapi.json"
export PATH="$PATH:$HOME/.cargo/bin"
# shellcheck source=tests/tools.sh
. "$root/tests/tools.sh"

provide_program
provide_node
typescript="$root/target/clients/typescript"
mkdir -p "$typescript"
cp "$here"/{package.json,package-lock.json,.npmrc,tsconfig.json,call.ts} "$typescript/"
provide_modules "$typescript"
provide_python clients "$here/requirements.txt"

echo "clients: TypeScript: generate and compile"
(
    cd "$typescript"
    node_modules/.bin/openapi-typescript "$document" --output schema.d.ts >/dev/null
    rm -rf built
    node_modules/.bin/tsc --project .
)

echo "clients: Python: generate and compile"
python="$root/target/clients/python"
rm -rf "$python"
"$venv/bin/openapi-python-client" generate --path "$document" --output-path "$python" \
    --config "$here/python-client.yaml" --fail-on-warning >/dev/null
cp "$here/call.py" "$python/"
"$venv/bin/python" -m compileall -q "$python"
(cd "$python" && "$venv/bin/mypy" --strict --cache-dir ../mypy call.py)

# A service of its own: any free port, a data directory that goes away with it.
data=$(mktemp -d "${TMPDIR:-/tmp}/nh-clients.XXXXXX")
service=
stop() {
    if [ -n "$service" ]; then
        kill "$service" 2>/dev/null || true
        wait "$service" 2>/dev/null || true
    fi
    rm -rf "$data"
}
trap stop EXIT
# Its own logs go to a file: they are shown when it does not come up.
env -u DATABASE_URL NGAYHOI_DATA_DIR="$data/data" NGAYHOI_LISTEN=127.0.0.1:0 \
    "$program" serve --demo >"$data/output" 2>"$data/log" &
service=$!
for _ in $(seq 600); do
    url=$(sed -n 's/^ngayhoi serves on //p' "$data/output")
    [ -z "$url" ] || break
    kill -0 "$service" 2>/dev/null || break
    sleep 0.1
done
if [ -z "$url" ]; then
    cat "$data/log" >&2
    echo "clients: the service did not come up." >&2
    exit 1
fi

node "$typescript/built/call.js" "$url" "$data/data/demo-users.json"
"$venv/bin/python" "$python/call.py" "$url" "$data/data/demo-users.json"
