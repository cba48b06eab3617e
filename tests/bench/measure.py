"""Runs one program on chosen CPUs and says what it cost."""
import dataclasses
import os
import resource
import signal
import statistics
import subprocess
import tempfile
import threading
import time


@dataclasses.dataclass
class Cost:
    code: int
    out: str
    err: str
    cpu_s: float      # user and system, of the process and its threads
    wall_s: float
    rss_mib: float    # the most at any time


def cpus():
    """(server's, client's): one core each where there are two."""
    usable = sorted(os.sched_getaffinity(0))
    return ({usable[0]}, {usable[1]}) if len(usable) > 1 else (set(usable), set(usable))


def run(argv, cpu=None, timeout=60, stdin=None) -> Cost:
    """Runs to the end; after `timeout` seconds it is killed and code is -9."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        began = time.monotonic()
        process = subprocess.Popen(
            [str(a) for a in argv], stdout=out, stderr=err, stdin=stdin or subprocess.DEVNULL,
            preexec_fn=(lambda: os.sched_setaffinity(0, cpu)) if cpu else None,
            env=dict(os.environ, CI="1", NO_COLOR="1"))
        killer = threading.Timer(timeout, process.send_signal, [signal.SIGKILL])
        killer.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        finally:
            killer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return Cost(process.returncode, out.read(), err.read(), usage.ru_utime + usage.ru_stime,
                    time.monotonic() - began, usage.ru_maxrss / 1024)


def raise_descriptor_limit():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


@dataclasses.dataclass
class Spread:
    """Several rounds of one figure."""
    values: list

    def as_json(self):
        return {"median": statistics.median(self.values), "min": min(self.values), "max": max(self.values),
                "rounds": len(self.values)}

    def __str__(self):
        if not self.values:
            return "–"
        middle = statistics.median(self.values)
        if len(self.values) == 1:
            return figure(middle)
        return f"{figure(middle)} ({figure(min(self.values))} to {figure(max(self.values))})"


def figure(value) -> str:
    """Three significant digits, thousands grouped."""
    if value is None:
        return "–"
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) >= 0.001 else f"{value:.1g}"
