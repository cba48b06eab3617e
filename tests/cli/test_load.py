"""`surgeproof load`: gates and exit codes, JSON by its schema, clear refusals, a summary after Ctrl-C."""
import json
import os
import pathlib
import signal
import socket
import subprocess
import threading
import time

import bad_server
import jsonschema
from surgeproof import PROGRAM, ProgramTest, run

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = jsonschema.Draft7Validator(json.loads((ROOT / "reports/load.schema.json").read_text(encoding="utf-8")))

# What is wrong on the command line (the URL follows), and what the one message must hold.
REFUSALS = [
    ([], ["--rate 100/s", "--closed"]),
    (["--rate", "5s"], ["--rate 5s", "is no rate"]),
    (["--rate", "-5"], ["--rate"]),
    (["--rate", "100", "--for", "3"], ["--for 3", "unit", "3s"]),
    (["--rate", "100", "--for", "0s"], ["--for 0s"]),
    (["--rate", "100", "--for", "9999999h"], ["--for"]),
    (["--rate", "100", "-n", "5", "--for", "3s"], ["--requests and --for"]),
    (["--closed", "--rate", "100"], ["--closed and --rate"]),
    (["--closed", "--connections", "0"], ["connections"]),
    (["--closed", "--latency-limit", "p99:1s"], ["--latency-limit p99:1s", "closed loop"]),
    (["--rate", "100", "-d", "30s"], ["--for 30s"]),
    (["--rate", "100", "-t", "4"], ["--workers"]),
    (["--rate", "100", "-T", "5s"], ["--timeout 5s"]),
    (["--rate", "100", "--timeout", "5"], ["--timeout 5", "unit"]),
    (["--rate", "100", "-H", "no colon"], ["--header", "Name: value"]),
    (["--rate", "100", "-H", "bad name: x"], ["--header bad name"]),
    (["--rate", "100", "-H", "Host: a\r\nX: b"], ["--header Host", "line feeds"]),
    (["--rate", "100", "-X", "FLY"], ["--method FLY", "PATCH"]),
    (["--rate", "100", "--body", "a", "--body-file", "b"], ["--body and --body-file"]),
    (["--rate", "100", "--body", "@/no/such/file"], ["/no/such/file"]),
    (["--rate", "100", "--body", "{{nonsense}}"], ["--body", "nonsense", "{{uuid}}"]),
    (["--rate", "100", "--latency-limit", "200ms"], ["--latency-limit 200ms", "p99:200ms"]),
    (["--rate", "100", "--latency-limit", "p98:1s"], ["--latency-limit p98:1s"]),
    (["--rate", "100", "--latency-limit", "p99:1"], ["--latency-limit p99:1", "unit"]),
    (["--rate", "100", "--max-errors", "5"], ["--max-errors 5", "5%"]),
    (["--rate", "100", "--max-drops", "few"], ["--max-drops few"]),
    (["--rate", "100", "--arrivals", "random"], ["--arrivals random", "poisson"]),
    (["--rate", "100", "--http", "4"], ["--http 4"]),
    (["--rate", "100", "--user", "nobody"], ["--user", "NAME:PASSWORD"]),
    (["--rate", "100", "--output", "xml"], ["xml"]),
    (["--rate", "100", "--nonsense"], ["unknown flag --nonsense"]),
    (["-rate=100"], ["-rate", "--rate"]),
    (["--rate", "100", "-disable-keepalive"], ["--disable-keepalive"]),
    (["--rate", "100", "-duration", "5s"], ["--duration"]),
    (["--rate", "100", "--latecy-limit", "p99:1s"], ["unknown flag --latecy-limit", "--latency-limit"]),
    (["--vus", "10"], ["unknown flag --vus"]),
]

URLS = [("ftp://127.0.0.1/", "http"), ("http://", "host"), ("http://a:99999/", "port"),
        ("http://me:secret@127.0.0.1/", "--user"), ("http://127.0.0.1/a b", "URL")]


def slow(seconds):
    """A server that answers after so long."""
    def behaviour(connection, stopping):
        stopping.wait(seconds)
        connection.sendall(bad_server.OK)
    return behaviour


class LoadTest(ProgramTest):
    def serve(self, behaviour=bad_server.answers_well) -> str:
        server = bad_server.BadServer(behaviour)
        self.addCleanup(server.close)
        return f"http://127.0.0.1:{server.port}/"

    def load(self, url, *arguments):
        """With --json: the exit code and the document, which must fit the schema."""
        ended = run("load", url, "--json", *arguments)
        self.assertNotIn("internal error", ended.err)
        document = json.loads(ended.out)
        self.assertEqual([e.message for e in SCHEMA.iter_errors(document)], [])
        self.assertEqual(document["verdict"]["exit_code"], ended.code, ended.err)
        requests = document["requests"]
        self.assertEqual(requests["planned"], sum(requests[k] for k in (
            "ok", "errors", "dropped", "unsent", "generator_errors")), requests)
        self.assertEqual(requests["answered"], sum(document["statuses"].values()))
        self.assertEqual(requests["answered"], sum(p["answered_requests"] for p in document["peers"]))
        self.assertEqual(requests["answered"], sum(r["requests"] for r in document["latency_histogram"]))
        return ended.code, document


class Summary(LoadTest):
    def test_all_is_counted(self):
        code, document = self.load(self.serve(), "--rate", "100", "--for", "2s", "--timeout", "20s")
        self.assertIn(code, (0, 4), document["verdict"])  # 4: a machine too busy to send on time
        self.assertEqual(document["requests"]["planned"], 200)
        self.assertEqual(document["requests"]["ok"], 200)
        self.assertEqual(document["statuses"], {"200": 200})
        self.assertEqual(document["run"]["mode"], "open_loop")
        self.assertAlmostEqual(document["rates"]["wanted_per_second"], 100)
        self.assertEqual(document["bytes"]["received"], 200 * len(bad_server.OK))
        latency = document["latency_ms"]
        self.assertLessEqual(latency["p50"], latency["p99"])
        self.assertLessEqual(latency["p99"], latency["max"])
        self.assertGreaterEqual(latency["p50"], document["service_time_ms"]["p50"])

    def test_a_number_of_requests(self):
        _, document = self.load(self.serve(), "--rate", "6000/min", "-n", "57", "--timeout", "20s")
        self.assertEqual(document["requests"]["planned"], 57)

    def test_closed_loop(self):
        code, document = self.load(self.serve(slow(0.02)), "--closed", "-c", "4", "--for", "2s")
        self.assertEqual(code, 0, document["verdict"])
        self.assertEqual(document["run"]["mode"], "closed_loop")
        self.assertGreater(document["requests"]["ok"], 0)
        self.assertLessEqual(document["requests"]["ok"], 4 * 101)  # each of 4 waits 20 ms for each
        self.assertEqual(document["generator"]["most_connections"], 4)

    def test_no_keepalive_holds_in_a_closed_loop_too(self):
        heard = set()

        def behaviour(connection, _):
            heard.add(connection.getpeername())
            connection.sendall(bad_server.OK)

        code, document = self.load(self.serve(behaviour), "--closed", "-c", "2", "--for", "1s", "--disable-keepalive")
        self.assertEqual(code, 0, document["verdict"])
        self.assertGreater(document["requests"]["ok"], 10)
        self.assertGreaterEqual(len(heard), document["requests"]["ok"])

    def test_the_text_says_the_same(self):
        ended = run("load", self.serve(), "--rate", "100/s", "--for", "1s", "--timeout", "20s", "--quiet")
        for part in ("open loop, 100/s for 1s", "100 planned, 100 sent, 100 ok", "from the planned instant", "p99.9",
                     "200: 100", "Generator"):
            self.assertIn(part, ended.out)
        self.assertNotIn("t=1s", ended.out)

    def test_what_is_sent(self):
        heard = []

        def listen(listener):
            connection, _ = listener.accept()
            with connection:
                data = b""
                while b"task" not in data:
                    data += connection.recv(65536)
                heard.append(data)
                connection.sendall(bad_server.OK)
                connection.recv(65536)  # until it is closed

        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        thread = threading.Thread(target=listen, args=(listener,), daemon=True)
        body = self.write("body.json", b'{"name": "task"}')
        # The probe connects first; it sends nothing and must not be taken for the request.
        probe = threading.Thread(target=lambda: (listener.accept()[0].close(), thread.start()), daemon=True)
        probe.start()
        run("load", f"http://127.0.0.1:{listener.getsockname()[1]}/a/b?c=${{d}}", "--rate", "1", "-n", "1",
            "-H", "X-One: 1", "-H", "X-Two: ${HOME}", "--host", "shop.example", "--latency", "-T", "application/json", "-a", "me:secret", "-d", f"@{body}")
        thread.join(timeout=30)
        head, _, sent = heard[0].partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        self.assertEqual(lines[0], b"POST /a/b?c=${d} HTTP/1.1")
        for line in (b"Host: shop.example", b"X-One: 1", b"X-Two: ${HOME}", b"Content-Type: application/json",
                     b"Authorization: Basic bWU6c2VjcmV0", b"Content-Length: 16"):
            self.assertIn(line, lines)
        self.assertEqual(sent, b'{"name": "task"}')

    def test_a_run_directory_to_judge_again(self):
        out = self.directory / "run"
        code, document = self.load(self.serve(bad_server.wrong_path), "--rate", "50", "--for", "2s", "--out", out,
                                   "--max-errors", "0", "--timeout", "20s", "-H", "Authorization: hunter2")
        self.assertEqual(code, 1)
        self.assertEqual(document["failures"][0]["outcome"], "unexpected_status")
        verdict = json.loads((out / "verdict.json").read_text(encoding="utf-8"))
        self.assertEqual(verdict["criteria"][0]["observed"], document["gates"][0]["observed"])
        again = run("analyze", out)
        self.assertEqual(again.code, 1, again.text)
        self.assertTrue((out / "report.html").exists())
        self.assertTrue((out / "latency.hlog").exists())
        for file in out.iterdir():
            self.assertNotIn("hunter2", file.read_text(encoding="utf-8"), file)

    def test_the_same_as_a_scenario(self):
        ended = run("load", "https://shop.example.com/cart", "--rate", "500/s", "--ramp", "10s", "--for", "1m", "-k",
                    "-c", "40", "--latency-limit", "p99:200ms", "--max-drops", "0", "--print-scenario")
        self.assertEqual(ended.code, 0, ended.text)
        checked = run("check", "-", stdin=ended.out.encode())
        self.assertEqual(checked.code, 0, checked.text)
        for part in ("https://shop.example.com", "500/s", "p99 latency is at most 200ms", "no request is dropped"):
            self.assertIn(part, checked.out)


class Gates(LoadTest):
    def test_kept_and_broken(self):
        for behaviour, gates, code in (
                (bad_server.answers_well, ["--max-errors", "10%", "--max-drops", "0"], 0),
                (slow(0.2), ["--latency-limit", "p50:50ms"], 1),
                (slow(0.2), ["--latency-limit", "p50:20s", "--latency-limit", "p99:50ms"], 1),
                (bad_server.unavailable, ["--max-drops", "3"], 1),
                (bad_server.wrong_path, ["--max-errors", "50%"], 1),
                (bad_server.wrong_path, ["--max-drops", "0", "--expect-status", "200,404"], 0),
                # Without a gate something must have gone well.
                (bad_server.wrong_path, [], 1),
                (bad_server.resets, [], 1),
                (bad_server.answers_garbage, [], 1)):
            with self.subTest(behaviour.__name__, gates=gates):
                got, document = self.load(self.serve(behaviour), "--rate", "40", "--for", "2s", "--timeout", "20s", *gates)
                if code == 0 and got == 4:  # the machine was too busy for the generator to be sure
                    self.assertTrue(any(h["status"] != "pass" for h in document["health"]), document["verdict"])
                    continue
                self.assertEqual(got, code, document["verdict"])

    def test_failures_come_with_an_example(self):
        _, document = self.load(self.serve(bad_server.resets), "--rate", "40", "--for", "1s", "--timeout", "20s")
        failure = document["failures"][0]
        self.assertEqual((failure["outcome"], failure["requests"]), ("reset", 40))
        self.assertIn("GET /", failure["example"])

    def test_a_sick_generator_proves_nothing(self):
        # One connection to a server that takes 100 ms, and 100 requests a second: what is measured is the waiting.
        code, document = self.load(self.serve(slow(0.1)), "--rate", "100", "--for", "2s", "-c", "1", "--timeout", "2s",
                                   "--latency-limit", "p50:1500ms")
        self.assertEqual(code, 4, document["verdict"])
        self.assertIn("--connections", document["generator"]["bottleneck"])


class Refusals(LoadTest):
    def test_each_mistake_has_one_clear_message(self):
        for arguments, parts in REFUSALS:
            with self.subTest(arguments):
                ended = run("load", "http://127.0.0.1:9/", *arguments)
                self.assert_one_clear_message(ended, 2)
                for part in parts:
                    self.assertIn(part, ended.text)
                self.assertLessEqual(len(ended.text.strip().splitlines()), 3, ended.text)

    def test_urls(self):
        for url, part in URLS:
            with self.subTest(url):
                ended = run("load", url, "--rate", "1")
                self.assert_one_clear_message(ended, 2, part)
                self.assertNotIn("secret", ended.text)

    def test_all_mistakes_at_once(self):
        ended = run("load", "http://127.0.0.1:9/", "--rate", "5s", "--for", "3", "--max-errors", "5")
        self.assert_one_clear_message(ended, 2, "--rate", "--for", "--max-errors")

    def test_out_of_reach(self):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        out = self.directory / "out"
        self.assert_one_clear_message(run("load", f"127.0.0.1:{port}", "--rate", "1", "--out", out), 3, "refused")
        self.assertFalse(out.exists(), "nothing may be left behind")

    def test_help_begins_with_examples(self):
        ended = run("load", "--help")
        self.assertEqual(ended.code, 0)
        self.assertLess(ended.out.index("surgeproof load --rate 2000/s --for 30s"), ended.out.index("--latency-limit TEXT"))


class Interruption(LoadTest):
    def test_ctrl_c_keeps_the_summary(self):
        process = subprocess.Popen([PROGRAM, "load", self.serve(), "--rate", "50", "--for", "10m", "--plain"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   env=dict(os.environ, NO_COLOR="1"))
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        line = process.stdout.readline()
        while " ok=0 " in line:
            line = process.stdout.readline()
        self.assertIn("offered=50/s", line)
        process.send_signal(signal.SIGINT)
        text, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, text + errors)
        for part in ("Interrupted", "200: ", "p99"):
            self.assertIn(part, text)

    def test_and_the_json(self):
        out = self.directory / "out"
        process = subprocess.Popen(
            [PROGRAM, "load", self.serve(), "--rate", "50", "--for", "10m", "--json", "--out", str(out)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(process.stdout.close)
        deadline = time.monotonic() + 60
        while not ((out / "load.ndjson").exists() and "load_window" in (out / "load.ndjson").read_text()):
            self.assertLess(time.monotonic(), deadline, "nothing was recorded")
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        text, _ = process.communicate(timeout=60)
        document = json.loads(text)
        self.assertEqual(document["verdict"]["exit_code"], process.returncode)
        self.assertTrue(document["run"]["interrupted"])
        self.assertLess(document["requests"]["planned"], 30000)
