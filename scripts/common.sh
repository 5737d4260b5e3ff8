# shellcheck shell=bash
# Hansard
# SPDX-License-Identifier: Apache-2.0
#
# What the scripts share; sourced, never run. Leaves the working directory at the checkout's root.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Everything of the private deployment lies here; another directory is for tests.
state=${HANSARD_STATE:-.hansard}

say() { printf '%s\n' "$*"; }

die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# Puts Swift on the PATH where its installer left it but the shell has not been told yet.
find_swift() {
  local place
  for place in "${SWIFTLY_BIN_DIR:-}" "$HOME/.local/share/swiftly/bin" /usr/local/swift/usr/bin; do
    command -v swift >/dev/null && return 0
    [[ -n $place && -x $place/swift ]] && PATH=$place:$PATH
  done
  command -v swift >/dev/null
}

# The start time of a process in clock ticks since boot; fails when it is gone, or a zombie.
start_time() {
  local line fields
  line=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  # The name in parentheses may hold anything, so count from the last one: state is field 3.
  read -r -a fields <<<"${line##*) }"
  [[ ${fields[0]} != Z && ${fields[0]} != X ]] || return 1
  echo "${fields[19]}"
}

# The process id of the service on record, if that process is still the one that was recorded.
running_process() {
  local pid started
  read -r pid started 2>/dev/null <"$state/run.pid" || return 1
  [[ $pid =~ ^[0-9]+$ ]] || return 1
  [[ $(start_time "$pid") == "$started" ]] || return 1
  echo "$pid"
}
