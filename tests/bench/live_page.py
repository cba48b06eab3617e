#!/usr/bin/env python3
"""Does it matter to the load who looks at the live page? The load goes to nginx on loopback, in turn with `run --live`
and nobody there, one who follows it as a browser does, ones who never read what they asked for, and ones who vanish.

   live_page.py [--rate 2000/s] [--seconds 8] [--rounds 3]

Prints median (least to greatest) of each: CPU of the generator's thread and of the rest of the process, how late
requests left, latency, the requests that were answered, and what the onlookers got."""
import argparse
import os
import pathlib
import re
import socket
import struct
import subprocess
import tempfile
import threading
import time

import measure
import servers
import threads

PROGRAM = os.environ.get("SURGEPROOF", "build/release/surgeproof")
SCENARIO = """\
name: looked at
target: {url}
load: [{{name: steady, hold: {rate}, for: {seconds}s}}]
criteria: [{{dropped_requests: 0}}]
"""
STALLED = 16   # onlookers that never read
VANISHING = 8  # onlookers at a time that go away within a moment


class Onlookers:
    """Threads that look at the page until stop(); `bytes` is what they read."""

    def __init__(self, kind, port):
        self.bytes, self.visits, self._port, self._over, self._lock = 0, 0, port, threading.Event(), threading.Lock()
        work = {"nobody": [], "follows": [self.follow], "never reads": [self.stall] * STALLED,
                "vanishes": [self.vanish] * VANISHING}[kind]
        self._threads = [threading.Thread(target=f) for f in work]
        for t in self._threads:
            t.start()

    def stop(self):
        self._over.set()
        for t in self._threads:
            t.join(timeout=30)

    def ask(self, path, receive_buffer=None):
        s = socket.socket()
        if receive_buffer:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        s.settimeout(1)
        s.connect(("127.0.0.1", self._port))
        s.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n\r\n".encode())
        with self._lock:
            self.visits += 1
        return s

    def take(self, s, seconds, until=b""):
        """What comes within a time, or until there is something in it."""
        data, end = b"", time.monotonic() + seconds
        while time.monotonic() < end and not self._over.is_set():
            try:
                chunk = s.recv(65536)
            except TimeoutError:
                continue
            if not chunk:
                break
            data += chunk
            if until and until in data:
                break
        with self._lock:
            self.bytes += len(data)
        return data

    def follow(self):
        """Waits for an event and then fetches the page, as the page's own script does."""
        try:
            with self.ask("/events") as events:
                while not self._over.is_set():
                    with self.ask("/") as page:
                        self.take(page, 10, b"</html>")
                    if b"event: over" in self.take(events, 3, b"event:"):
                        return
        except OSError:
            pass  # the run is over

    def stall(self):
        """Asks for page after page and for events, and reads nothing."""
        try:
            with self.ask("/events", 2048), self.ask("/", 2048) as page:
                while not self._over.wait(0.2):
                    try:
                        page.sendall(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n\r\n".encode())
                    except OSError:
                        break
                self._over.wait()
        except OSError:
            pass

    def vanish(self):
        """Comes, asks, and resets the connection while it is answered, ten times a second."""
        while not self._over.wait(0.1):
            try:
                for path in ("/", "/events"):
                    with self.ask(path) as s:
                        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            except OSError:
                return


def run_once(url, directory, kind, rate, seconds, cpu):
    """The figures of one run, by name."""
    scenario = directory.with_suffix(".yaml")
    scenario.write_text(SCENARIO.format(url=url, rate=rate, seconds=seconds))
    process = subprocess.Popen([PROGRAM, "run", scenario, "--out", directory, "--plain", "--live"], text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               preexec_fn=lambda: os.sched_setaffinity(0, cpu))
    printed = []
    for line in process.stdout:
        printed.append(line)
        if at := re.match(r"Live +http://127\.0\.0\.1:(\d+)", line):
            break
    else:
        raise RuntimeError("".join(printed))
    drain = threading.Thread(target=lambda: printed.extend(process.stdout))
    drain.start()
    onlookers = Onlookers(kind, int(at.group(1)))
    used = threads.watch(process)
    onlookers.stop()
    drain.join()
    process.stdout.close()
    assert process.returncode == 0, "".join(printed)
    return {**threads.figures(PROGRAM, directory, used), "visits": onlookers.visits, "kB read": onlookers.bytes / 1000}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rate", default="2000/s")
    parser.add_argument("--seconds", type=int, default=8, choices=range(2, 61), metavar="2..60")
    parser.add_argument("--rounds", type=int, default=3, choices=range(1, 11), metavar="1..10")
    options = parser.parse_args()
    server_cpu, client_cpu = measure.cpus()
    kinds = ["nobody", "follows", "never reads", "vanishes"]
    found = {kind: [] for kind in kinds}
    with tempfile.TemporaryDirectory(prefix="surgeproof-page-") as directory:
        nginx = servers.Nginx(pathlib.Path(directory), server_cpu, measure.raise_descriptor_limit())
        try:
            url = servers.assert_loopback(nginx.plain)
            for i in range(options.rounds):
                for kind in kinds if i % 2 == 0 else reversed(kinds):
                    out = pathlib.Path(directory, f"{i}-{kind.replace(' ', '-')}")
                    found[kind].append(run_once(url, out, kind, options.rate, options.seconds, client_cpu))
        finally:
            nginx.close()
    print(f"{options.rate} for {options.seconds}s, {options.rounds} rounds; {STALLED} that never read, {VANISHING} at a time"
          f" that vanish\n\n| | {' | '.join(kinds)} |\n|---|{'---|' * len(kinds)}")
    threads.print_rows([found[kind] for kind in kinds])


if __name__ == "__main__":
    main()
