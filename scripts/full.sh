#!/bin/sh
# The long counts, after test.sh: extraction and matching scored, the marketplace crawled beside a peer, crashes, the saved real pages.
# They need the data set beside the project; without it each says so and is skipped.
set -eu
. "$(dirname "$0")/common.sh"
cd "$root"
shared=$root/../shared
if [ ! -d "$shared" ]; then
  say "SKIPPED: no data set at $shared"
  exit 0
fi
install_packages nginx-light python3 python3-scrapy python3-yaml

failed=""
# count NAME COMMAND...: runs it; a failure is remembered and the rest still runs.
count() {
  name=$1; shift
  say "$name"
  "$@" || failed="$failed $name;"
}
count "extraction, scored against the expected items" python3 "$shared/tools/score_listings.py" build/release/cluehound
count "disguised spellings, found and invented" python3 bench/evasion.py --binary build/release/cluehound \
  --titles "$shared/data/titles/jd_titles_A_10000.txt"
count "10,000 random lives of a store" env CLUEHOUND_SEQUENCES=10000 build/release/tests/test_store "property:*"
count "200 crashes of each kind" env CLUEHOUND_CRASHES=200 build/release/tests/test_store "kill -9*,power*"
count "the engine and the reference matcher" build/release/tests/test_rules "all variants*"
count "the saved real pages, crawled" python3 bench/pages_cn.py
count "the marketplace, beside a peer" python3 bench/crawl.py
count "200 kills of the crawl" python3 bench/crashes.py --crashes 200
count "200 power cuts of the crawl" python3 bench/crashes.py --crashes 200 --power
[ -z "$failed" ] || { say "FAILED:$failed"; exit 1; }
