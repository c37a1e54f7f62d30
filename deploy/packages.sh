#!/bin/sh
# Installs Debian packages, as root, without starting or creating any system server:
#   sh deploy/packages.sh PACKAGE...
# Whatever it changes for that it puts back, also when it is interrupted.
set -eu

root=${COMMONPURSE_SETUP_ROOT:-} # the tests' own file system
policy=$root/usr/sbin/policy-rc.d
policy_kept=$policy.kept-by-common-purse
clusters=$root/etc/postgresql-common/createcluster.conf
clusters_template=$root/usr/share/postgresql-common/createcluster.conf
clusters_are_ours=no
mark=COMMONPURSE_INSTALLING=$$ # in the environment of all that the installation starts

forbid_starting() {
    # What an earlier run that was killed has left is put right first.
    [ ! -e "$policy_kept" ] || mv -f "$policy_kept" "$policy"
    [ ! -e "$policy" ] || mv "$policy" "$policy_kept"
    mkdir -p "$(dirname "$policy")"
    printf '#!/bin/sh\n# Common Purse installs packages; none may start a server.\nexit 101\n' >"$policy"
    chmod 755 "$policy"
}

forbid_creating_clusters() {
    [ ! -e "$clusters" ] || return 0
    clusters_are_ours=yes
    mkdir -p "$(dirname "$clusters")"
    echo 'create_main_cluster = false' >"$clusters"
}

put_back() {
    trap - EXIT INT TERM HUP
    end_what_it_started
    rm -f "$policy"
    [ ! -e "$policy_kept" ] || mv "$policy_kept" "$policy"
    if [ "$clusters_are_ours" = yes ]; then
        rm -f "$clusters"
        [ ! -e "$clusters_template" ] || cp "$clusters_template" "$clusters"
    fi
}

# A package's own scripts may have started something all the same, such as an epmd.
end_what_it_started() {
    for process in /proc/[0-9]*; do
        if { tr '\0' '\n' <"$process/environ" | grep -qx "$mark"; } 2>/dev/null; then
            echo "Ending ${process#/proc/}, which the installation started and left running."
            kill "${process#/proc/}" || true
        fi
    done
}

trap put_back EXIT
trap 'put_back; exit 130' INT TERM HUP
forbid_starting
forbid_creating_clusters
export DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1
apt-get update
env "$mark" apt-get install -y --no-install-recommends "$@"
