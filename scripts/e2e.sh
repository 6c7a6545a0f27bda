#!/bin/sh
# The triage page in real Chromium, against the program as it is served: tests/e2e. Needs Node.js 20, Chromium and a page
# (scripts/ui.sh, then a build that embeds it); what is missing is said, and the exit code is then 77.
# Usage: scripts/e2e.sh [--program FILE] [TEST...]      CLUEHOUND_SHOTS=DIR keeps a picture of every page there.
set -eu
. "$(dirname "$0")/common.sh"
program=$root/build/release/cluehound
if [ "${1:-}" = --program ]; then
  program=$2
  shift 2
fi
skip() {
  say "SKIPPED, the page in a browser: $1"
  exit 77
}
[ -x "$program" ] || skip "no program at $program (scripts/test.sh builds it)"
command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 || skip "Node.js and npm are not installed"
[ "$(node -p 'parseInt(process.versions.node)')" -ge 20 ] || skip "Node.js 20 or later is needed, this is $(node --version)"
chromium=${CHROMIUM:-$(command -v chromium || true)}
[ -n "$chromium" ] || skip "Chromium is not installed (apt-get install chromium)"
# A page that was built after the program, or without it, is served from where it lies.
if ! grep -q "assets/index-" "$program" 2>/dev/null; then
  [ -f "$root/triage/ui/dist/index.html" ] || skip "no page was built (scripts/ui.sh)"
  export CLUEHOUND_PAGE="$root/triage/ui/dist"
fi
cd "$root/tests/e2e"
if [ ! -d node_modules ] || [ package-lock.json -nt node_modules ]; then
  say "fetching what the tests need"
  npm ci --no-audit --no-fund >/dev/null || skip "npm cannot fetch what the tests need"
fi
if [ $# -eq 0 ]; then
  set -- *.test.mjs
fi
say "the page in a browser"
CHROMIUM=$chromium CLUEHOUND=$program exec node --test --test-concurrency=1 --test-reporter=spec "$@"
