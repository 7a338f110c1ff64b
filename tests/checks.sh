# shellcheck shell=bash
# checks.sh - for test scripts to source: run commands as tests, count them, and say in the end how many failed.
#
#   check WHAT COMMAND...   one test; its output is shown when it fails
#   skip WHY                one test that was not run
#   wait_for FILE REGEX [SECONDS]
#                           prints the first match of REGEX in FILE as soon as there is one; for a minute, or SECONDS
#   asks_the_first_question ADDRESS
#                           whether a server there answers what README.md begins with
#   conclude                the last line, `N passed, N failed, N skipped`; fails when a test did
#
# $scratch is a directory for the tests' files, which is removed in the end.

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0 skipped=0

check() {
    local what=$1
    shift
    : >"$scratch/log"
    if "$@" >>"$scratch/log" 2>&1 </dev/null; then
        echo "ok: $what"
        passed=$((passed + 1))
    else
        echo "FAILED: $what"
        sed 's/^/    /' "$scratch/log"
        failed=$((failed + 1))
    fi
}

skip() {
    echo "SKIPPED: $1"
    skipped=$((skipped + 1))
}

conclude() {
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ]
}

wait_for() {
    local _
    for _ in $(seq $((10 * ${3-60}))); do
        ! grep -oE -m 1 "$2" "$1" || return 0
        sleep 0.1
    done
    { echo "$1 never said $2:" && cat "$1"; } >&2
    return 1
}

asks_the_first_question() {
    curl --silent --show-error --max-time 60 "$1/v1/shape" --data '{
        "layer": "model.add(Convolution1D(nb_filter=111, filter_length=5, border_mode=\"valid\", subsample_length=1))",
        "input_shape": [null, 400, 300], "fields": ["output", "parameters"]}' | tee -a /dev/stderr |
        grep -qF '{"output":{"shape":[null,396,111],"axes":["batch","length","filters"]},"parameters":166611}'
}
