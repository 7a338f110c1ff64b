# shellcheck shell=bash
# packages.sh - for server/run and tests/run to source: find out what the system lacks, and install it.
#
#   need PACKAGES PROBE...   remember PACKAGES (a word list) unless the command PROBE... succeeds
#   install_missing          install what was remembered; silent when that is nothing
#
# Probes ask for the thing itself (a tool, a library's pkg-config file), not for a package by its name: a
# CMake from elsewhere counts, and a system without apt is served as long as everything is there.

missing_packages=()

need() {
    local packages=$1
    shift
    "$@" >/dev/null 2>&1 || read -ra missing_packages <<<"${missing_packages[*]-} $packages"
}

say() { printf '%s: %s\n' "$(basename "$(dirname "$0")")/run" "$*"; }

die() {
    say "$*" >&2
    exit 1
}

compiles_c() { "${CC:-cc}" -fsyntax-only -x c - <<<'#include <stdio.h>'; }

compiles_cxx() { "${CXX:-c++}" -fsyntax-only -x c++ - <<<'#include <charconv>'; }

protobuf_c_is_there() { pkg-config --exists libprotobuf-c && command -v protoc-c; }

makes_packages() { command -v dpkg-shlibdeps && command -v file; }

# Everything the library and the server are built from.
need_build_packages() {
    need 'gcc libc6-dev' compiles_c
    need cmake command -v cmake
    need ninja-build command -v ninja
    need pkg-config command -v pkg-config
    need libmicrohttpd-dev pkg-config --exists libmicrohttpd
    need libgnutls28-dev pkg-config --exists gnutls
    need libjansson-dev pkg-config --exists jansson
    need zlib1g-dev pkg-config --exists zlib
    need libzstd-dev pkg-config --exists libzstd
    need libyaml-dev pkg-config --exists yaml-0.1
    need libcmark-dev pkg-config --exists libcmark
    need libzip-dev pkg-config --exists libzip
    need libopenblas-dev pkg-config --exists openblas
    need 'libprotobuf-c-dev protobuf-c-compiler' protobuf_c_is_there
    need 'nodejs npm' command -v npm # for the page
    need libonnx-dev test -e /usr/include/onnx/onnx.proto # its schema alone
}

apt_get() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@"
}

install_missing() {
    [ ${#missing_packages[@]} -gt 0 ] || return 0
    local command="apt-get install ${missing_packages[*]}"
    command -v apt-get >/dev/null ||
        die "this needs what Debian calls ${missing_packages[*]}; there is no apt-get here, so please install them your system's way"
    as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || die "as root, run once: $command"
        as_root=(sudo)
    fi
    say "installing ${missing_packages[*]}"
    local log
    log=$(mktemp)
    # A source that cannot be reached need not be one that is needed: the installation decides.
    apt_get update >"$log" 2>&1 || say "apt-get update had problems, going on"
    if ! apt_get install -y --no-install-recommends "${missing_packages[@]}" >>"$log" 2>&1; then
        tail -n 20 "$log" >&2
        die "that did not work: $command"
    fi
    rm -f "$log"
}

# The presets need CMake 3.25; older systems' own packages are older.
require_cmake() {
    local version
    version=$(cmake --version | sed -n '1s/[^0-9]*//p')
    printf '3.25\n%s\n' "$version" | sort --version-sort --check=quiet ||
        die "CMake 3.25 or newer is needed and this is $version (Debian 12 and Ubuntu 24.04 are new enough; on older ones: pip install cmake, or snap install cmake --classic)"
}
