#!/usr/bin/env bash
# The contract: the committed OpenAPI document is the one the program prints, and four linters find no fault in it.
# Needs Python and, for the tools, the npm and PyPI package registries at the first run.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
here="$root/tests/contract"
export PATH="$PATH:$HOME/.cargo/bin" REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
# shellcheck source=tests/tools.sh
. "$root/tests/tools.sh"

failed=0
check() {
    local name=$1 output
    shift
    if output=$("$@" 2>&1); then
        echo "contract: $name: passed"
    else
        failed=$((failed + 1))
        printf '%s\ncontract: %s: FAILED\n' "$output" "$name"
    fi
}

is_committed() {
    cargo run --quiet --locked --bin ngayhoi -- openapi | diff -u openapi/openapi.json - | head -40
    test "${PIPESTATUS[1]}" = 0 || {
        echo "openapi/openapi.json is not what the program prints: run 'make openapi' and commit it."
        return 1
    }
}

provide_node
provide_modules "$here"
provide_python contract "$here/requirements.txt"
cd "$root"
document=openapi/openapi.json

check "committed document is the program's" is_committed
check "openapi-spec-validator" "$venv/bin/openapi-spec-validator" "$document"
check "Spectral spectral:oas, no warning" "$here/node_modules/.bin/spectral" lint --fail-severity=hint \
    --ruleset "$here/spectral.yaml" "$document"
check "Spectral OWASP API Security, no warning" "$here/node_modules/.bin/spectral" lint --fail-severity=hint \
    --ruleset "$here/spectral-owasp.mjs" "$document"
check "Redocly recommended-strict" "$here/node_modules/.bin/redocly" lint --config "$here/redocly.yaml" "$document"

[ "$failed" = 0 ] || exit 1
