# Sourced by demo.sh and test.sh: makes the environment from the hash-pinned lock, once per lock. Needs Python 3.11 or 3.12 with venv.
set -eu
ROOT=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
cd "$ROOT"

find_python() {
    for name in python3.12 python3.11 python3; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys, venv, ensurepip; sys.exit(not ((3, 11) <= sys.version_info[:2] < (3, 13)))' >/dev/null 2>&1; then
            echo "$name"
            return
        fi
    done
    echo "Cần Python 3.11 hoặc 3.12 có venv (Debian/Ubuntu: apt install python3-venv)." >&2
    exit 3
}

# make_environment LOCK: .venv holds exactly the packages of the lock; a stamp says which lock it was made from.
make_environment() {
    lock=$1
    stamp=".venv/made-from-$(sha256sum "$lock" | cut -c1-16)"
    # The tests' lock holds everything the runtime's lock does.
    if [ -e "$stamp" ] || { [ "$lock" = deploy/runtime.lock ] && [ -e ".venv/made-from-$(sha256sum deploy/tests.lock | cut -c1-16)" ]; }; then
        return
    fi
    python=$(find_python) || exit 3
    echo "Chuẩn bị môi trường (một lần, vài phút)…" >&2
    [ -x .venv/bin/python ] || "$python" -m venv .venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$lock"
    touch "$stamp"
}
