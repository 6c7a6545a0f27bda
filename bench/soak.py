#!/usr/bin/env python3
"""Soak: `cluehound serve` on many sources, on a clock that runs faster, against a server that notes every request.

    soak.py --program build/release/cluehound [--sources 500] [--speed 10] [--minutes 10] [--faketime LIB]

The program runs as it is; libfaketime (Debian: libfaketime) makes its clocks and waits run `speed` times as fast. The
server runs on the real clock, in this process, on addresses 127.1.x.y of one port: each source has a host and an address
of its own, a pace of 5 to 15 s, a list of pages, and pages that change. Every request is noted when it comes; on the
program's clock the time between two of one host is `speed` times the time noted. Prints the smallest such time less the
pace, by source, and the memory of the program by minute. Exit 1 when a pace was exceeded or nothing was fetched.
"""

import argparse
import asyncio
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

PAGES = 12  # below each list


def pace_of(number):
    return 5 + number % 11


def address_of(number):
    return "127.1.%d.%d" % (number // 200 + 1, number % 200 + 1)


class Site(asyncio.Protocol):
    """Answers HTTP/1.1 with keep-alive; notes (host, time) of each request."""

    log = {}  # by address: times of requests, robots.txt included

    def connection_made(self, transport):
        self.transport = transport
        self.address = transport.get_extra_info("sockname")[0]
        self.waiting = b""

    def data_received(self, data):
        now = time.monotonic()
        self.waiting += data
        while b"\r\n\r\n" in self.waiting:
            head, self.waiting = self.waiting.split(b"\r\n\r\n", 1)
            Site.log.setdefault(self.address, []).append(now)
            self.answer(head.split(b" ", 2)[1].decode("latin-1"))

    def answer(self, path):
        if path == "/robots.txt":
            body, kind = b"User-agent: *\nAllow: /\n", b"text/plain"
        elif path == "/":
            links = "".join('<a href="/p/%d.html">%d</a>' % (n, n) for n in range(PAGES))
            body, kind = ("<title>list</title>" + links).encode(), b"text/html"
        else:
            # Changes each time it is asked for.
            text = "<title>shop</title><div class=g>goods %d</div>" % (time.monotonic_ns() % 1000)
            body, kind = (text + "<p>" + "x" * 2000).encode(), b"text/html"
        self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Type: " + kind + b"\r\nContent-Length: "
                             + str(len(body)).encode() + b"\r\n\r\n" + body)


def write_config(folder, port, sources):
    (folder / "sources").mkdir(parents=True)
    (folder / "cluehound.yaml").write_text("listen: 127.0.0.1:0\n")
    lines = ["sources:"]
    for n in range(sources):
        lines.append("  - {id: s%d, seeds: ['http://%s:%d/'], every: 10m, pace: %ds, depth: 1}"
                     % (n, address_of(n), port, pace_of(n)))
    (folder / "sources" / "soak.yaml").write_text("\n".join(lines) + "\n")


def sample(text, name):
    for line in text.splitlines():
        if line.startswith(name + " "):
            return float(line.split()[-1])
    return 0.0


def start(options, folder):
    variables = dict(os.environ, LD_PRELOAD=options.faketime, FAKETIME="+0 x%g" % options.speed)
    log = open(folder / "serve.log", "w")
    return subprocess.Popen([options.program, "serve", "--config", str(folder / "config")],
                            env=variables, stdout=log, stderr=log)


async def port_of(folder):
    for _ in range(600):
        text = (folder / "serve.log").read_text()
        if "address=http://127.0.0.1:" in text:
            return int(text.split("address=http://127.0.0.1:", 1)[1].split()[0])
        await asyncio.sleep(0.1)
    sys.exit("serve did not begin: " + text)


def metrics(port):
    return urllib.request.urlopen("http://127.0.0.1:%d/metrics" % port, timeout=30).read().decode()


async def soak(options, folder):
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Site, "0.0.0.0", 0, backlog=1000)
    write_config(folder / "config", server.sockets[0].getsockname()[1], options.sources)
    program = start(options, folder)
    listen = await port_of(folder)
    began = time.monotonic()
    print("minute  requests  hosts  resident MB  leased  not read")
    try:
        for minute in range(1, options.minutes + 1):
            await asyncio.sleep(max(began + minute * 60 - time.monotonic(), 0))
            text = await loop.run_in_executor(None, metrics, listen)
            total = sum(len(times) for times in Site.log.values())
            bad = sum(float(line.split()[-1]) for line in text.splitlines()
                      if line.startswith("cluehound_fetches_total")
                      and 'outcome="ok"' not in line and 'outcome="not_modified"' not in line)
            print("%6d  %8d  %5d  %11.1f  %6d  %8d"
                  % (minute, total, len(Site.log),
                     sample(text, 'cluehound_memory_bytes{of="resident"}') / 1e6,
                     sample(text, "cluehound_leased"), bad), flush=True)
    finally:
        program.send_signal(signal.SIGTERM)
        code = program.wait(120)
    server.close()
    print("serve ended with", code)
    return code


def judge(options):
    worst, exceeded, gaps = None, 0, 0
    for number in range(options.sources):
        times = Site.log.get(address_of(number), [])
        for before, after in zip(times, times[1:]):
            gap = (after - before) * options.speed - pace_of(number)
            gaps += 1
            exceeded += gap < 0
            worst = gap if worst is None or gap < worst else worst
    if worst is None:
        sys.exit("nothing was fetched")
    print("%d gaps between requests to a host; %d shorter than its pace; the shortest is its pace %+.3f s"
          % (gaps, exceeded, worst))
    return exceeded


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", default="build/release/cluehound")
    parser.add_argument("--sources", type=int, default=500)
    parser.add_argument("--speed", type=float, default=10)
    parser.add_argument("--minutes", type=int, default=10)
    parser.add_argument("--faketime",
                        default="/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")
    options = parser.parse_args()
    try:
        # A late note is a wrong note; what is started from here runs as usual.
        os.sched_setscheduler(0, os.SCHED_FIFO | os.SCHED_RESET_ON_FORK, os.sched_param(10))
    except PermissionError:
        print("no real-time priority: notes may be late")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        code = asyncio.run(soak(options, folder))
        exceeded = judge(options)
        for line in (folder / "serve.log").read_text().splitlines():
            if " error " in line:
                print(line)
    sys.exit(1 if exceeded or code else 0)


if __name__ == "__main__":
    main()
