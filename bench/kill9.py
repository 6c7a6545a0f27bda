#!/usr/bin/env python3
"""Kills the crawl of the marketplace at random moments; afterwards nothing may be lost, doubled or fetched too often.

usage: bench/kill9.py [KILLS]
"""
import os, random, shutil, signal, subprocess, sys, tempfile, time
import market

KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 50
IN_FLIGHT = 64  # the default of max_in_flight
market.require()
site = market.serve(log=True)
folder = tempfile.mkdtemp(prefix='cluehound-kill9-')
log = os.path.join(site, 'access.log')


def requests():
    with open(log) as f:
        return sum(1 for _ in f)


def comparable(leads):
    """Everything but what depends on when a page was read."""
    for lead in leads:
        for key in ('first_seen', 'last_seen', 'capture'):
            lead.pop(key, None)
    return {lead['lead']: lead for lead in leads}


try:
    config = market.configure(folder)
    quiet = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    before = requests()
    started = time.time()
    if market.crawl(config, os.path.join(folder, 'undisturbed'), **quiet).wait() != 0:
        sys.exit('the undisturbed crawl failed')
    seconds, pages = time.time() - started, requests() - before
    expected = comparable(market.leads(os.path.join(folder, 'undisturbed')))

    store, random_moment, kills = os.path.join(folder, 'killed'), random.Random(7), 0
    before = requests()
    while kills < KILLS:
        run = market.crawl(config, store, **quiet)
        # Spread the kills over the whole crawl, start-up and recovery included.
        time.sleep(random_moment.uniform(0.02, 2 * seconds / KILLS + 0.2))
        if run.poll() is not None:
            break
        run.send_signal(signal.SIGKILL)
        run.wait()
        kills += 1
    code = market.crawl(config, store, **quiet).wait()
    fetched = requests() - before
    got = comparable(market.leads(store))
    differing = [k for k in expected if got.get(k) != expected[k]] + [k for k in got if k not in expected]
    print('undisturbed: %d requests, %d leads, %.1f s' % (pages, len(expected), seconds))
    print('%d kills: last run exit %d, %d leads, %d differing, %d requests (limit %d)'
          % (kills, code, len(got), len(differing), fetched, pages + kills * IN_FLIGHT))
    for key in differing[:5]:
        print('  expected', expected.get(key))
        print('  got     ', got.get(key))
    sys.exit(0 if code == 0 and not differing and fetched <= pages + kills * IN_FLIGHT else 1)
finally:
    market.stop(site)
    shutil.rmtree(folder, ignore_errors=True)
