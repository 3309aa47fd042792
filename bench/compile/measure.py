"""CPU seconds of compilations."""

import os
import statistics
import subprocess
import sys
from pathlib import Path

INCLUDE = Path(__file__).resolve().parents[2] / "include"
COMPILE = ["g++", "-O2", "-std=c++20", "-I", INCLUDE, "-c", "-o", os.devnull]


def cpu_seconds(path):
    """User and system time of one compilation, the compiler's own children included."""
    compiler = subprocess.Popen([*COMPILE, path], env={**os.environ, "CCACHE_DISABLE": "1"})
    _, status, usage = os.wait4(compiler.pid, 0)
    if status != 0:
        sys.exit(f"{path.name} does not compile.")
    return usage.ru_utime + usage.ru_stime


def measure(files, rounds):
    """The median seconds of each file; the rounds are interleaved, so that a busy minute hits all alike."""
    times = {name: [] for name in files}
    for _ in range(rounds):
        for name, path in files.items():
            times[name].append(cpu_seconds(path))
    return {name: statistics.median(values) for name, values in times.items()}
