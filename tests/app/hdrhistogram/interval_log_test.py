"""The interval log as the PyPI package `hdrhistogram` reads it, against the recording beside it: interval_log_test.py RUN

Every request's counts, bucket by bucket, its percentiles and its maximum must be equal.
"""
import collections
import json
import pathlib
import re
import sys
import urllib.parse

from hdrh.histogram import HdrHistogram
from hdrh.log import HistogramLogReader

TOP_US = (1 << 30) - 1
PERCENTILES = (1, 10, 25, 50, 75, 90, 95, 99, 99.9, 99.99, 100)


def highest_of(index: int) -> int:
    """The layout of docs/RUN_DIRECTORY.md, written once more."""
    if index < 2048:
        return index
    shift = (index - 2048) // 1024 + 1
    return (((index - 2048) % 1024 + 1024 + 1) << shift) - 1


def recorded(run: pathlib.Path):
    """Request name -> bucket index -> count, of the recording."""
    requests = collections.defaultdict(collections.Counter)
    for line in (run / "load.ndjson").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if record["record"] == "load_window":
            for index, count in record.get("latency", {}).get("buckets", []):
                requests[record.get("request", "")][index] += count
    return requests


def percentile(buckets, share: float) -> int:
    wanted = max(1, int(share / 100 * sum(buckets.values()) + 0.5))
    seen = 0
    for index in sorted(buckets):
        seen += buckets[index]
        if seen >= wanted:
            return highest_of(index)
    raise AssertionError("no value")


def read_log(path: pathlib.Path):
    """Request name -> the sum of its intervals, as the reader decodes them; and the intervals' times in milliseconds."""
    sums, times = {}, collections.defaultdict(list)
    reader = HistogramLogReader(str(path), HdrHistogram(1, TOP_US, 3))
    while (interval := reader.get_next_interval_histogram()) is not None:
        name = urllib.parse.unquote(interval.get_tag())
        sums.setdefault(name, HdrHistogram(1, TOP_US, 3)).add(interval)
        times[name].append((interval.get_start_time_stamp(), interval.get_end_time_stamp()))
    return sums, times


def check(run: pathlib.Path) -> int:
    expected = recorded(run)
    sums, times = read_log(run / "latency.hlog")
    assert expected, "the recording holds no answer"
    assert sorted(sums) == sorted(expected), (sorted(sums), sorted(expected))
    for name, buckets in expected.items():
        histogram = sums[name]
        assert histogram.get_total_count() == sum(buckets.values()), name
        # Bucket by bucket: the reader's counts array is indexed as ours.
        for index in range(histogram.counts_len):
            assert histogram.get_count_at_index(index) == buckets[index], (name, index)
        for share in PERCENTILES:
            assert histogram.get_value_at_percentile(share) == percentile(buckets, share), (name, share)
        for (_, end), (begin, _) in zip(times[name], times[name][1:]):
            assert begin >= end - 1.01, f"{name}: intervals overlap"  # stamps have a millisecond's resolution
    text = (run / "latency.hlog").read_text(encoding="utf-8")
    assert re.match(r"#\[.*\]\n#\[Histogram log format version 1\.3\]\n#\[StartTime: \d+\.\d{3} \(seconds since epoch\)", text)
    print(f"{run}: {len(expected)} requests, {sum(h.get_total_count() for h in sums.values())} answers: equal")
    return 0


if __name__ == "__main__":
    sys.exit(check(pathlib.Path(sys.argv[1])))
