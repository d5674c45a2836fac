# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
#
# Enters ROS 2 and this workspace in a terminal: `source setup.bash` (bash or zsh, from any folder).
# A genuine ROS 2 is used where there is one; otherwise the environment that `make setup` made.

if [ -n "${ZSH_VERSION:-}" ]; then
  eval '_assist_here="${${(%):-%x}:A:h}"'
  _assist_shell=zsh
else
  _assist_here="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)"
  _assist_shell=bash
fi

# _assist_prepend VARIABLE PATH: put PATH first in a search path, once.
_assist_prepend() {
  _assist_drop "$1" "$2" ''
  eval "export $1=\"\$2\${$1:+:\$$1}\""
}

# _assist_drop VARIABLE PATH PATTERN: remove PATH from a search path, and what matches PATH + PATTERN.
_assist_drop() {
  eval "_assist_rest=\"\${$1:-}\""
  if [ -z "$_assist_rest" ]; then return 0; fi
  _assist_rest="$_assist_rest:"
  _assist_kept=
  while [ -n "$_assist_rest" ]; do
    _assist_entry="${_assist_rest%%:*}"
    _assist_rest="${_assist_rest#*:}"
    case "$_assist_entry" in
      '' | "$2" | "$2"$3) ;;
      *) _assist_kept="${_assist_kept:+$_assist_kept:}$_assist_entry" ;;
    esac
  done
  eval "export $1=\"\$_assist_kept\""
}

# _assist_leave FOLDER: forget an environment entered before, so that a newer one takes its place.
_assist_leave() {
  for _assist_variable in PATH PYTHONPATH AMENT_PREFIX_PATH CMAKE_PREFIX_PATH COLCON_PREFIX_PATH \
    LD_LIBRARY_PATH; do
    _assist_drop "$_assist_variable" "$1" "/*"
  done
}

# _assist_source FILE: source a generated script; those of ROS and colcon need unset variables.
_assist_source() {
  case $- in
    *u*) set +u; . "$1"; set -u ;;
    *) . "$1" ;;
  esac
}

_assist_genuine() {
  if [ -n "${ASSIST_UNDERLAY:-}" ]; then return 1; fi
  if [ -n "${ROS_DISTRO:-}" ]; then return 0; fi
  for _assist_distribution in lyrical kilted jazzy; do
    if [ -f "${ASSIST_ROS_ROOT:-/opt/ros}/$_assist_distribution/setup.$_assist_shell" ]; then
      _assist_source "${ASSIST_ROS_ROOT:-/opt/ros}/$_assist_distribution/setup.$_assist_shell"
      return 0
    fi
  done
  return 1
}

# The environment of this checkout, as the last `make setup` wrote it down.
_assist_underlay() {
  _assist_script=
  if [ -f "$_assist_here/.environment" ]; then
    read -r _assist_script < "$_assist_here/.environment"
  fi
  if [ -n "${ASSIST_UNDERLAY:-}" ]; then _assist_leave "$ASSIST_UNDERLAY"; fi
  if [ ! -f "$_assist_script" ] || ! . "$_assist_script"; then
    echo "assist: no ROS 2 is installed and no environment is set up here: run \`make setup\` in" \
      "$_assist_here, then source setup.bash again." >&2
    return 1
  fi
}

_assist_enter() {
  if ! _assist_genuine; then
    _assist_underlay || return 1
  fi
  _assist_leave "$_assist_here/install"
  if [ -f "$_assist_here/install/local_setup.$_assist_shell" ]; then
    _assist_source "$_assist_here/install/local_setup.$_assist_shell"
  fi
  # Without the profile Fast DDS loses almost every image; this machine alone is the safe default.
  if [ -z "${FASTDDS_DEFAULT_PROFILES_FILE:-}${FASTRTPS_DEFAULT_PROFILES_FILE:-}" ]; then
    export FASTDDS_DEFAULT_PROFILES_FILE="$_assist_here/config/fastdds.xml"
  fi
  export ROS_AUTOMATIC_DISCOVERY_RANGE="${ROS_AUTOMATIC_DISCOVERY_RANGE-LOCALHOST}"
  export ROS_STATIC_PEERS="${ROS_STATIC_PEERS-127.0.0.1}"
  hash -r
}

_assist_status=0
_assist_enter || _assist_status=1
unset -f _assist_prepend _assist_drop _assist_leave _assist_source _assist_genuine \
  _assist_underlay _assist_enter
unset _assist_here _assist_shell _assist_rest _assist_kept _assist_entry _assist_variable \
  _assist_distribution _assist_script
[ "$_assist_status" = 0 ] && unset _assist_status || { unset _assist_status; return 1; }
