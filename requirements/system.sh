#!/usr/bin/env bash
# Libraries that no package for Python brings. Installs what is missing when that may, otherwise says what to do.
set -euo pipefail
cd "$(dirname "$0")/.."

# Before anything is installed its files tell; afterwards the library that uses it. An old pango imports with a warning that a part
# of it is missing: that is missing too.
pango() {
  if [ -e .venv/.stamp-base ]; then .venv/bin/python -W error::DeprecationWarning -c 'import weasyprint'
  else "${PYTHON:-python3}" -c 'import sys; sys.path.insert(0, "topjob"); import ready; sys.exit(bool(ready.missing_libraries()))'
  fi
} >/dev/null 2>&1
# type -P: the name of this function must not count as the program.
chromium() { type -P chromium-headless-shell || type -P chromium || type -P chromium-browser || type -P google-chrome; } >/dev/null 2>&1
redis() { type -P redis-server >/dev/null; }

declare -A packages=(
  [pango]="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
  [chromium]="chromium-headless-shell"
  [redis]="redis-server"
)

get() { apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }

# Not every Debian and Ubuntu has Chromium's engine without its windows.
install() {
  export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
  for attempt in 1 2 3; do
    apt-get update -qq || true
    if get "$@" || get "${@/chromium-headless-shell/chromium}"; then return 0; fi
    sleep $((attempt * 5))
  done
  return 1
}

missing=()
for need in "$@"; do "$need" || missing+=(${packages[$need]}); done
[ ${#missing[@]} -eq 0 ] && exit 0

how="apt-get install ${missing[*]}   (macOS: brew install pango; Fedora: dnf install pango)"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installeren: ${missing[*]} …"
  install "${missing[@]}" || { echo "Dat is niet gelukt. Probeer zelf: $how" >&2; exit 1; }
else
  echo "Er ontbreken systeembibliotheken. Installeer ze zo: $how" >&2
  exit 1
fi
for need in "$@"; do "$need" || { echo "$need werkt nog niet na het installeren." >&2; exit 1; }; done
