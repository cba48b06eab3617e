#!/usr/bin/env python3
"""Is a run the same with the live view and without? The load goes to nginx on loopback, in turn with the view on a
pseudo-terminal of 200x50, and off (--quiet on the same terminal).

   live_view.py [--rate 2000/s] [--seconds 10] [--rounds 3]

Prints median (least to greatest) of both: CPU of the generator's thread and of the rest of the process, how late
requests left, latency, and the requests that were answered."""
import argparse
import fcntl
import os
import pathlib
import pty
import struct
import subprocess
import tempfile
import termios
import threading

import measure
import servers
import threads

PROGRAM = os.environ.get("SURGEPROOF", "build/release/surgeproof")
SIZE = (50, 200)  # rows, columns: the costliest to draw


def run_once(url, directory, view, rate, seconds, cpu):
    """The figures of one run, by name."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
    argv = [PROGRAM, "load", "--rate", rate, "--for", f"{seconds}s", "--out", str(directory), url]
    process = subprocess.Popen(argv + ([] if view else ["--quiet"]), stdin=theirs, stdout=theirs, stderr=theirs,
                               preexec_fn=lambda: os.sched_setaffinity(0, cpu),
                               env=dict(os.environ, CI="", TERM="xterm-256color", LC_ALL="C.UTF-8"))
    os.close(theirs)
    drawn = bytearray()

    def read():
        try:
            while chunk := os.read(ours, 65536):
                drawn.extend(chunk)
        except OSError:
            pass  # the other side is gone

    reader = threading.Thread(target=read)
    reader.start()
    used = threads.watch(process)
    reader.join()
    os.close(ours)
    assert process.returncode in (0, 4), drawn[-2000:].decode(errors="replace")
    assert (b"\x1b[?1049h" in drawn) == view, "the view was not as asked for"
    return {**threads.figures(PROGRAM, directory, used), "bytes drawn": len(drawn)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rate", default="2000/s")
    parser.add_argument("--seconds", type=int, default=10, choices=range(2, 61), metavar="2..60")
    parser.add_argument("--rounds", type=int, default=3, choices=range(1, 11), metavar="1..10")
    options = parser.parse_args()
    server_cpu, client_cpu = measure.cpus()
    found = {True: [], False: []}
    with tempfile.TemporaryDirectory(prefix="surgeproof-view-") as directory:
        nginx = servers.Nginx(pathlib.Path(directory), server_cpu, measure.raise_descriptor_limit())
        try:
            url = servers.assert_loopback(nginx.plain)
            for i in range(options.rounds):
                for view in (True, False) if i % 2 == 0 else (False, True):
                    found[view].append(run_once(url, pathlib.Path(directory, f"{i}-{view}"), view, options.rate,
                                                options.seconds, client_cpu))
        finally:
            nginx.close()
    print(f"{options.rate} for {options.seconds}s, {options.rounds} rounds\n\n| | view on | view off |\n|---|---|---|")
    threads.print_rows([found[True], found[False]])


if __name__ == "__main__":
    main()
