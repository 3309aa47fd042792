"""The tools: Duet's programs, those of other libraries that Meson found, Python programs, and GradBench's own."""

import json
import os
import resource
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import processor
from client import Answer, Client, Failure

ROOT = Path(__file__).resolve().parents[2]
PEERS = ROOT / "bench" / "peers"


def ninja(build, programs):
    """Builds programs of bench/, as many as can be built. Returns whether all can."""
    targets = [f"bench/{program}" for program in programs]
    return subprocess.run(["ninja", "-C", build, "-k", "0", "-j", str(os.cpu_count()), *targets]).returncode == 0


def targets(build, prefix):
    """The programs that Meson has whose names start so, without that."""
    found = json.loads(subprocess.check_output(["meson", "introspect", "--targets", build]))
    return sorted(target["name"].removeprefix(prefix) for target in found if target["name"].startswith(prefix))


def build_duet(build, evaluations):
    """Evaluation -> Duet's program of it, of those that there are."""
    wanted = [name for name in evaluations if name in targets(build, "gradbench_")]
    if not ninja(build, [f"gradbench_{name}" for name in wanted]):
        raise SystemExit("Duet's programs don't compile.")
    return {name: [build / "bench" / f"gradbench_{name}"] for name in wanted}


def build_peers(build, say):
    """Name -> program of each library that Meson found."""
    found = targets(build, "peer_")
    missing = {path.stem for path in PEERS.glob("*.cpp")} - set(found)
    if missing:
        say(f"Not found by Meson, and left out: {', '.join(sorted(missing))}")
    if not ninja(build, [f"peer_{name}" for name in found]):
        broken = [name for name in found if not ninja(build, [f"peer_{name}"])]
        say(f"Left out, since they don't compile here: {', '.join(broken)}")
        found = [name for name in found if name not in broken]
    return {name: [build / "bench" / f"peer_{name}"] for name in found}


def python_peers(python, say):
    """Name -> program of each Python library that this interpreter can import."""
    result = {}
    for path in sorted(PEERS.glob("with_*.py")):
        name = path.stem.removeprefix("with_")
        imported = subprocess.run([python, "-c", f"import {name}, numpy"], capture_output=True)
        if imported.returncode == 0:
            result[name] = [python, path]
        else:
            say(f"{python} can't import {name} and numpy, so that is left out")
    return result


class GradBenchProgram(Client):
    """A C++ tool of a checkout of GradBench: a program for each evaluation, called with a file and a function's name."""

    def __init__(self, checkout, tool, **limits):
        super().__init__(tool, [], **limits)
        self.checkout, self.tool = Path(checkout).resolve(), tool
        self.folder = tempfile.TemporaryDirectory()

    def define(self, module):
        source = self.checkout / "tools" / self.tool / f"{module}.cpp"
        if not source.exists():
            raise Failure("unsupported", f"unknown module: {module}")
        self.module, self.program = module, Path(self.folder.name) / module
        flags = ["-std=c++17", "-O3", "-march=native", "-w", f"-I{self.checkout / 'cpp'}", "-I/usr/include/nlohmann"]
        flags += ["-DCODI_ForcedInlines=1"] if self.tool == "codipack" else []
        built = subprocess.run(["g++", *flags, source, "-o", self.program], capture_output=True, text=True)
        if built.returncode != 0:
            raise Failure("error", f"does not compile: {built.stderr[:400]}")

    def evaluate(self, function, input_text, runs=1, seconds=0.0):
        if not input_text.endswith("}"):
            raise Failure("unsupported", "takes objects only")
        path = Path(self.folder.name) / "input.json"
        path.write_text(f'{input_text[:-1]}, "min_runs": {runs}, "min_seconds": {seconds}}}')
        with tempfile.TemporaryFile() as out:
            process = subprocess.Popen(
                [self.program, path, function], stdout=out, stderr=subprocess.DEVNULL, env=processor.environment(),
                preexec_fn=self.confine,
            )
            status, usage = self.wait(process)
            out.seek(0)
            lines = out.read().splitlines()
        if status != 0 or not lines:
            code = os.waitstatus_to_exitcode(status)
            kind = "memory" if code == -signal.SIGABRT else "error"  # where `new` throws
            raise Failure(kind, f"ended with status {code}")
        line = b'{"output": ' + lines[0] + b', "timings": [' + b",".join(lines[1:]) + b"]}"
        return Answer(line, usage.ru_maxrss * 1024)

    def confine(self):
        processor.use_one()
        resource.setrlimit(resource.RLIMIT_AS, (self.limit_bytes, self.limit_bytes))

    def wait(self, process):
        deadline = time.monotonic() + self.limit_seconds
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                process.returncode = status
                return status, usage
            if time.monotonic() > deadline:
                process.kill()
                process.wait()
                raise Failure("time", f"more than {self.limit_seconds:g} s")
            time.sleep(0.02)

    def end(self):
        pass
