"""What a run of the program cost, by thread, and how punctual it was."""
import json
import os
import pathlib
import statistics
import subprocess
import time

TICKS = os.sysconf("SC_CLK_TCK")


def by_thread(pid):
    """CPU seconds by the thread's name."""
    found = {}
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        try:
            text = (task / "stat").read_text()
        except OSError:
            continue  # it has just ended
        name = text[text.index("(") + 1:text.rindex(")")]
        user, system = text[text.rindex(")") + 2:].split()[11:13]
        found[name] = found.get(name, 0) + (int(user) + int(system)) / TICKS
    return found


def watch(process):
    """Waits for the end of a process; what each of its threads had used when it was last seen."""
    used = {}
    while process.poll() is None:
        try:
            used.update(by_thread(process.pid))
        except FileNotFoundError:
            break  # it has just ended
        time.sleep(0.1)
    process.wait()
    return used


def figures(program, directory, used):
    """The figures of one recorded run, by name."""
    report = json.loads(subprocess.run([program, "report", str(directory), "--format", "json"], capture_output=True,
                                       check=True, timeout=60).stdout)
    total, health = report["summary"]["total"], report["generator"]
    generator = sum(v for k, v in used.items() if k.startswith("generator"))
    return {
        "generator thread, CPU s": generator,
        "other threads, CPU s": sum(used.values()) - generator,
        "schedule error p50, ms": health["schedule_error_p50_ms"],
        "schedule error p99, ms": health["schedule_error_p99_ms"],
        "latency p50, ms": total["latency_p50_ms"],
        "latency p99, ms": total["latency_p99_ms"],
        "answered well": total["ok_requests"],
    }


def print_rows(columns):
    """A row of a Markdown table for each figure: median (least to greatest) of each column's runs."""
    for name in columns[0][0]:
        cells = []
        for runs in columns:
            values = [run[name] for run in runs]
            cells.append(f"{statistics.median(values):.4g} ({min(values):.4g} to {max(values):.4g})")
        print(f"| {name} | {' | '.join(cells)} |")
