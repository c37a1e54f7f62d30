#!/bin/sh
# Everything the other targets stand on: Debian's packages, where they are missing, and .venv.
# Fast when there is nothing to do; `make` calls it before each target.
set -eu

cd "$(dirname "$0")/.."
made_from=.made-from       # in an environment: the lock it was made from, written at the end
unfinished=.unfinished
mesh=.venv-mesh            # NHS England's sandbox of MESH: it pins what we do not
log=var/log/setup.log
root=${COMMONPURSE_SETUP_ROOT:-} # the tests' own file system
rabbitmq=$root/usr/lib/rabbitmq/bin/rabbitmq-server

postgresql_is_there() {
    for bin in "$root"/usr/lib/postgresql/1[5-9]/bin "$root"/usr/lib/postgresql/[2-9][0-9]/bin; do
        [ -x "$bin/initdb" ] && [ -x "$bin/psql" ] && return 0
    done
    return 1
}

# Debian's own Python first; it lacks ensurepip until python3-venv is there.
is_311() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; }
find_python() {
    for candidate in "$root/usr/bin/python3" "$root/usr/bin/python3.11" "$(command -v python3.11 || true)"; do
        if [ -n "$candidate" ] && is_311 "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    echo "Common Purse needs Python 3.11. Install it: sudo apt-get install -y python3" >&2
    exit 1
}

missing_packages() {
    [ -x "$rabbitmq" ] || echo rabbitmq-server
    postgresql_is_there || echo postgresql-15
    are_made || "$python" -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
}

# Run one step: a line on the terminal, the rest in the log; on failure the log's end.
step() {
    what=$1
    shift
    printf '%s ... ' "$what"
    started=$(date +%s)
    if "$@" >>"$log" 2>&1 </dev/null; then
        echo "done ($(($(date +%s) - started)) s)"
        return
    fi
    printf 'failed. The last lines of %s:\n' "$log"
    tail -n 20 "$log" | sed 's/^/  /'
    echo "$next_step"
    exit 1
}

install_packages() {
    by_hand="sudo apt-get install -y --no-install-recommends $*"
    next_step="Install them by hand and run make again: $by_hand"
    if [ "$(id -u)" = 0 ]; then
        step "Installing $*" sh deploy/packages.sh "$@"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        step "Installing $*" sudo -n sh deploy/packages.sh "$@"
    else
        echo "Packages are missing. Run this, then make again: $by_hand"
        exit 1
    fi
}

# `&&` throughout: a shell does not stop at errors inside what an `if` asks.
make_environment() {
    if [ -e "$1/$unfinished" ] || ! "$1/bin/python" -m pip --version; then
        # There is none, or an earlier run was interrupted.
        rm -rf "$1" && "$python" -m venv "$1" || return 1
    fi
    : >"$1/$unfinished" &&
        "$1/bin/python" -m pip install --disable-pip-version-check --require-hashes -r "$2" &&
        sha256sum <"$2" >"$1/$made_from" &&
        rm "$1/$unfinished"
}

is_made() {
    [ -x "$1/bin/python" ] && [ ! -e "$1/$unfinished" ] &&
        [ "$(cat "$1/$made_from" 2>/dev/null)" = "$(sha256sum <"$2")" ]
}

are_made() {
    is_made .venv requirements/dev.txt && is_made "$mesh" requirements/mesh-sandbox.txt
}

if are_made && postgresql_is_there && [ -x "$rabbitmq" ]; then
    exit 0
fi

mkdir -p var/log
exec 9>var/log/.setup.lock
flock 9 # two at once: the second waits, and then finds everything done
date >"$log"
python=$(find_python)
packages=$(missing_packages | tr '\n' ' ')
# shellcheck disable=SC2086 # one word for each package
[ -z "$packages" ] || install_packages $packages
next_step="Mend what it says (is there a way to the package index?) and run make again."
for one in ".venv requirements/dev.txt" "$mesh requirements/mesh-sandbox.txt"; do
    # shellcheck disable=SC2086 # two words: the environment and its lock
    is_made $one || step "Making ${one%% *} from ${one#* }" make_environment $one
done
