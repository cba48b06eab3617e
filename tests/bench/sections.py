"""What is measured. Each section runs the tools in turn, round by round, and returns a Table."""
import dataclasses
import threading
import time

import measure
import servers
from tools import Thrifty


@dataclasses.dataclass
class Table:
    key: str
    title: str
    columns: list                       # names of figures, with units
    rows: dict = dataclasses.field(default_factory=dict)   # tool -> figure -> list of values
    notes: list = dataclasses.field(default_factory=list)
    goals: list = dataclasses.field(default_factory=list)  # (what, reached value or None, goal in words, met)

    def median(self, tool, figure):
        values = self.rows.get(tool, {}).get(figure)
        return measure.Spread(values).as_json()["median"] if values else None

    def goal(self, what, value, limit, at_least=False):
        """`value` against `limit`; a figure that was not measured meets nothing and breaks nothing."""
        met = None if value is None or limit is None else (value >= limit if at_least else value <= limit)
        self.goals.append({"what": what, "value": value, "limit": limit, "met": met})

    def markdown(self):
        lines = [f"### {self.title}", "", "| | " + " | ".join(self.columns) + " |", "|---" * (len(self.columns) + 1) + "|"]
        for tool, figures in self.rows.items():
            lines.append(f"| {tool} | " + " | ".join(str(measure.Spread(figures.get(c, []))) for c in self.columns) + " |")
        lines += ["", *[f"{n}  " for n in self.notes]]
        for g in self.goals:
            word = {True: "met", False: "**missed**", None: "not measured"}[g["met"]]
            lines.append(f"- {g['what']}: {measure.figure(g['value'])} (goal {measure.figure(g['limit'])}), {word}")
        return "\n".join(lines) + "\n"


class Bench:
    def __init__(self, tools, nginx, server_cpu, client_cpu, rounds, seconds):
        self.tools = tools
        self.nginx = nginx
        self.server_cpu = server_cpu
        self.client_cpu = client_cpu
        self.rounds = rounds
        self.seconds = seconds

    def run(self, argv, url, seconds, meanwhile=None):
        """One run of one tool, pinned; None when it failed."""
        servers.assert_loopback(url)
        thread = threading.Thread(target=meanwhile) if meanwhile else None
        if thread:
            thread.start()
        cost = measure.run(argv, cpu=self.client_cpu, timeout=seconds + 60)
        if thread:
            thread.join()
        time.sleep(0.3)  # closed connections leave the server
        return cost

    def told(self, tool, argv, url, seconds, table, meanwhile=None):
        cost = self.run(argv, url, seconds, meanwhile)
        try:
            told = tool.read(cost)
        except (ValueError, KeyError, AttributeError, IndexError) as e:
            table.notes.append(f"{tool.name}: its output could not be read ({e!r}); {cost.err.strip()[-200:]}")
            return None
        if told.requests == 0:
            table.notes.append(f"{tool.name}: no request was answered; {(cost.err or cost.out).strip()[-200:]}")
            return None
        return cost, told

    def closed_table(self, key, title, url, ca=None, http=None, connections=64, only=None):
        table = Table(key, title, ["requests/s per core", "CPU µs/request", "requests/s"])
        for _ in range(self.rounds):
            for tool in self.tools:
                argv = tool.closed(url, connections, self.seconds, ca, http)
                if argv is None or (only and tool.name not in only):
                    continue
                if result := self.told(tool, argv, url, self.seconds, table):
                    cost, told = result
                    table.rows.setdefault(tool.name, {})
                    row = table.rows[tool.name]
                    row.setdefault("requests/s per core", []).append(told.requests / cost.cpu_s)
                    row.setdefault("CPU µs/request", []).append(cost.cpu_s / told.requests * 1e6)
                    row.setdefault("requests/s", []).append(told.requests / self.seconds)
        return table


def closed(bench):
    t = bench.closed_table("closed", "Closed loop, 64 connections, HTTP/1.1", bench.nginx.plain)
    ours, wrk = t.median("surgeproof", "requests/s per core"), t.median("wrk", "requests/s per core")
    t.goal("requests per second per client core, times wrk's", ours and wrk and ours / wrk, 1.0, at_least=True)
    return [t]


def tls(bench):
    t = bench.closed_table("tls", "Closed loop, 64 connections, HTTPS", bench.nginx.tls, ca=bench.nginx.ca,
                           only=("surgeproof", "wrk", "h2load", "oha"))
    ours, wrk = t.median("surgeproof", "CPU µs/request"), t.median("wrk", "CPU µs/request")
    t.goal("CPU per request, times wrk's", ours and wrk and ours / wrk, 1.0)
    return [t]


def http2(bench):
    tables = []
    for key, title, url, ca, http in (("h2", "HTTP/2 over TLS, 100 streams", bench.nginx.h2, bench.nginx.ca, "2"),
                                      ("h2c", "h2c, 100 streams", bench.nginx.h2c, None, "h2c")):
        t = bench.closed_table(key, title, url, ca=ca, http=http, connections=100, only=("surgeproof", "h2load", "oha"))
        ours, theirs = t.median("surgeproof", "CPU µs/request"), t.median("h2load", "CPU µs/request")
        t.goal("CPU per request, times h2load's", ours and theirs and ours / theirs, 1.0)
        tables.append(t)
    return tables


OPEN_RATE = 20_000


def open_loop(bench):
    t = Table("open", f"Open loop, {OPEN_RATE:,}/s wanted, 64 connections",
              ["CPU µs/request", "answered/s", "p50 ms", "p99 ms", "max ms", "late p50 ms", "late p99 ms"])
    for _ in range(bench.rounds):
        for tool in bench.tools:
            argv = tool.open(bench.nginx.plain, OPEN_RATE, 64, bench.seconds)
            if argv is None:
                continue
            if result := bench.told(tool, argv, bench.nginx.plain, bench.seconds, t):
                cost, told = result
                values = {"CPU µs/request": cost.cpu_s / told.requests * 1e6, "answered/s": told.requests / bench.seconds,
                          "p50 ms": told.latency_ms.get("p50"), "p99 ms": told.latency_ms.get("p99"),
                          "max ms": told.latency_ms.get("max"), "late p50 ms": told.schedule_error_ms.get("p50"),
                          "late p99 ms": told.schedule_error_ms.get("p99")}
                row = t.rows.setdefault(tool.name, {})
                for name, value in values.items():
                    if value is not None:
                        row.setdefault(name, []).append(value)
    # The default is punctual, thrifty pacing batches as the peers do: each goal is held against both.
    for row in ("surgeproof", Thrifty.name):
        ours = t.median(row, "CPU µs/request")
        for name, most in (("wrk2", 0.75), ("h2load", 1.0), ("oha", 0.5)):
            theirs = t.median(name, "CPU µs/request")
            t.goal(f"{row}: CPU per request, times {name}'s", ours and theirs and ours / theirs, most)
    t.goal("p99 ms, against oha's", t.median("surgeproof", "p99 ms"), t.median("oha", "p99 ms"))
    t.goal("schedule error p50 ms", t.median("surgeproof", "late p50 ms"), 0.020)
    t.goal("schedule error p99 ms", t.median("surgeproof", "late p99 ms"), 0.200)
    return [t]


# A server that is frozen for 1 s of 10 at 1,000/s: 1,000 of 10,000 requests wait, evenly spread over 0 to 1 s.
STALL_TRUTH_MS = {"mean": 50, "p95": 500, "p99": 900, "p99.9": 990, "max": 1000}


def stall(bench):
    rate, seconds = 1000, 10
    t = Table("stall", "Stall: the server stands still for 1 s of 10, at 1,000/s",
              ["answered", "not sent", "mean ms", "p90 ms", "p95 ms", "p99 ms", "p99.9 ms", "max ms"])
    t.rows["(truth)"] = {"answered": [10_000], "not sent": [0], "p90 ms": [],
                         **{f"{k} ms": [v] for k, v in STALL_TRUTH_MS.items()}}
    t.notes.append("The 90th percentile sits on the step: anything from 0 to 50 ms is right.")
    real = []

    def freeze():
        time.sleep(4)
        real.append(bench.nginx.freeze(1.0))

    for _ in range(bench.rounds):
        for tool in bench.tools:
            argv = tool.open(bench.nginx.plain, rate, 64, seconds)
            if argv is None:
                continue
            if result := bench.told(tool, argv, bench.nginx.plain, seconds, t, meanwhile=freeze):
                told = result[1]
                row = t.rows.setdefault(tool.name, {})
                for name, value in {"answered": told.requests, "not sent": told.not_sent,
                                    **{f"{k} ms": told.latency_ms.get(k) for k in ("mean", "p90", "p95", "p99", "p99.9", "max")}}.items():
                    if value is not None:
                        row.setdefault(name, []).append(value)
    t.notes.append(f"The freeze really took {min(real, default=0) * 1e3:.1f} to {max(real, default=0) * 1e3:.1f} ms.")
    for name, truth in STALL_TRUTH_MS.items():
        value = t.median("surgeproof", f"{name} ms")
        t.goal(f"{name}: off the truth by (%)", value and abs(value - truth) / truth * 100, 1)
    t.goal("requests answered", t.median("surgeproof", "answered"), 10_000, at_least=True)
    return [t]


def exact(bench):
    rate = 2000
    t = Table("exact", "A server that takes 5 ms, at 2,000/s", ["answered/s", "p50 ms", "p99 ms", "max ms"])
    server = servers.DelayServer(0.005, bench.server_cpu)
    try:
        for _ in range(bench.rounds):
            for tool in bench.tools:
                argv = tool.open(server.url, rate, 64, bench.seconds)
                if argv is None:
                    continue
                if result := bench.told(tool, argv, server.url, bench.seconds, t):
                    told = result[1]
                    row = t.rows.setdefault(tool.name, {})
                    for name, value in {"answered/s": told.requests / bench.seconds,
                                        **{f"{k} ms": told.latency_ms.get(k) for k in ("p50", "p99", "max")}}.items():
                        if value is not None:
                            row.setdefault(name, []).append(value)
    finally:
        server.close()
    t.goal("p50 ms", t.median("surgeproof", "p50 ms"), 5.15)
    t.goal("p99 ms", t.median("surgeproof", "p99 ms"), 5.6)
    return [t]
