#!/usr/bin/env python3
"""Crawls the marketplace, lets Scrapy crawl it in the same sitting, prints the ratio and checks the leads.

usage: bench/crawl.py [--seed N] [--rate R] [--rounds N] [--no-peer]
"""
import argparse, os, re, resource, shutil, subprocess, sys, tempfile, time
import market

parser = argparse.ArgumentParser()
parser.add_argument('--seed', default='1')
parser.add_argument('--rate', default='0.01')
parser.add_argument('--rounds', type=int, default=3)
parser.add_argument('--no-peer', action='store_true')
options = parser.parse_args()
market.require()
site = market.serve(options.seed, options.rate)
folder = tempfile.mkdtemp(prefix='cluehound-bench-')
ours, peers, ok = [], [], True
try:
    config = market.configure(folder)
    for round_number in range(options.rounds):
        if not options.no_peer:
            out = subprocess.run([os.path.join(market.BENCH, 'peer_scrapy.sh'), '2'], capture_output=True, text=True).stdout
            peers.append(float(re.search(r'(\d+) pages/s', out).group(1)))
        store = os.path.join(folder, 'store-%d' % round_number)
        started = time.time()
        run = market.crawl(config, store, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        out = run.stdout.read().decode('utf8')
        _, status, usage = os.wait4(run.pid, 0)
        seconds = time.time() - started
        pages = int(re.search(r'total\D+(\d+)', out).group(1))
        ours.append(pages / seconds)
        print('round %d: %d pages in %.2f s = %.0f pages/s; cpu %.2f s user %.2f s system; peak memory %d MiB%s'
              % (round_number + 1, pages, seconds, ours[-1], usage.ru_utime, usage.ru_stime, usage.ru_maxrss // 1024,
                 '; scrapy %.0f pages/s' % peers[-1] if peers else ''))
    ok = market.compare(site, market.leads(store))
    if peers:
        print('ratio of the medians: %.1f' % (sorted(ours)[len(ours) // 2] / sorted(peers)[len(peers) // 2]))
finally:
    shutil.rmtree(folder, ignore_errors=True)
    market.stop(site)
sys.exit(0 if ok else 1)
