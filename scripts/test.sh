#!/bin/sh
# The tests, from a fresh clone on a bare Debian 12. --full runs the long counts too (kill -9, dropped bytes, bench).
set -eu
. "$(dirname "$0")/common.sh"
cd "$root"
# shellcheck disable=SC2086
install_packages $build_packages $test_packages
build release
say "running the tests"
ctest --preset release -j "$jobs"
if [ "${1:-}" = --full ]; then
  scripts/full.sh
fi
