#!/bin/sh
# Builds the triage page into triage/ui/dist. Node.js and npm are installed only where there are none.
set -eu
. "$(dirname "$0")/common.sh"
cd "$root"
install_packages cmake ninja-build g++
command -v npm >/dev/null 2>&1 || install_packages nodejs npm
say "building the page"
cmake --preset ui >/dev/null
cmake --build --preset ui
