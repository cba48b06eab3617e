"""How each load generator is asked for the same thing, and how its answer is read.

A tool gives argument vectors for a closed loop and for an open loop at a rate (None: it cannot), and reads its own
output into a Told.
"""
import dataclasses
import json
import os
import pathlib
import re
import shutil

CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "surgeproof-bench" / "bin"


@dataclasses.dataclass
class Told:
    """What a tool says of its run; latencies in milliseconds, by percentile ("p50", …, "max", "mean")."""
    requests: int = 0
    failed: int = 0
    not_sent: int = 0
    latency_ms: dict = dataclasses.field(default_factory=dict)
    schedule_error_ms: dict = dataclasses.field(default_factory=dict)


def find(name):
    return shutil.which(name) or shutil.which(name, path=str(CACHE))


def milliseconds(text) -> float:
    """"1.2ms", "873us", "0.5s", "1.2m"; 0 for what is no duration."""
    m = re.fullmatch(r"([0-9.]+)(ns|us|µs|ms|s|m|h)", text.strip())
    if not m:
        return 0.0
    return float(m[1]) * {"ns": 1e-6, "us": 1e-3, "µs": 1e-3, "ms": 1, "s": 1e3, "m": 6e4, "h": 3.6e6}[m[2]]


def number(pattern, text, default=0.0):
    m = re.search(pattern, text, re.M)
    return float(m[1].replace(",", "")) if m else default


class Tool:
    name = ""
    program = ""

    def path(self):
        return find(self.program or self.name)

    def closed(self, url, connections, seconds, ca=None, http=None):
        return None

    def open(self, url, rate, connections, seconds):
        return None

    def read(self, cost) -> Told:
        raise NotImplementedError


class Surgeproof(Tool):
    name = "surgeproof"

    def path(self):
        return os.environ.get("SURGEPROOF") or find("surgeproof")

    def common(self, ca=None, http=None):
        return ["--workers", 1, "--json", "--timeout", "30s"] + (["--cacert", ca] if ca else []) + (["--http", http] if http else [])

    def closed(self, url, connections, seconds, ca=None, http=None):
        if http:  # one connection, so many streams
            return [self.path(), "load", "--closed", "-c", 1, "--streams", connections, "--for", f"{seconds}s",
                    *self.common(ca, http), url]
        return [self.path(), "load", "--closed", "-c", connections, "--for", f"{seconds}s", *self.common(ca, http), url]

    def open(self, url, rate, connections, seconds):
        return [self.path(), "load", "--rate", rate, "-c", connections, "--for", f"{seconds}s", *self.common(), url]

    def read(self, cost):
        d = json.loads(cost.out)
        r, g = d["requests"], d["generator"]
        latency = {k: v for k, v in d["latency_ms"].items() if k != "requests" and v is not None}
        return Told(r["answered"], r["errors"] + r["dropped"] + r["generator_errors"], r["unsent"], latency,
                    {k: g[f"schedule_error_{k}_ms"] for k in ("p50", "p99", "max") if g[f"schedule_error_{k}_ms"] is not None})


class Thrifty(Surgeproof):
    """Sleeps only, where the default also polls through the last moments before a request is due."""
    name = "surgeproof --pacing thrifty"

    def closed(self, url, connections, seconds, ca=None, http=None):
        return None  # there is nothing to pace

    def open(self, url, rate, connections, seconds):
        return [*super().open(url, rate, connections, seconds), "--pacing", "thrifty"]


class Wrk(Tool):
    name = "wrk"

    def closed(self, url, connections, seconds, ca=None, http=None):
        if http:
            return None
        return [self.path(), "-t", 1, "-c", connections, "-d", f"{seconds}s", "--latency", url]

    def read(self, cost):
        latency = {f"p{p}": milliseconds(v) for p, v in re.findall(r"^\s+([0-9.]+?)(?:\.?0*)%\s+(\S+)$", cost.out, re.M)}
        errors = sum(int(n) for n in re.findall(r"(?:connect|read|write|timeout) (\d+)", cost.out))
        return Told(int(number(r"(\d+) requests in", cost.out)), errors, 0, latency)


class Wrk2(Wrk):
    name = "wrk2"

    def closed(self, url, connections, seconds, ca=None, http=None):
        return None

    def open(self, url, rate, connections, seconds):
        return [self.path(), "-t", 1, "-c", connections, "-d", f"{seconds}s", "-R", rate, "--latency", url]


class H2load(Tool):
    name = "h2load"

    def closed(self, url, connections, seconds, ca=None, http=None):
        if http:  # one connection, so many streams
            return [self.path(), "-t", 1, "-c", 1, "-m", connections, "-D", seconds, url]
        return [self.path(), "--h1", "-t", 1, "-c", connections, "-D", seconds, url]

    def open(self, url, rate, connections, seconds):
        return [self.path(), "--h1", "-t", 1, "-c", connections, "-D", seconds, "--rps", rate / connections, url]

    def read(self, cost):
        times = re.search(r"^time for request:\s+(.*)$", cost.out, re.M)
        latency = {}
        if times:
            _, longest, mean, *_ = times[1].split()
            latency = {"max": milliseconds(longest), "mean": milliseconds(mean)}
        return Told(int(number(r"(\d+) succeeded", cost.out)), int(number(r"(\d+) failed", cost.out)), 0, latency)


class Oha(Tool):
    name = "oha"

    def closed(self, url, connections, seconds, ca=None, http=None):
        if http:
            return [self.path(), "--no-tui", "-j", "--http2", "-c", 1, "-p", connections, "-z", f"{seconds}s", "--insecure", url]
        return [self.path(), "--no-tui", "-j", "-c", connections, "-z", f"{seconds}s", "--insecure", url]

    def open(self, url, rate, connections, seconds):
        return [self.path(), "--no-tui", "-j", "-c", connections, "-z", f"{seconds}s", "-q", rate, "--latency-correction", url]

    def read(self, cost):
        d = json.loads(cost.out)
        latency = {k: v * 1e3 for k, v in d["latencyPercentiles"].items() if v is not None}
        latency |= {"max": d["summary"]["slowest"] * 1e3, "mean": d["summary"]["average"] * 1e3}
        return Told(sum(d["statusCodeDistribution"].values()), sum(d["errorDistribution"].values()), 0, latency)


class Hey(Tool):
    name = "hey"

    def closed(self, url, connections, seconds, ca=None, http=None):
        return None if http else [self.path(), "-cpus", 1, "-c", connections, "-z", f"{seconds}s", url]

    def open(self, url, rate, connections, seconds):
        return [self.path(), "-cpus", 1, "-c", connections, "-z", f"{seconds}s", "-q", rate / connections, url]

    def read(self, cost):
        latency = {f"p{p}": float(v) * 1e3 for p, v in re.findall(r"^\s+(\d+)%+ in ([0-9.]+) secs", cost.out, re.M)}
        latency |= {"max": number(r"Slowest:\s+([0-9.]+)", cost.out) * 1e3, "mean": number(r"Average:\s+([0-9.]+)", cost.out) * 1e3}
        ok = sum(int(n) for n in re.findall(r"\[\d+\]\s+(\d+) responses", cost.out))
        return Told(ok, 0, 0, latency)


class Vegeta(Tool):
    """An attack and its report, in a shell: the CPU of both counts, as both are needed for the figures."""
    name = "vegeta"

    def attack(self, url, rate, connections, seconds):
        return ["sh", "-c", f"echo 'GET {url}' | {self.path()} -cpus 1 attack -rate={rate} -duration={seconds}s "
                f"-workers={connections} -max-workers={connections} -connections={connections} | "
                f"{self.path()} report -type=json"]

    def closed(self, url, connections, seconds, ca=None, http=None):
        return None if ca or http else self.attack(url, 0, connections, seconds)

    def open(self, url, rate, connections, seconds):
        return self.attack(url, f"{rate}/s", connections, seconds)

    def read(self, cost):
        d = json.loads(cost.out)
        names = {"50th": "p50", "90th": "p90", "95th": "p95", "99th": "p99", "max": "max", "mean": "mean"}
        ok = d["status_codes"].get("200", 0)
        return Told(ok, d["requests"] - ok, 0, {ours: d["latencies"][theirs] / 1e6 for theirs, ours in names.items()})


class Fortio(Tool):
    name = "fortio"

    def command(self, url, rate, connections, seconds):
        return [self.path(), "load", "-quiet", "-allow-initial-errors", "-c", connections, "-qps", rate, "-t", f"{seconds}s",
                "-p", "50,90,95,99,99.9", "-json", "-", url]

    def closed(self, url, connections, seconds, ca=None, http=None):
        return None if ca or http else self.command(url, 0, connections, seconds)

    def open(self, url, rate, connections, seconds):
        return self.command(url, rate, connections, seconds)

    def read(self, cost):
        d = json.loads(cost.out[cost.out.index("{"):])
        h = d["DurationHistogram"]
        latency = {f"p{p['Percentile']:g}": p["Value"] * 1e3 for p in h["Percentiles"]}
        latency |= {"max": h["Max"] * 1e3, "mean": h["Avg"] * 1e3}
        ok = d["RetCodes"].get("200", 0)
        return Told(ok, h["Count"] - ok, 0, latency)


class K6(Tool):
    name = "k6"
    SCRIPT = """
import http from 'k6/http';
export const options = {{ discardResponseBodies: true, summaryTrendStats: ['avg','p(50)','p(90)','p(95)','p(99)','p(99.9)','max'],
  scenarios: {{ a: {{ executor: 'constant-arrival-rate', rate: {rate}, timeUnit: '1s', duration: '{seconds}s',
    preAllocatedVUs: {connections}, maxVUs: {connections} }} }} }};
export default function () {{ http.get('{url}'); }}
export function handleSummary(data) {{ return {{ stdout: JSON.stringify(data) }}; }}
"""

    def open(self, url, rate, connections, seconds):
        script = pathlib.Path(os.environ["BENCH_DIRECTORY"]) / f"k6-{rate}.js"
        script.write_text(self.SCRIPT.format(url=url, rate=rate, connections=connections, seconds=seconds))
        return [self.path(), "run", "--quiet", "--no-usage-report", script]

    def read(self, cost):
        m = json.loads(cost.out[cost.out.index("{"):])["metrics"]
        d = m["http_req_duration"]["values"]
        latency = {("mean" if k == "avg" else k.replace("(", "").replace(")", "")): v for k, v in d.items()}
        dropped = m.get("dropped_iterations", {"values": {"count": 0}})["values"]["count"]
        return Told(int(m["http_reqs"]["values"]["count"]), 0, int(dropped), latency)


ALL = [Surgeproof(), Thrifty(), Wrk(), Wrk2(), H2load(), Oha(), Hey(), Vegeta(), Fortio(), K6()]


def present():
    """(tools that are here, names of those that are not)."""
    here = [t for t in ALL if t.path()]
    return here, [t.name for t in ALL if t not in here]
