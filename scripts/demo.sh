#!/bin/sh
# The main job, from a fresh clone on a bare Debian 12: installs what is missing, builds, serves the sample marketplace
# on loopback, crawls it and prints today's leads.
set -eu
. "$(dirname "$0")/common.sh"
cd "$root"
# shellcheck disable=SC2086
install_packages $build_packages
build release cluehound
exec build/release/cluehound demo "$@"
