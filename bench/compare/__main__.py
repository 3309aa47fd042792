"""Compares Duet with other libraries on the evaluations of GradBench: times, ratios to the plain function, and peaks of
memory, with every output checked.

  bench/run                          Duet alone, all evaluations
  bench/run gmm ba --peers           two of them, with all libraries that Meson and Python find
  bench/run --peers --python venv/bin/python --gradbench ../gradbench
"""

import argparse
import json
import os
import platform
import sys
import time
from pathlib import Path

import files
import overview
import page
import processor
import table
import tools
from client import Client
from inputs import EVALUATIONS
from measure import Evaluator

ROOT = Path(__file__).resolve().parents[2]


def parse():
    parser = argparse.ArgumentParser(
        prog="bench/run", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("evaluations", nargs="*", metavar="EVAL", help=f"of {', '.join(EVALUATIONS)} (default: all)")
    parser.add_argument("--peers", action="store_true", help="with the other libraries that are found")
    parser.add_argument("--tool", action="append", help="only these of them (may be repeated)")
    parser.add_argument("--python", default=sys.executable, help="the Python that has jax, torch, casadi")
    parser.add_argument("--gradbench", type=Path, metavar="FOLDER", help="a checkout, whose `manual` is compared too")
    parser.add_argument("--gradbench-tool", action="append", metavar="TOOL", help="others of its C++ tools")
    parser.add_argument("--data", type=Path, help="folder with ba/, ht/ and lstm/ (default: ../shared/data)")
    parser.add_argument("--size", action="append", metavar="TEXT", help="only sizes with this text in their names")
    parser.add_argument("--quick", action="store_true", help="the smallest size of each, few rounds")
    parser.add_argument("--rounds", type=int, help="turns of each tool at each size (default: 5)")
    parser.add_argument("--seconds", type=float, help="the least that a turn lasts (default: 0.2)")
    parser.add_argument("--limit", type=float, default=60, help="seconds for one turn of a tool (default: 60)")
    parser.add_argument("--memory", type=float, help="GiB for a tool (default: half of what is free)")
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "gradbench", help="where the report goes")
    parser.add_argument("--list", action="store_true", help="say which evaluations and sizes there are")
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "bench", help=argparse.SUPPRESS)
    options = parser.parse_args()
    unknown = set(options.evaluations) - set(EVALUATIONS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(EVALUATIONS)}")
    options.evaluations = options.evaluations or list(EVALUATIONS)
    options.rounds = options.rounds or (2 if options.quick else 5)
    options.seconds = options.seconds if options.seconds is not None else (0.01 if options.quick else 0.2)
    options.memory = options.memory or free_memory() / 2
    return options


def free_memory():
    """GiB that programs can have."""
    with open("/proc/meminfo") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("MemAvailable")) / 2**20


def say(line):
    print(line, flush=True)


def data_of(options):
    default = ROOT.parent / "shared" / "data"
    folder = options.data or (default if default.is_dir() else None)
    if folder is None:
        say("No data folder, so ba, ht and lstm get generated inputs.")
    return files.Data(folder)


def cases_of(name, data, options):
    for case in EVALUATIONS[name].cases(data):
        if not options.size or any(text in case.size for text in options.size):
            yield case
            if options.quick:
                return


def describe_machine():
    with open("/proc/cpuinfo") as file:
        models = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    return f"{models[0] if models else platform.machine()}, {os.cpu_count()} cores"


class Tools:
    """The clients for an evaluation, Duet's first."""

    def __init__(self, options):
        self.limits = {"limit_seconds": options.limit, "limit_bytes": int(options.memory * 2**30)}
        self.duet = tools.build_duet(options.build, options.evaluations)
        self.peers = {}
        if options.peers:
            self.peers = tools.build_peers(options.build, say) | tools.python_peers(options.python, say)
        self.programs = []
        if options.gradbench:
            names = ["manual"] + (options.gradbench_tool or [])
            self.programs = [tools.GradBenchProgram(options.gradbench, name, **self.limits) for name in names]
        self.wanted = options.tool

    def clients(self, evaluation):
        ours = {table.OURS: self.duet[evaluation]} if evaluation in self.duet else {}
        peers = {name: command for name, command in self.peers.items() if not self.wanted or name in self.wanted}
        return [Client(name, command, **self.limits) for name, command in (ours | peers).items()] + self.programs


def run(name, clients, data, options):
    """The cells of an evaluation, and what failed."""
    evaluator = Evaluator(name, EVALUATIONS[name], clients, options, say)
    say(f"{name}: {', '.join(client.name for client in evaluator.clients) or 'no tool has it'}")
    cells = []
    try:
        for case in cases_of(name, data, options) if evaluator.clients else ():
            started = time.monotonic()
            cells += evaluator.measure(case)
            note = f" ({case.note})" if case.note else ""
            say(f"{name} {case.size}{note}: {time.monotonic() - started:.1f} s")
    finally:
        for client in clients:
            client.end()
    return cells, evaluator.failures


def main():
    options = parse()
    if options.list:
        for name in options.evaluations:
            say(f"{name}: {'; '.join(case.size for case in cases_of(name, files.Data(options.data), options))}")
        return
    if processor.blas_kernels():
        say(f"OpenBLAS doesn't know this processor; it is told to use its kernels for {processor.blas_kernels()}.")
    data = data_of(options)
    those = Tools(options)
    results = {"machine": describe_machine(), "started": time.strftime("%Y-%m-%d %H:%M"), "cells": [], "failures": []}
    results |= {"rounds": options.rounds, "seconds": options.seconds}
    options.output.mkdir(parents=True, exist_ok=True)
    for name in options.evaluations:
        cells, failures = run(name, those.clients(name), data, options)
        results["cells"] += cells
        results["failures"] += failures
        (options.output / "results.json").write_text(json.dumps(results, indent=1))
        (options.output / "report.html").write_text(page.write(results))
        (options.output / "overview.svg").write_text(overview.file(table.rows(results["cells"]), page.tools_of(results)))
    say(table.text(results["cells"]))
    say(f"Report: {options.output / 'report.html'} (numbers: results.json beside it)")
    if results["failures"]:
        sys.exit(f"{len(results['failures'])} failed:\n" + "\n".join(results["failures"]))


if __name__ == "__main__":
    main()
