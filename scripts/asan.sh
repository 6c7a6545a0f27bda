#!/bin/sh
# The suite under AddressSanitizer and UndefinedBehaviorSanitizer.
set -eu
. "$(dirname "$0")/common.sh"
cd "$root"
# shellcheck disable=SC2086
install_packages $build_packages $test_packages
build asan
say "running the tests under asan"
ctest --preset asan -j "$jobs"
