#!/usr/bin/env python3
"""Surgeproof's generator and its peers, in turn, against nginx on loopback: a Markdown table and JSON.

    tests/bench/bench.py                         everything, three rounds of 5 s: about 15 minutes
    tests/bench/bench.py --only closed,open --rounds 5
    tests/bench/bench.py --tools surgeproof,wrk --only closed

The server has one core, the client another. Peers that are missing are skipped by name; tests/bench/peers.sh fetches
some. $SURGEPROOF names our program (build/release/surgeproof).
"""
import argparse
import json
import os
import pathlib
import platform
import sys
import tempfile
import time

import measure
import memory
import sections
import servers
import tools

SECTIONS = {"closed": sections.closed, "open": sections.open_loop, "stall": sections.stall, "exact": sections.exact,
            "tls": sections.tls, "h2": sections.http2, "memory": memory.memory, "connections": memory.connections}


def machine():
    model = next((line.split(":", 1)[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    return f"{model}, {len(os.sched_getaffinity(0))} CPUs usable, Linux {platform.release().split('-')[0]}"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(SECTIONS), help="of " + ", ".join(SECTIONS))
    parser.add_argument("--tools", default="", help="only these")
    parser.add_argument("--rounds", type=int, default=3, choices=range(1, 21), metavar="N")
    parser.add_argument("--seconds", type=int, default=5, choices=range(1, 121), metavar="S", help="of each run")
    parser.add_argument("--memory-seconds", type=int, default=60, choices=range(10, 1201), metavar="S",
                        help="of the longer run for memory (60)")
    parser.add_argument("--json", type=pathlib.Path, help="write the figures there, too")
    chosen = parser.parse_args()
    if unknown := set(chosen.only.split(",")) - set(SECTIONS):
        parser.error(f"--only: no {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}")
    return chosen


def main():
    chosen = arguments()
    os.environ.setdefault("SURGEPROOF", str(pathlib.Path(__file__).resolve().parents[2] / "build/release/surgeproof"))
    if not os.access(os.environ["SURGEPROOF"], os.X_OK):
        sys.exit(f"bench: {os.environ['SURGEPROOF']} is no program; script/build release makes it, $SURGEPROOF names another")
    here, missing = tools.present()
    if chosen.tools:
        here = [t for t in here if t.name in chosen.tools.split(",")]
    files = measure.raise_descriptor_limit()
    server_cpu, client_cpu = measure.cpus()
    print(f"{time.strftime('%Y-%m-%d')}, {machine()}; server on CPU {sorted(server_cpu)}, client on {sorted(client_cpu)}; "
          f"{chosen.rounds} rounds of {chosen.seconds}s; median (min to max)\n")
    print(f"Missing peers, skipped: {', '.join(missing) or 'none'}\n", flush=True)
    result = {"date": time.strftime("%Y-%m-%d"), "machine": machine(), "rounds": chosen.rounds, "seconds": chosen.seconds,
              "missing": missing, "tables": {}}
    with tempfile.TemporaryDirectory(prefix="surgeproof-bench-") as directory:
        os.environ["BENCH_DIRECTORY"] = directory
        nginx = servers.Nginx(pathlib.Path(directory), server_cpu, files)
        try:
            bench = sections.Bench(here, nginx, server_cpu, client_cpu, chosen.rounds, chosen.seconds)
            for key in chosen.only.split(","):
                extra = {"long_s": chosen.memory_seconds} if key == "memory" else {}
                for table in SECTIONS[key](bench, **extra):
                    print(table.markdown(), flush=True)
                    result["tables"][table.key] = {
                        "title": table.title, "notes": table.notes, "goals": table.goals,
                        "rows": {tool: {name: measure.Spread(values).as_json() for name, values in row.items() if values}
                                 for tool, row in table.rows.items()}}
        finally:
            nginx.close()
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
