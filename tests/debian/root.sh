# shellcheck shell=bash
# root.sh - for scripts to source that need a Debian 12 with nothing in it, beside the one they run on.
#
#   debian_can_be_made          0, or says why not: that takes root, debootstrap and a way to the packages
#   debian_base                 the path of such a system as a tar file; made once, kept in build/debian
#   debian_unpack ROOT          one of one's own in the directory ROOT
#   debian_run ROOT COMMAND...  run a command in it as root, in its own name spaces of processes and mounts: when the
#                               command ends, so does all that it started. The network is this machine's.
#   debian_start ROOT LOG COMMAND...
#                               the same in the background, until debian_stop; what it says goes to the file LOG
#   debian_install ROOT PACKAGE...
#
# CONVSCOPE_DEBIAN_MIRROR, when set, is where debootstrap takes packages from.

debian_kept=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/build/debian

debian_can_be_made() {
    [ "$(id -u)" -eq 0 ] || { echo "only root can make another Debian" && return 1; }
    PATH=$PATH:/usr/sbin command -v debootstrap >/dev/null || { echo "debootstrap is not installed" && return 1; }
    unshare --mount --pid --fork true 2>/dev/null || { echo "no name spaces can be made here" && return 1; }
}

debian_base() {
    mkdir -p "$debian_kept"
    (
        flock 9
        [ -e "$debian_kept/base.tar" ] || debian_make_base
    ) 9>"$debian_kept/base.lock" && echo "$debian_kept/base.tar"
}

debian_make_base() {
    local made
    made=$(mktemp -d)
    PATH=$PATH:/usr/sbin debootstrap --variant=minbase bookworm "$made" ${CONVSCOPE_DEBIAN_MIRROR:+"$CONVSCOPE_DEBIAN_MIRROR"} >"$made.log" || {
        tail "$made.log" >&2
        return 1
    }
    rm -rf "$made"/var/cache/apt/archives/*.deb
    # mktemp's directories are their owner's alone; a system's root is not.
    chmod 755 "$made"
    # Whoever installs a system gives it a name for itself; debootstrap does not.
    echo '127.0.0.1 localhost' >"$made/etc/hosts"
    debian_trust "$made"
    # Nobody wants these systems back after a power cut.
    echo force-unsafe-io >"$made/etc/dpkg/dpkg.cfg.d/unsafe-io"
    tar --directory "$made" --create --file "$debian_kept/base.tar.new" . || return
    mv "$debian_kept/base.tar.new" "$debian_kept/base.tar"
    rm -rf "$made" "$made.log"
}

# Whom this machine trusts, that system trusts: where all traffic goes through a proxy with a certificate of its own,
# nothing could be fetched otherwise. Debian's package ca-certificates takes its own list together with /usr/local's.
debian_trust() {
    local bundle=/etc/ssl/certs/ca-certificates.crt
    [ -e "$bundle" ] || return 0
    mkdir -p "$1/etc/ssl/certs" "$1/usr/local/share/ca-certificates"
    cp "$bundle" "$1$bundle"
    find /usr/local/share/ca-certificates -name '*.crt' -exec cp {} "$1/usr/local/share/ca-certificates" \;
}

debian_unpack() {
    mkdir -p "$1" && tar --directory "$1" --extract --file "$(debian_base)"
}

# Sets `debian_enter` to the words that run a command in ROOT.
debian_entrance() {
    cp --dereference /etc/resolv.conf "$1/etc/resolv.conf"
    # shellcheck disable=SC2016  # expanded inside
    debian_enter=(unshare --mount --pid --fork --kill-child --mount-proc="$1/proc" bash -euc '
        root=$1
        shift
        mount --rbind /dev "$root/dev"
        mount -t tmpfs run "$root/run"
        exec chroot "$root" env --ignore-environment HOME=/root LANG=C.UTF-8 \
            PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
            NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt DEBIAN_FRONTEND=noninteractive "$@"
    ' within "$1")
}

debian_run() {
    debian_entrance "$1"
    "${debian_enter[@]}" "${@:2}"
}

debian_start() {
    debian_entrance "$1"
    # Now, and not by who is started: nobody must find there what an earlier one said.
    : >"$2"
    "${debian_enter[@]}" "${@:3}" >"$2" 2>&1 </dev/null &
    debian_started=$!
}

# unshare waits for what it started whatever other signals say; with it goes all of that.
debian_stop() {
    kill -KILL "$debian_started"
    wait "$debian_started" 2>/dev/null || true
}

debian_install() {
    local root=$1
    shift
    debian_run "$root" apt-get -qq update
    debian_run "$root" apt-get -qq install -y --no-install-recommends "$@"
}
