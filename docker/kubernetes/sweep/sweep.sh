#!/usr/bin/env bash
# sweep.sh - one part of the sweep: the answers to layers PART * LAYERS ... of layers.py, as part-NNNNN.ndjson.zst.
#
# A part is there whole, or not at all: it can be done again at any time, and one that is there is not.
set -euo pipefail

part=${JOB_COMPLETION_INDEX:?the number of the part} layers=${LAYERS:-1000000} results=${RESULTS:-/results}
here=$(dirname "$0")
whole=$results/part-$(printf %05d "$part").ndjson.zst

[[ ! -e $whole ]] || exit 0
unfinished=$(mktemp "$results/.unfinished-$part-XXXXXX")
trap 'rm -f "$unfinished"' EXIT
# A layer that cannot be (a kernel larger than its input) is an answer too.
python3 "$here/layers.py" $((part * layers)) "$layers" | convscope shape --ndjson --fail-on never | zstd -q >"$unfinished"
answers=$(zstd -dc "$unfinished" | wc -l)
((answers == layers)) || { echo "part $part: $answers answers to $layers layers" >&2; exit 1; }
chmod 644 "$unfinished"
mv "$unfinished" "$whole"
