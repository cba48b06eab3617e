"""Memory: does it grow with the run, and what does a connection cost?"""
import servers
from sections import Table

RATE = 10_000
IDLE_CONNECTIONS = 10_000


def memory(bench, short_s=10, long_s=60):
    """`long_s` is a minute by default; the figure in the documents is of ten."""
    t = Table("memory", f"Memory at {RATE:,}/s, 64 connections", [f"{short_s}s, MiB", f"{long_s}s, MiB"])
    for tool in bench.tools:
        row = {}
        for seconds in (short_s, long_s):
            argv = tool.open(bench.nginx.plain, RATE, 64, seconds)
            if argv is None:
                break
            if result := bench.told(tool, argv, bench.nginx.plain, seconds, t):
                row[f"{seconds}s, MiB"] = [result[0].rss_mib]
        if row:
            t.rows[tool.name] = row
    short, long = (t.median("surgeproof", c) for c in t.columns)
    t.goal("grown by (MB)", short and long and (long - short) * 1.048576, 2)
    t.goal("in all (MB)", long and long * 1.048576, 20)
    return [t]


def connections(bench):
    """Many connections at once, each with one request that is answered after 20 s, against the same requests over few
    connections: the difference is what the connections cost."""
    seconds = 20
    rate = IDLE_CONNECTIONS // seconds
    t = Table("connections", f"Memory of {IDLE_CONNECTIONS:,} connections", ["few, MiB", "many, MiB", "kB each"])
    for kind, certificate, most in (("plain", None, 8), ("TLS 1.3", bench.nginx.ca, 30)):
        server = servers.DelayServer(seconds, bench.server_cpu, certificate)
        try:
            fast = bench.nginx.tls if certificate else bench.nginx.plain
            for tool in bench.tools:
                if tool.name != "surgeproof":
                    continue
                ca = ["--cacert", bench.nginx.ca] if certificate else []
                few = bench.told(tool, [*tool.open(fast, rate, 16, seconds), *ca], fast, 30, t)
                many = bench.told(tool, [*tool.open(server.url, rate, IDLE_CONNECTIONS, seconds), *ca], server.url, 60, t)
                if not few or not many:
                    continue
                if many[1].requests < 0.99 * IDLE_CONNECTIONS:
                    t.notes.append(f"{kind}: only {many[1].requests} requests were answered")
                each = (many[0].rss_mib - few[0].rss_mib) * 1048.576 / IDLE_CONNECTIONS
                t.rows[f"{tool.name}, {kind}"] = {"few, MiB": [few[0].rss_mib], "many, MiB": [many[0].rss_mib], "kB each": [each]}
                t.goal(f"{kind}: kB each", each, most)
        finally:
            server.close()
    return [t]
