#!/usr/bin/env python3
"""Crawls the real saved shop pages of ../shared/data/pages_cn, served by nginx from several addresses.

Checks: hits for luxury and sports marks, no mojibake, no lead from a bare brand name; a second crawl (answered 304) adds
one sighting per stored lead of each page and nothing else; a new mark matches the stored listings without a request.

usage: bench/pages_cn.py
"""
import json, os, re, shutil, subprocess, sys, tempfile, time
import market

PORT = 8097
HOSTS = ['127.0.1.%d' % n for n in range(1, 5)]
market.require()
data = os.path.join(os.path.dirname(market.ROOT), 'shared', 'data', 'pages_cn')
folder = tempfile.mkdtemp(prefix='cluehound-pages-')
os.chmod(folder, 0o755)  # nginx's worker reads the pages as another user
problems = []
# A rule for the test alone, so that the real, lawful pages carry leads that can be seen again.
PROBE = '''pack: probe
rules:
  - id: probe
    rev: 1
    family: probe
    title: 测试规则
    category: trademark
    level: low
    marks: {kinds: [trademark], fields: [title]}
    score: 50
    signs: [{name: colour, kind: wording, label: 颜色, points: 10, if: {terms: [黑色, 白色, 女士, 男鞋], fields: [title]}}]
    when: {any: [colour]}
    samples:
      hit: [耐克 黑色 鞋, 古驰 女士 包]
      miss: [耐克 鞋, 古驰 包]
'''


def check(what, ok):
    print(('ok      ' if ok else 'FAILED  ') + what)
    if not ok:
        problems.append(what)


def serve():
    """Each address gets a part of the pages and an index of them."""
    names = sorted(os.listdir(data))
    for i, host in enumerate(HOSTS):
        root = os.path.join(folder, 'www', host)
        os.makedirs(root)
        mine = names[i::len(HOSTS)]
        for name in mine:
            shutil.copy(os.path.join(data, name), root)
        with open(os.path.join(root, 'index.html'), 'w') as f:
            f.write('<!DOCTYPE html><title>index</title>' + ''.join('<a href="%s">%s</a>\n' % (n, n) for n in mine))
    with open(os.path.join(folder, 'nginx.conf'), 'w') as f:
        f.write('''worker_processes 1; daemon on; pid %(d)s/nginx.pid; error_log %(d)s/error.log;
events { worker_connections 256; }
http { log_format t "$status $server_addr $request_uri"; access_log %(d)s/access.log t;
 types { text/html html htm; } default_type text/plain; gzip on; gzip_types text/html;
 map $server_addr $site { default $server_addr; }
 server { listen %(p)d; root %(d)s/www/$site; } }''' % {'d': folder, 'p': PORT})
    subprocess.run(['nginx', '-c', os.path.join(folder, 'nginx.conf')], check=True, stderr=subprocess.DEVNULL)


def write(name, text):
    path = os.path.join(folder, 'config', name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w') as f:
        f.write(text)


def crawl():
    run = subprocess.run([market.BINARY, 'crawl', '--config', os.path.join(folder, 'config'), '--once'], capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(run.stderr)
    return run.stdout


def ledger():
    return market.leads(os.path.join(folder, 'config', 'store'))


def sightings(lead):
    out = subprocess.run([market.BINARY, 'leads', 'show', lead, '--json', '--store', os.path.join(folder, 'config', 'store')],
                         capture_output=True, check=True).stdout.decode('utf8')
    return [json.loads(line) for line in out.splitlines()[1:]]


def requests():
    with open(os.path.join(folder, 'access.log')) as f:
        return [line.split() for line in f]


def sources(every):
    seeds = ', '.join('http://%s:%d/index.html' % (h, PORT) for h in HOSTS)
    write('sources/pages.yaml', 'sources: [{id: pages, seeds: [%s], every: %s, pace: 0s}]\n' % (seeds, every))


try:
    serve()
    sources('2s')
    print(crawl())
    scanned = subprocess.run([market.BINARY, 'scan', '--emit', 'hits', data], capture_output=True).stdout.decode('utf8')
    hits = [json.loads(line) for line in scanned.splitlines()]
    marks = {}
    for hit in hits:
        if hit.get('mark'):
            marks[hit['mark']] = marks.get(hit['mark'], 0) + 1
    print('%d hits, most of %s' % (len(hits), sorted(marks.items(), key=lambda m: -m[1])[:12]))
    check('hits for luxury and sports marks on the real pages', len(marks) >= 10)
    listings = [json.loads(line) for line in subprocess.run([market.BINARY, 'scan', '--emit', 'listings', data], capture_output=True).stdout.decode('utf8').splitlines()]
    broken = [l['title'] for l in listings if '\ufffd' in l['title'] or re.search('[ÃÂ]|锟|娴|鐨', l['title'])]
    check('no mojibake in %d titles' % len(listings), listings and not broken)
    first = ledger()
    for lead in first:
        print('  lead', lead['category'], lead['title'], '|', '; '.join(s['label'] + ' ' + s['text'] for s in lead['signs']))
    check('no lead from a bare brand name (%d leads, each with a second sign)' % len(first), all(l['signs'] for l in first))

    write('rules/probe.yaml', PROBE)
    crawl()
    time.sleep(2.1)
    before, asked = ledger(), len(requests())
    out = crawl()
    after, answers = ledger(), requests()[asked:]
    check('the second crawl was answered 304 (%d requests; the blocked home page apart)' % len(answers),
          answers and all(a[0] == '304' for a in answers if 'taobao_home' not in a[2]))
    known = {l['lead']: l['sightings'] for l in before}
    once_a_page, more = True, 0
    for lead in after:
        seen = sightings(lead['lead'])
        pages = [x['page'] for x in seen[:lead['sightings'] - known.get(lead['lead'], 0)]]
        more += len(pages)
        once_a_page = once_a_page and pages and len(pages) == len(set(pages))
    check('it adds one sighting to each stored lead of each page (%d to %d leads)' % (more, len(after)), once_a_page)
    still = lambda leads: {l['lead']: {k: v for k, v in l.items() if k not in ('sightings', 'last_seen')} for l in leads}
    check('and nothing else', still(before) == still(after))

    sources('6h')
    crawl()
    asked, before = len(requests()), ledger()
    write('rules/local.yaml', 'pack: local\nmarks:\n  - {id: probe-mark, kind: trademark, name: 立式钢琴, certainty: unverified}\n')
    out = crawl()
    new = [l for l in ledger() if l['lead'] not in {b['lead'] for b in before}]
    print('  %d new leads of the new mark, such as: %s' % (len(new), new[0]['title'] if new else '-'))
    check('a rule set with a new mark makes leads of the stored listings', len(new) > 0 and all('立式' in l['title'] for l in new))
    check('which were matched again: ' + '; '.join(l for l in out.splitlines() if '重新匹配' in l),
          '重新匹配' in out)
    check('without a request', len(requests()) == asked)
finally:
    if os.path.exists(os.path.join(folder, 'nginx.pid')):
        subprocess.run(['kill', open(os.path.join(folder, 'nginx.pid')).read().strip()])
    shutil.rmtree(folder, ignore_errors=True)
sys.exit(1 if problems else 0)
