#!/bin/sh
# Formats the C++ files; --check only says which would change.
set -eu
. "$(dirname "$0")/common.sh"
cd "$root"
install_packages clang-format-14
mode=-i
[ "${1:-}" = --check ] && mode="--dry-run -Werror"
# shellcheck disable=SC2086
git ls-files '*.cc' '*.h' | xargs clang-format-14 $mode
