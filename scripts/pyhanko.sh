#!/usr/bin/env bash
# pyHanko (MIT licence), a second signer and validator of PDF signatures for the tests, in a folder of its own.
#
#   bash pyhanko.sh install   fetch the wheels by pinned version and hash into .runtime/pyhanko (or TRUC_PYHANKO_DIR)
#   bash pyhanko.sh status    say whether it runs
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
DIR="${TRUC_PYHANKO_DIR:-$ROOT/.runtime/pyhanko}"
REQUIREMENTS="$ROOT/scripts/pyhanko-requirements.txt"
STAMP="$DIR/.requirements"

do_install() {
  if cmp -s "$REQUIREMENTS" "$STAMP"; then return; fi
  local part="$DIR.part.$$"
  rm -rf "$part"
  python3 -m pip install --quiet --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes \
    --no-compile --root-user-action=ignore --target "$part" -r "$REQUIREMENTS" || { rm -rf "$part"; return 1; }
  cp "$REQUIREMENTS" "$part/.requirements"
  rm -rf "$DIR"
  mv "$part" "$DIR"
}

do_status() {
  PYTHONPATH="$DIR" python3 -c 'import pyhanko.version; print("pyhanko:", pyhanko.version.__version__)'
}

case "${1:-}" in
  install) do_install && do_status ;;
  status) do_status ;;
  *) sed -n '2,/^set -euo/p' "$0" | sed -n 's/^# \{0,1\}//p'; exit 2 ;;
esac
