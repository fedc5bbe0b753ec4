#!/bin/bash
# Each loss that the engine's sources can tell of: a scenario in which vnet explain does.
# tests/drops.sh [--update] [WORD]...
. "$(dirname "$0")/lib.sh"
root=$(cd "$(dirname "$0")/.." && pwd)
start drops
update=
[ "${1:-}" = --update ] && update=$1 && shift
PYTHONDONTWRITEBYTECODE=1 python3 "$root/tests/drops/run.py" $update "$root" "$@"
