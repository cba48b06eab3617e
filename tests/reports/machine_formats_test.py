#!/usr/bin/env python3
"""What machines read, by parsers that are not ours: verdict.json against its JSON Schema, JUnit XML against an XSD,
metrics, annotations, the step summary, the chat's message. And names that try to be more than text, in all of them.

   machine_formats_test.py WRITE_SAMPLE_REPORTS SCHEMA XSD [unittest options]"""
import copy
import html.parser
import json
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

import jsonschema
from prometheus_client.parser import text_string_to_metric_families

writer, schema_file, junit_xsd = sys.argv[1:4]
del sys.argv[1:4]
schema = json.loads(Path(schema_file).read_text(encoding="utf-8"))
directory = tempfile.TemporaryDirectory()
subprocess.run([writer, directory.name], check=True)
RUNS = ("surge", "long", "empty", "hostile", "pair", "nasty")  # "huge" is "nasty" with texts of 10 kB and 15 HPAs


def text_of(run, file):
    """Fails on anything but UTF-8."""
    return Path(directory.name, f"{run}.{file}").read_bytes().decode()


def verdict_of(run):
    return json.loads(Path(directory.name, run + ".verdict.json").read_text(encoding="utf-8"))


def junit_of(run):
    return xml.parse(Path(directory.name, run + ".junit.xml")).getroot()


class Prometheus(unittest.TestCase):
    def families_of(self, run):
        text = Path(directory.name, run + ".prometheus").read_text(encoding="utf-8")
        return {f.name: f for f in text_string_to_metric_families(text)}

    def test_an_independent_reader_finds_the_same_figures(self):
        for run in RUNS:
            families, verdict = self.families_of(run), verdict_of(run)
            by_status = {s.labels["status"]: s.value for s in families["surgeproof_verdict"].samples}
            self.assertEqual(by_status[verdict["verdict"]["status"]], 1, run)
            self.assertEqual(sum(by_status.values()), 1, run)
            self.assertEqual(families["surgeproof_exit_code"].samples[0].value, verdict["verdict"]["exit_code"])

    def test_names_follow_the_conventions(self):
        for name, family in self.families_of("surge").items():
            self.assertRegex(name, r"^surgeproof_[a-z_]+$")
            self.assertTrue(family.documentation, name)
            self.assertIn(family.type, ("gauge", "counter"), name)

    def test_promtool_has_no_complaint(self):
        promtool = shutil.which("promtool")
        if not promtool:
            self.skipTest("no promtool here")
        for run in RUNS:
            done = subprocess.run([promtool, "check", "metrics"], text=True, capture_output=True, timeout=30,
                                  input=Path(directory.name, run + ".prometheus").read_text(encoding="utf-8"), check=False)
            self.assertEqual((done.returncode, done.stderr), (0, ""), run)


class VerdictSchema(unittest.TestCase):
    validator = jsonschema.Draft7Validator(schema)

    def test_is_a_schema(self):
        jsonschema.Draft7Validator.check_schema(schema)

    def test_holds_for_what_is_written(self):
        for run in RUNS:
            self.assertEqual([e.message for e in self.validator.iter_errors(verdict_of(run))], [], run)

    def test_refuses_what_is_no_verdict(self):
        def without_criteria(v): del v["criteria"]
        def of_tomorrow(v): v["schema_version"] = 3
        def with_a_surprise(v): v["surprise"] = 1
        def undecided(v): v["verdict"]["status"] = "maybe"
        def negative(v): v["summary"]["total"]["sent_requests"] = -1
        def latency_in_words(v): v["summary"]["by_stage"][0]["latency_p99_ms"] = "1s"
        for change in (without_criteria, of_tomorrow, with_a_surprise, undecided, negative, latency_in_words):
            broken = copy.deepcopy(verdict_of("surge"))
            change(broken)
            self.assertFalse(self.validator.is_valid(broken), change.__name__)

    def test_no_number_where_nothing_was_measured(self):
        self.assertIsNone(verdict_of("empty")["summary"]["total"]["latency_p99_ms"])
        self.assertIsNone(verdict_of("surge")["criteria"][4]["observed_value"])


class Junit(unittest.TestCase):
    def complaints(self, text):
        if not shutil.which("xmllint"):
            self.skipTest("no xmllint here: apt-get install libxml2-utils")
        done = subprocess.run(["xmllint", "--noout", "--schema", junit_xsd, "-"], input=text.encode(), capture_output=True,
                              timeout=60, check=False)
        return done.returncode, done.stderr.decode().replace("- validates\n", "")

    def test_is_what_its_readers_accept(self):
        for run in (*RUNS, "huge"):
            self.assertEqual(self.complaints(text_of(run, "junit.xml")), (0, ""), run)

    def test_the_schema_refuses_what_they_would_not_accept(self):
        good = text_of("surge", "junit.xml")
        for wrong, instead in (("<failure ", "<broken "), ('classname="', 'class="'), ('tests="7"', 'tests="seven"'),
                               ('errors="2" ', ""), ('timestamp="2025-06-02T09:00:02"', 'timestamp="yesterday"'),
                               ("dropped_requests all", "scale_up todo")):
            broken = re.sub(wrong, instead, good)
            self.assertNotEqual(broken, good, wrong)
            self.assertNotEqual(self.complaints(broken)[0], 0, wrong)

    def test_counts_are_right(self):
        root = junit_of("surge")
        self.assertEqual(root.tag, "testsuites")
        self.assertEqual([root.get(k) for k in ("tests", "failures", "errors")], ["7", "2", "2"])
        for suite in root:
            self.assertEqual(int(suite.get("tests")), len(suite.findall("testcase")))
            self.assertEqual(int(suite.get("failures")), len(suite.findall("testcase/failure")))
            self.assertEqual(int(suite.get("errors")), len(suite.findall("testcase/error")))

    def test_names_are_stable_and_without_figures(self):
        for case in junit_of("surge").iter("testcase"):
            self.assertTrue(case.get("classname") and case.get("name") and case.get("time"))
        names = [case.get("name") for case in junit_of("surge").iter("testcase")]
        self.assertEqual(names[0], "scale_up todo")
        twice = [case.get("name") for case in junit_of("hostile").iter("testcase")]
        self.assertEqual(twice.count("scale_up todo"), 1)
        self.assertIn("scale_up todo (2)", twice)

    def test_a_sick_tool_is_an_error_never_a_failure(self):
        root = junit_of("hostile")
        self.assertEqual([root.get(k) for k in ("failures", "errors")], ["2", "2"])

    def test_hostile_text_is_text(self):
        failure = junit_of("hostile").find("testsuite/testcase/failure")
        self.assertEqual(failure.get("message"), 'a < b && "c" ]]>   \N{REPLACEMENT CHARACTER}')

    def test_a_run_without_anything(self):
        self.assertEqual(junit_of("empty").get("tests"), "0")


class Tags(html.parser.HTMLParser):
    """How often each tag begins."""

    def __init__(self, text):
        super().__init__()
        self.count = {}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.count[tag] = self.count.get(tag, 0) + 1


class Hostile(unittest.TestCase):
    """Quotes, line ends, <, &, control characters and bytes that are no UTF-8, in every name and text from outside."""

    def test_no_control_character_gets_through(self):
        for file in ("console", "verdict.json", "junit.xml", "report.md", "report.html", "prometheus", "github", "chat.json"):
            text = text_of("nasty", file)
            self.assertEqual(re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", text), [], file)
            self.assertIn("\N{REPLACEMENT CHARACTER}", text, file)

    def test_json_holds_them_as_text(self):
        titles = [c["title"] for c in verdict_of("nasty")["criteria"]]
        self.assertEqual(len(titles), len(verdict_of("surge")["criteria"]))
        self.assertIn("<script>alert(1)</script>&", titles[0])

    def test_junit_holds_them_as_text(self):
        surge, nasty = junit_of("surge"), junit_of("nasty")
        self.assertEqual([e.tag for e in nasty.iter()], [e.tag for e in surge.iter()])
        self.assertIn("<script>alert(1)</script>&", nasty.find("testsuite/testcase/failure").get("message"))

    def test_labels_hold_them_as_text(self):
        families = {f.name: f for f in text_string_to_metric_families(text_of("nasty", "prometheus"))}
        self.assertIn("\"'<script>alert(1)</script>&", families["surgeproof_run_info"].samples[0].labels["scenario"])
        self.assertEqual(len(families["surgeproof_criterion"].samples), 3 * len(verdict_of("nasty")["criteria"]))

    def test_html_has_no_element_more(self):
        usual = Tags(text_of("surge", "report.html")).count
        for tag, count in Tags(text_of("nasty", "report.html")).count.items():
            self.assertLessEqual(count, usual.get(tag, 0), tag)

    def test_markdown_has_no_cell_or_tag_more(self):
        lines = text_of("nasty", "report.md").splitlines()
        self.assertLessEqual(len(lines), len(text_of("surge", "report.md").splitlines()))
        columns = 0
        for line in lines:
            self.assertNotRegex(line, "[<>@]")
            if not line.startswith("|"):
                columns = 0
                continue
            cells = len(re.findall(r"(?<!\\)(?:\\\\)*\|", line))
            columns = columns or cells
            self.assertEqual(cells, columns, line)

    def test_nobody_is_called_in_the_chat(self):
        message = json.loads(text_of("nasty", "chat.json"))
        for text in (message["text"], message["blocks"][0]["text"]["text"]):
            self.assertNotIn("<!", text)
            self.assertNotIn("<script", text)
            self.assertIn("&lt;!channel&gt;", text)


class Annotations(unittest.TestCase):
    PATTERN = re.compile(r"^::(error|warning|notice) ((?:file=[^:,]+,line=\d+,)?title=[^:,]+)::([^\r\n]+)$")

    def test_one_at_most_for_each_failed_criterion(self):
        for run in (*RUNS, "huge"):
            kinds = [self.PATTERN.match(line) for line in text_of(run, "github").splitlines()]
            self.assertTrue(all(kinds), run)
            kinds = [k.group(1) for k in kinds]
            statuses = [c["status"] for c in verdict_of(run)["criteria"]]
            self.assertEqual(kinds.count("error"), statuses.count("fail"), run)
            self.assertLessEqual(kinds.count("warning"), 1, run)
            self.assertTrue(kinds, "every verdict is said")

    def test_they_name_the_scenarios_line(self):
        self.assertIn(",line=7,title=", text_of("nasty", "github"))


class Bounds(unittest.TestCase):
    """What takes only so much, with names of 10 kB."""

    def test_a_step_summary_stays_below_a_mebibyte(self):
        for run in (*RUNS, "huge"):
            self.assertLess(Path(directory.name, run + ".report.md").stat().st_size, 1 << 20, run)
        self.assertIn("The page is cut here", text_of("huge", "report.md")[-200:])
        self.assertNotIn("The page is cut here", text_of("surge", "report.md"))

    def test_a_chat_message_stays_below_slacks_limits(self):
        for run in (*RUNS, "huge"):
            message = json.loads(text_of(run, "chat.json"))
            self.assertLessEqual(len(message["blocks"][0]["text"]["text"]), 3000, run)
            self.assertLessEqual(len(message["text"]), 4000, run)

    def test_annotations_stay_short(self):
        for line in text_of("huge", "github").splitlines():
            self.assertLess(len(line), 30_000)


if __name__ == "__main__":
    unittest.main()
