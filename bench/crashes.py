#!/usr/bin/env python3
"""Crashes crawls at random moments and runs them on; afterwards nothing may be lost, doubled or fetched too often.

usage: bench/crashes.py [--power] [--crashes N] [--hosts N] [--pages N] [--seed N]

A crash is a kill -9; with --power also the loss of everything that was not synced (tests/power). Each crawl is of a site of its
own (../shared/bench/make_market.py), is crashed again and again until it once comes to its end, and must then have the leads of an
undisturbed crawl, sound in every byte (store check --captures), after at most pages + crashes x in-flight limit requests by the
server's own log."""
import argparse, os, random, re, shutil, signal, socket, subprocess, sys, tempfile, time
import market
sys.path.insert(0, os.path.join(market.ROOT, 'tests', 'power'))
from power_cut import Disk

IN_FLIGHT = 64  # the default of max_in_flight
LIBRARY = os.path.join(os.path.dirname(market.BINARY), 'tests', 'libunsynced_disk.so')
QUIET = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Site:
    """A small marketplace on 127.0.0.1 and the following addresses, with a log of what was asked."""

    def __init__(self, folder, seed, hosts, pages):
        self.log = os.path.join(folder, 'access.log')
        self.hosts = hosts
        subprocess.run([sys.executable, os.path.join(market.BENCH, 'make_market.py'), folder, '--hosts', str(hosts), '--pages', str(pages),
                        '--seed', str(seed), '--rate', '0.02'], check=True, stdout=subprocess.DEVNULL)
        with socket.socket() as probe:
            probe.bind(('127.0.0.1', 0))
            self.port = probe.getsockname()[1]
        conf = os.path.join(folder, 'nginx.conf')
        servers = ''.join('server { listen 127.0.0.%d:%d; root %s/h%d; }\n' % (h, self.port, folder, h) for h in range(1, hosts + 1))
        with open(conf, 'w') as f:
            f.write('worker_processes 1; daemon off; pid %s/nginx.pid; error_log %s/error.log; events {}\n'
                    'http { access_log %s; types { text/html html; text/plain txt; } charset utf-8; keepalive_requests 1000000;\n%s}\n'
                    % (folder, folder, self.log, servers))
        self.server = subprocess.Popen(['nginx', '-c', conf])
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(('127.0.0.1', self.port)) == 0:
                    return
            time.sleep(0.05)
        sys.exit('nginx does not answer')

    def requests(self):
        with open(self.log) as f:
            return sum(1 for _ in f)

    def configure(self, folder):
        os.makedirs(os.path.join(folder, 'config', 'sources'))
        seeds = ', '.join('http://127.0.0.%d:%d/index.html' % (h, self.port) for h in range(1, self.hosts + 1))
        with open(os.path.join(folder, 'config', 'sources', 'market.yaml'), 'w') as f:
            f.write('sources: [{id: market, seeds: [%s], pace: 0s}]\n' % seeds)
        return os.path.join(folder, 'config')

    def stop(self):
        self.server.terminate()
        self.server.wait()


def comparable(leads):
    """Everything but what depends on when a page was read: times, and where its capture lies."""
    def without_times(value):
        if isinstance(value, dict):
            return {k: without_times(v) for k, v in value.items() if k != 'capture'}
        if isinstance(value, list):
            return [without_times(v) for v in value]
        return 'a time' if isinstance(value, str) and re.match(r'\d{4}-\d\d-\d\dT', value) else value
    return {lead['lead']: without_times(lead) for lead in leads}


def difference(got, expected):
    if got is None or expected is None:
        return 'missing' if got is None else 'not expected'
    return ', '.join('%s: %s instead of %s' % (k, got.get(k), expected.get(k))
                     for k in sorted(set(got) | set(expected)) if got.get(k) != expected.get(k))


def timed_crawl(config, store, **kwargs):
    started = time.time()
    if market.crawl(config, store, **QUIET, **kwargs).wait() != 0:
        sys.exit('an undisturbed crawl failed')
    return time.time() - started


def one_crawl(site, place, chance, power):
    """Gives crashes, requests, leads, and what is wrong."""
    config = site.configure(place)
    before = site.requests()
    seconds = timed_crawl(config, os.path.join(place, 'undisturbed'))
    pages = site.requests() - before
    expected = comparable(market.leads(os.path.join(place, 'undisturbed')))
    if not expected:
        sys.exit('the undisturbed crawl found nothing')

    store = os.path.join(place, 'crashed')
    disk = Disk(store, LIBRARY) if power else None
    environment = dict(env=disk.environment()) if power else {}
    before, crashes, wrong = site.requests(), 0, []
    while True:
        run = market.crawl(config, store, **QUIET, **environment)
        try:
            code = run.wait(timeout=chance.uniform(0.02, 0.4 * seconds + 0.2 * crashes))
            if code == 0:
                break
            wrong.append('after crash %d the crawl ended with %d' % (crashes, code))
            return crashes, site.requests() - before, expected, wrong, disk
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGKILL)
            run.wait()
            crashes += 1
            if power:
                disk.cut(chance)
    fetched, limit = site.requests() - before, pages + crashes * IN_FLIGHT
    if fetched > limit:
        wrong.append('%d requests, at most %d may be' % (fetched, limit))
    got = comparable(market.leads(store))
    for key in sorted(set(expected) | set(got)):
        if got.get(key) != expected.get(key):
            wrong.append('lead %s: %s' % (key, difference(got.get(key), expected.get(key))))
    check = subprocess.run([market.BINARY, 'store', 'check', '--captures', '--store', store], capture_output=True, text=True)
    if check.returncode != 0:
        wrong.append('store check: ' + check.stdout + check.stderr)
    return crashes, fetched - pages, expected, wrong, disk


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--power', action='store_true')
    parser.add_argument('--crashes', type=int, default=50)
    parser.add_argument('--hosts', type=int, default=4)
    parser.add_argument('--pages', type=int, default=50, help='list pages of a host')
    parser.add_argument('--seed', type=int, default=1)
    args = parser.parse_args()
    market.require()
    if args.power and not os.path.exists(LIBRARY):
        sys.exit('build first: ' + LIBRARY + ' is not there')
    chance = random.Random(args.seed)
    crawls = crashes = again = leads = 0
    lost, failures = dict(bytes=0, writes=0, names=0), []
    while crashes < args.crashes:
        folder = tempfile.mkdtemp(prefix='cluehound-crashes-')
        os.chmod(folder, 0o755)  # nginx reads as nobody
        site = Site(os.path.join(folder, 'site'), args.seed * 1000 + crawls, args.hosts, args.pages)
        try:
            n, more, expected, wrong, disk = one_crawl(site, folder, chance, args.power)
        finally:
            site.stop()
        crawls, crashes, again, leads = crawls + 1, crashes + n, again + more, leads + len(expected)
        for key in lost:
            lost[key] += disk.lost[key] if disk else 0
        failures += wrong
        for line in wrong[:5]:
            print('crawl %d: %s' % (crawls, line[:400]), flush=True)
        if wrong:
            print('left for a look: ' + folder, flush=True)
        else:
            shutil.rmtree(folder)
        if crawls % 10 == 0:
            print('%d crawls, %d crashes so far' % (crawls, crashes), flush=True)
    print('%d crawls, %d crashes (%s), %d leads, %d requests more than undisturbed (at most %d), %d failures'
          % (crawls, crashes, 'power cut' if args.power else 'kill -9', leads, again, crashes * IN_FLIGHT, len(failures)))
    if args.power:
        print('lost by the cuts: %(bytes)d bytes in %(writes)d writes, %(names)d changes of names' % lost)
    sys.exit(1 if failures else 0)


if __name__ == '__main__':
    main()
