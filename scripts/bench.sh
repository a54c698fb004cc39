#!/usr/bin/env bash
# Measures the service in release beside pgbench running the same SQL on the same data. Quote ratios, not times.
# Needs wrk and PostgreSQL's pgbench. The server's memory is read before and under load.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${BENCH_SECONDS:-6}
connections=${BENCH_CONNECTIONS:-16}
binary="${CARGO_TARGET_DIR:-target}/release/ngayhoi"
command -v wrk >/dev/null || { echo "bench: install wrk first (Debian: apt-get install wrk)" >&2; exit 1; }
[ -x "$binary" ] || cargo build --release --locked

data=$(mktemp -d "${TMPDIR:-/tmp}/ngayhoi-bench.XXXXXX")
log="$data/serve.log"
export NGAYHOI_DATA_DIR="$data" NGAYHOI_LISTEN="127.0.0.1:${BENCH_PORT:-18099}" NGAYHOI_LOG=warn NGAYHOI_RATE_LIMIT=1000000
base="http://$NGAYHOI_LISTEN"
server=
stop() { [ -z "$server" ] || { kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; }; rm -rf "$data"; }
trap stop EXIT

"$binary" serve --demo >"$log" 2>&1 &
server=$!
for _ in $(seq 300); do
  if (exec 3<>"/dev/tcp/127.0.0.1/${NGAYHOI_LISTEN##*:}") 2>/dev/null && "$binary" healthcheck 2>/dev/null; then break; fi
  kill -0 "$server" 2>/dev/null || { cat "$log" >&2; exit 1; }
  sleep 0.2
done
"$binary" seed bench >/dev/null

socket="$data/socket"
pgbin=$(dirname "$(command -v pgbench || ls -d /usr/lib/postgresql/*/bin/pgbench | sort -V | tail -n 1)")
sql() { "$pgbin/psql" -h "$socket" -U ngayhoi -d ngayhoi -Atqc "$1"; }
sql 'VACUUM ANALYZE'
field() { python3 -c 'import json,sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }
password=$(python3 -c 'import json,sys; print([u for u in json.load(open(sys.argv[1])) if u["role"]=="provincial_administrator"][0]["password"])' "$data/demo-users.json")
username=$(python3 -c 'import json,sys; print([u for u in json.load(open(sys.argv[1])) if u["role"]=="provincial_administrator"][0]["username"])' "$data/demo-users.json")
BENCH_TOKEN=$(curl -s "$base/api/v1/auth/login" -H 'Content-Type: application/json' -d "{\"username\":\"$username\",\"password\":\"$password\"}" | field access_token)
export BENCH_TOKEN BENCH_SITES="$data/sites.txt" BENCH_PARTICIPANTS="$data/participants.txt"
sql 'SELECT id FROM sites ORDER BY id' >"$BENCH_SITES"
sql 'SELECT id FROM participants ORDER BY md5(id::text) LIMIT 20000' >"$BENCH_PARTICIPANTS"
path=$(sql "SELECT u.path FROM campaigns c JOIN org_units u ON u.id = c.org_unit_id")
campaign=$(sql 'SELECT id FROM campaigns')
memory() { awk '/VmRSS/ {printf "%.1f MiB", $2 / 1024}' "/proc/$server/status"; }

http() { # name, then wrk's arguments
  wrk -t1 -c"$connections" -d"${seconds}s" "${@:2}" >"$data/wrk.out"
  if grep -q 'Non-2xx' "$data/wrk.out"; then grep 'Non-2xx' "$data/wrk.out" >&2; fi
  awk '/Requests\/sec/ {print $2}' "$data/wrk.out"
}
pgbench() { # script files
  local arguments=()
  for file in "$@"; do arguments+=(-f "$file"); done
  "$pgbin/pgbench" -h "$socket" -U ngayhoi -n -M prepared -c "$connections" -j 1 -T "$seconds" "${arguments[@]}" ngayhoi 2>"$data/pgbench.err" | awk '/^tps/ {print $3}' || { cat "$data/pgbench.err" >&2; return 1; }
}
report() { python3 -c 'import sys; n,h,p,w=sys.argv[1:]; h=float(h); p=float(p); print(f"{n:<22}{h:>10.0f}/s  pgbench {p:>10.0f}/s  ratio {h/p:5.2f}  (wanted {w})")' "$@"; }

# What starting took is given back within two seconds.
sleep 3
echo "idle memory: $(memory)"
columns='sites.campaign_id, sites.id, sites.org_unit_id, sites.admin_unit_id, sites.name, sites.kind, sites.state, sites.pilot_level, sites.address, sites.lat, sites.lon, sites.priority_reasons, sites.suitability_note, sites.decision_reason, sites.capacity, sites.priority_note, sites.starts_at, sites.ends_at, sites.nominated_by, sites.nominated_at, sites.decided_at, sites.held_at, sites.closed_at, sites.version, sites.created_at, sites.updated_at'
counts="(SELECT ARRAY[count(*), count(a.item_id), count(*) FILTER (WHERE a.verdict = 'met'), count(*) FILTER (WHERE i.is_required AND a.verdict = 'not_met'), count(*) FILTER (WHERE i.is_required), count(*) FILTER (WHERE i.is_required AND (a.verdict IS NULL OR a.verdict = 'not_met'))] FROM checklist_items i LEFT JOIN site_checklist_answers a ON a.campaign_id = sites.campaign_id AND a.site_id = sites.id AND a.item_id = i.id WHERE i.campaign_id = sites.campaign_id AND i.is_active)"
scoped="sites.org_unit_id IN (SELECT id FROM org_units WHERE starts_with(path, '$path'))"

i=0
for id in $(head -n 40 "$BENCH_SITES"); do
  i=$((i + 1)); echo "SELECT $columns, $counts FROM sites WHERE sites.id = '$id' AND $scoped LIMIT 1;" >"$data/one$i.sql"
done
one_pg=$(pgbench "$data"/one*.sql)
one=$(http one -s load/get_one.lua "$base")
report 'read one site' "$one" "$one_pg" '>= 0.6'

echo "SELECT $columns, $counts FROM sites WHERE $scoped AND sites.campaign_id = '$campaign' ORDER BY sites.id LIMIT 51;" >"$data/page.sql"
page_pg=$(pgbench "$data/page.sql")
page=$(http page -H "Authorization: Bearer $BENCH_TOKEN" "$base/api/v1/sites?campaign_id=$campaign&limit=50")
report 'page of 50 sites' "$page" "$page_pg" '>= 0.6'

i=0
actor=$(sql "SELECT id FROM users WHERE username = '$username'")
body=$(sed -e 's/--.*$//' src/check_ins/log.sql | tr '\n' ' ')
for id in $(head -n 100 "$BENCH_PARTICIPANTS"); do
  i=$((i + 1))
  # A new id for each operation, as the service makes one.
  python3 - "$body" "$id" "$actor" "$path" >"$data/checkin$i.sql" <<'PY'
import sys
body, participant, actor, path = sys.argv[1:]
values = {1: "(SELECT ARRAY[id] FROM op)", 2: f"ARRAY['{participant}']::uuid[]", 3: f"ARRAY['{actor}']::uuid[]", 4: "(SELECT ARRAY[id] FROM op)",
          5: "ARRAY['entry']", 6: "ARRAY[now()]", 7: "ARRAY[now()]", 8: f"ARRAY['{actor}']::uuid[]", 9: f"ARRAY['{path}']",
          10: "ARRAY[NULL]", 11: "ARRAY[NULL]"}
for n in sorted(values, reverse=True):
    body = body.replace(f"${n}", values[n])
print("WITH op AS MATERIALIZED (SELECT gen_random_uuid() AS id)," + body.strip()[4:] + ";")
PY
done
check_pg=$(pgbench "$data"/checkin*.sql)
check=$(http check -s load/check_in.lua "$base")
report 'check-in' "$check" "$check_pg" '>= 0.9'

dash=$(http dash -H "Authorization: Bearer $BENCH_TOKEN" "$base/api/v1/dashboard/overview?campaign_id=$campaign")
python3 -c 'import sys; name = "dashboard"; print(f"{name:<22}{float(sys.argv[1]):>10.0f}/s  (wanted >= 10000)")' "$dash"
echo "memory under load: $(memory)"

# Files of guests: rows a second from the first to the last, by the times that the import itself has.
guests() { # format, rows, names that no other file has
  python3 - "$@" <<'PY'
import json, sys
kind, rows, mark = sys.argv[1], int(sys.argv[2]), sys.argv[3]
if kind == "csv":
    print("Loại;Thành phần;Họ và tên;Chức vụ;Đơn vị")
for n in range(rows):
    name, title, body = f"Nguyễn Văn {mark} {n}", f"Tổ viên tổ {n % 50}", f"Bản số {n % 300}, xã Mường Lai"
    if kind == "csv":
        print(f"Cá nhân;resident;{name};{title};{body}")
    else:
        print(json.dumps({"kind": "person", "category": "resident", "full_name": name, "title": title, "organisation": body}, ensure_ascii=False))
PY
}
import() { # format, media type, rows, mark, site
  guests "$1" "$3" "$4" >"$data/guests"
  local id state=queued
  id=$(curl -s "$base/api/v1/participant-imports?site_id=$5" -H "Authorization: Bearer $BENCH_TOKEN" -H "Content-Type: $2" --data-binary "@$data/guests" | field id)
  while [ "$state" = queued ] || [ "$state" = running ]; do
    sleep 0.2
    state=$(sql "SELECT state FROM participant_imports WHERE id = '$id'")
  done
  sql "SELECT added_count / extract(epoch FROM finished_at - started_at) FROM participant_imports WHERE id = '$id' AND state = 'done' AND added_count = $3"
}
site=$(head -n 1 "$BENCH_SITES")
for kind in ndjson:application/x-ndjson csv:text/csv; do
  speed=$(import "${kind%%:*}" "${kind#*:}" 10000 "${kind%%:*}" "$site")
  python3 -c 'import sys; n, s = sys.argv[1:]; print(f"{n:<22}{float(s):>10.0f}/s  (wanted >= 15000)")' "import ${kind%%:*}" "$speed"
done
before=$(memory)
speed=$(import ndjson application/x-ndjson "${BENCH_IMPORT_ROWS:-1000000}" many "$(sed -n 2p "$BENCH_SITES")")
python3 -c 'import sys; r, s, b, a = sys.argv[1:]; print(f"import of {r} rows: {float(s):.0f}/s, memory {b} before, {a} after")' "${BENCH_IMPORT_ROWS:-1000000}" "$speed" "$before" "$(memory)"

wrong=$(sql "SELECT count(*) FROM site_counters c JOIN (SELECT campaign_id, site_id, sum(entry_count) AS entries, count(*) FILTER (WHERE entry_count > 0) AS persons, count(*) FILTER (WHERE is_present AND entry_count > 0) AS present FROM participants GROUP BY 1, 2) r USING (campaign_id, site_id) WHERE (c.entries, c.persons, c.present) IS DISTINCT FROM (r.entries, r.persons, r.present)")
echo "counters that differ from a recount: $wrong"
[ "$wrong" = 0 ]
