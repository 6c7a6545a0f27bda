"""What the benchmark scripts share: the site of ../shared/bench, a configuration for it, its truth."""
import collections, json, os, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BENCH = os.path.join(os.path.dirname(ROOT), 'shared', 'bench')
BINARY = os.environ.get('CLUEHOUND', os.path.join(ROOT, 'build', 'release', 'cluehound'))
HOSTS = 16


def require():
    """Ends the script, visibly, when the machine lacks what it needs."""
    if not os.path.isdir(BENCH):
        sys.exit('SKIPPED: no ../shared/bench beside the project')
    if not os.access(BINARY, os.X_OK):
        sys.exit('build first: ' + BINARY + ' is not there')


def serve(seed='1', rate='0.01', log=False):
    """Generates the site if needed, serves it, gives its folder."""
    site = os.path.join(tempfile.gettempdir(), 'cluehound-market' if (seed, rate) == ('1', '0.01') else 'cluehound-market-%s-%s' % (seed, rate))
    stop(site)
    env = dict(os.environ, SEED=seed, RATE=rate)
    if log:
        env['LOG'] = '1'
    subprocess.run([os.path.join(BENCH, 'serve.sh'), site], env=env, check=True, stdout=subprocess.DEVNULL)
    return site


def stop(site):
    subprocess.run([os.path.join(BENCH, 'stop.sh'), site], stderr=subprocess.DEVNULL)


def configure(folder, hosts=HOSTS, every='6h'):
    os.makedirs(os.path.join(folder, 'config', 'sources'), exist_ok=True)
    seeds = ', '.join('http://127.0.0.%d:8090/index.html' % h for h in range(1, hosts + 1))
    with open(os.path.join(folder, 'config', 'sources', 'market.yaml'), 'w') as f:
        f.write('sources: [{id: market, seeds: [%s], every: %s, pace: 0s}]\n' % (seeds, every))
    return os.path.join(folder, 'config')


def crawl(config, store, **kwargs):
    return subprocess.Popen([BINARY, 'crawl', '--config', config, '--store', store, '--once'], **kwargs)


def leads(store):
    out = subprocess.run([BINARY, 'leads', 'list', '--json', '--store', store], capture_output=True, check=True)
    return [json.loads(line) for line in out.stdout.decode('utf8').splitlines()]


def truth(site, hosts=HOSTS):
    with open(os.path.join(site, 'truth.jsonl'), encoding='utf8') as f:
        return [t for t in map(json.loads, f) if t['host'] <= hosts]


def compare(site, found, hosts=HOSTS):
    """Prints how the leads stand to the truth. True: every truth line is a lead, nothing else is."""
    want = {(str(t['nid']), t['category']): t for t in truth(site, hosts)}
    got = collections.Counter((str(l.get('id')), l['category']) for l in found)
    must = list(want)
    missing = [k for k in must if k not in got]
    extra = [k for k in got if k not in want]
    twice = [k for k, n in got.items() if n > 1]
    by_fold = collections.Counter(want[k]['fold'] for k in want if k in got)
    print('truth %d lines; leads %d: missing %d, not in the truth %d, twice %d; found by fold %s'
          % (len(want), len(found), len(missing), len(extra), len(twice), dict(by_fold)))
    for k in missing[:10]:
        print('  missing', k, want[k]['title'])
    for l in found:
        if (str(l.get('id')), l['category']) in extra[:10]:
            print('  extra', l.get('id'), l['category'], l['title'], l.get('price'))
    return not (missing or extra or twice)
