#!/usr/bin/env python3
"""Tests bench/compare without building anything: the client, the checks, the statistics, the inputs and the report."""

import argparse
import json
import os
import sys
import unittest
import xml.etree.ElementTree
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / "bench" / folder) for folder in ("compare", "peers")]

try:
    import numpy
except ImportError:
    print("numpy (python3-numpy) is missing, so this is skipped")
    sys.exit(77)

import check
import files
import inputs
import overview
import page
import table
from client import Client, Failure
from measure import Evaluator


def fake(*arguments, **limits):
    return Client("fake", [sys.executable, HERE / "fake_tool.py", *arguments], **limits)


class Clients(unittest.TestCase):
    def setUp(self):
        self.client = fake(limit_seconds=20)
        self.client.define("hello")
        self.addCleanup(lambda: self.client.end())

    def test_an_answer_has_output_times_and_peak_of_memory(self):
        answer = self.client.evaluate("square", "3.0")
        self.assertEqual(answer.output(), 9.0)
        self.assertEqual([round(second * 1e9) for second in answer.seconds], [10, 30, 20])
        self.assertGreater(answer.peak_bytes, 1 << 20)

    def test_a_tool_has_one_processor(self):
        self.assertEqual(len(os.sched_getaffinity(self.client.process.pid)), 1)

    def test_a_long_input_goes_through(self):
        answer = self.client.evaluate("sum", '{"x": [' + ", ".join(["1"] * 500000) + "]}")
        self.assertEqual(answer.output(), [500000])

    def test_a_slow_tool_is_ended_and_starts_again(self):
        self.client.limit_seconds = 0.3
        with self.assertRaises(Failure) as caught:
            self.client.evaluate("slow", "1.0")
        self.assertEqual(caught.exception.kind, "time")
        self.client.limit_seconds = 20
        self.assertEqual(self.client.evaluate("square", "2.0").output(), 4.0)

    def test_a_tool_that_takes_much_memory_is_ended(self):
        self.client.limit_bytes = 200 << 20
        with self.assertRaises(Failure) as caught:
            self.client.evaluate("fat", "1.0")
        self.assertEqual(caught.exception.kind, "memory")

    def test_a_tool_that_keeps_memory_starts_again_before_the_next_peak(self):
        process = self.client.process
        self.assertEqual(self.client.evaluate("square", "2.0").output(), 4.0)
        self.client.drop_memory()
        self.assertIs(self.client.process, process)
        self.assertGreater(self.client.evaluate("keeps", "1.0").peak_bytes, 100 << 20)
        self.assertIs(self.client.process, process)
        self.client.drop_memory()
        self.assertLess(self.client.evaluate("square", "2.0").peak_bytes, 100 << 20)

    def test_last_words_of_a_tool_are_told(self):
        with self.assertRaisesRegex(Failure, "last words"):
            self.client.evaluate("dead", "1.0")

    def test_unknown_modules_are_unsupported(self):
        with self.assertRaises(Failure) as caught:
            self.client.define("gmm")
        self.assertEqual(caught.exception.kind, "unsupported")


class Rounds(unittest.TestCase):
    def measure(self, *clients):
        lines = []
        evaluator = Evaluator("hello", inputs.EVALUATIONS["hello"], clients, argparse.Namespace(rounds=3, seconds=0), lines.append)
        for client in clients:
            self.addCleanup(client.end)
        return list(evaluator.measure(inputs.Case("x=3", 3.0))), evaluator.failures

    def test_the_median_of_the_rounds_medians_is_told(self):
        cells, failures = self.measure(fake())
        self.assertEqual(failures, [])
        self.assertEqual([round(cell["seconds"] * 1e9) for cell in cells], [20, 40])
        self.assertEqual([(len(cell["rounds"]), cell["runs"]) for cell in cells], [(3, 9), (3, 3)])

    def test_a_wrong_derivative_is_found_by_differences(self):
        cells, failures = self.measure(fake("wrong"))
        self.assertEqual([cell["status"] for cell in cells], ["ok", "wrong"])
        self.assertEqual(len(failures), 1)

    def test_the_tool_that_disagrees_is_named(self):
        wrong = fake("wrong")
        wrong.name = "liar"
        cells, failures = self.measure(fake(), wrong)
        self.assertIn("liar", failures[0])
        self.assertEqual([cell["tool"] for cell in cells if cell["status"] == "wrong"], ["liar"])


class Checks(unittest.TestCase):
    def test_the_tolerance_is_gradbenchs(self):
        self.assertIsNone(check.disagreement("", "", {"a": [1e6, 1.0]}, {"a": [1e6 + 1, 1.0001]}))
        for other in ({"a": [1.0]}, {"a": [1.0, 1.1]}, {"a": [1.0, float("nan")]}, "text"):
            self.assertIsNotNone(check.disagreement("", "", {"a": [1.0, 1.0]}, other))

    def test_differences_find_one_wrong_number_among_many(self):
        given = {"x": [0.3, 0.4, 0.5]}
        random = numpy.random.default_rng(0)

        def primal(text):
            return sum(x**3 for x in json.loads(text)["x"])

        differences = check.Differences("lse", given, primal, random)
        right = [3 * x * x for x in given["x"]]
        self.assertIsNone(differences.disagreement(right))
        self.assertIsNotNone(differences.disagreement([right[0], -right[1], right[2]]))


class Inputs(unittest.TestCase):
    FIRST = {"llsq": ("x", 0.7218521074240813), "lse": ("x", 0.7218521074240813), "det": ("A", 0.7218521074240813)}

    def first(self, name):
        return next(iter(inputs.EVALUATIONS[name].cases(files.Data()))).input

    def test_numbers_are_those_of_gradbench(self):
        for name, (field, number) in self.FIRST.items():
            self.assertEqual(self.first(name)[field][0], number)
        self.assertEqual(self.first("gmm")["x"][0], [1.215408162057621, -1.2955735712157117])

    def test_generated_files_have_the_shapes_of_the_real_ones(self):
        hand = self.first("ht")
        self.assertEqual(numpy.shape(hand["data"]["model"]["weights"]), (544, 22))
        self.assertEqual(numpy.shape(hand["data"]["points"]), (100, 3))
        self.assertEqual(numpy.shape(self.first("lstm")["sequence"]), (1024, 14))
        self.assertEqual(len(self.first("ba")["cam"]), 11)

    def test_every_evaluation_has_sizes_that_differ(self):
        for name, evaluation in inputs.EVALUATIONS.items():
            sizes = []
            for case in evaluation.cases(files.Data()):
                sizes.append(case.size)
                if len(sizes) == 4:
                    break
            self.assertEqual(len(set(sizes)), len(sizes), name)


def cell(tool, size, seconds, derivative=True, status="ok"):
    function = "gradient" if derivative else "primal"
    names = {"evaluation": "lse", "size": size, "function": function, "derivative": derivative, "tool": tool}
    return names | {"status": status, "message": "<why>", "rounds": [seconds], "seconds": seconds, "runs": 1, "peak_bytes": 1}


CELLS = [
    cell("duet", "n=1", 1.0, derivative=False),
    cell("duet", "n=1", 2.0), cell("other", "n=1", 4.0), cell("wrong", "n=1", 0.1, status="wrong"),
    cell("duet", "n=2", 3.0), cell("other", "n=2", 27.0),
]  # fmt: skip


class Report(unittest.TestCase):
    def test_ratios_leave_out_what_is_wrong(self):
        rows = table.rows(CELLS)
        self.assertEqual([row["ratio"] for row in rows], [2.0, 9.0])
        mean, count = table.mean_ratio(rows)
        self.assertAlmostEqual(mean, 18**0.5)
        self.assertEqual(count, 2)
        self.assertIn("4.24", table.text(CELLS))

    def test_a_closed_form_is_no_tool_to_be_compared_with(self):
        ode = [cell(tool, "n=1", seconds) | {"evaluation": "ode"} for tool, seconds in (("duet", 2.0), ("manual", 1.0))]
        self.assertIsNone(table.rows(ode)[0]["ratio"])
        self.assertEqual(overview.means(table.rows(ode)), {})
        lse = [one | {"evaluation": "lse"} for one in ode]
        self.assertEqual(table.rows(lse)[0]["ratio"], 0.5)

    def test_the_report_is_well_formed_and_needs_nothing_else(self):
        results = {"machine": "a & b", "started": "now", "rounds": 1, "seconds": 0.1, "failures": ["x < y"], "cells": CELLS}
        text = page.write(results)
        self.assertNotIn("{{", text)
        for outside in ("http:", "https:", "src=", "@import"):
            self.assertNotIn(outside, text)
        start, end = text.index("<body>"), text.index("<script>")
        body = xml.etree.ElementTree.fromstring(text[start:end] + "</body>")
        self.assertEqual(len(body.findall(".//svg")), 3)
        self.assertEqual(len(body.findall(".//tbody/tr")), 2)

    def test_the_picture_has_a_dot_for_each_tool_at_the_mean_of_its_ratios(self):
        rows = table.rows(CELLS)
        self.assertAlmostEqual(overview.means(rows)["lse", "gradient"]["other"], 18**0.5)
        picture = xml.etree.ElementTree.fromstring(overview.file(rows, ["duet", "other"]))
        titles = [title.text for title in picture.iter() if title.tag.endswith("title")]
        self.assertEqual(titles, ["other: 4.24 times as long as Duet"])
        self.assertEqual(overview.draw(table.rows(CELLS[:2]), ["duet"]), "")


if __name__ == "__main__":
    unittest.main()
