"""A tool that speaks GradBench's protocol (JSON, one message a line), as a process that is kept alive, with limits."""

import contextlib
import json
import os
import selectors
import subprocess
import tempfile
import time

import processor

POLL_SECONDS = 0.1
SHORT = 1 << 16  # bytes: a refusal, which has no output, is shorter
START_SECONDS = 60  # the least that a tool may take to start: some load large libraries
KEPT_BYTES = 16 << 20  # what a tool may keep after an answer, beside twice what it had before
TAIL = 400  # characters of what a failed tool wrote to its standard error


class Failure(Exception):
    """Why there is no answer: "time", "memory", "unsupported" or "error", and a sentence."""

    def __init__(self, kind, message):
        super().__init__(message)
        self.kind = kind


class Answer:
    """The answer to one evaluation: its line, seconds of each run, and the peak of resident memory meanwhile."""

    def __init__(self, line, peak_bytes):
        self.line = line
        self.peak_bytes = peak_bytes
        # the output may be long, and is looked at once only
        start = line.rfind(b'"timings"')
        timings = json.loads(line[line.index(b"[", start) : line.index(b"]", start) + 1]) if start >= 0 else []
        self.seconds = [timing["nanoseconds"] * 1e-9 for timing in timings if timing["name"] == "evaluate"]

    def output(self):
        return json.loads(self.line)["output"]


def memory(pid, field):
    """A field of /proc/PID/status (VmRSS, VmHWM), in bytes; 0 where the process has gone."""
    with contextlib.suppress(OSError), open(f"/proc/{pid}/status") as status:
        for line in status:
            if line.startswith(field + ":"):
                return int(line.split()[1]) * 1024
    return 0


class Client:
    """One tool. `limit_seconds` and `limit_bytes` are for one message; a tool that exceeds one of them is ended, and
    starts again at the next message, as does one that keeps an eighth of that memory after an answer."""

    def __init__(self, name, command, limit_seconds=60.0, limit_bytes=8 << 30):
        self.name = name
        self.command = [str(part) for part in command]
        self.limit_seconds = limit_seconds
        self.limit_bytes = limit_bytes
        self.idle_bytes = 0
        self.process = None
        self.module = None
        self.count = 0

    def define(self, module):
        """Starts the tool, and asks whether it has this module."""
        self.module = module
        if self.process is None:
            self.begin()
            self.ask("start", {"eval": module}, limit_seconds=max(START_SECONDS, self.limit_seconds))
        self.ask("define", {"module": module}, refusal="unsupported")
        self.idle_bytes = memory(self.process.pid, "VmRSS")

    def evaluate(self, function, input_text, runs=1, seconds=0.0):
        """Runs a function, whose input is given as the text of a JSON value."""
        if self.process is None:
            self.define(self.module)
        with contextlib.suppress(OSError), open(f"/proc/{self.process.pid}/clear_refs", "w") as clear:
            clear.write("5")  # the peak starts again from what is resident now
        if input_text.endswith("}"):
            input_text = f'{input_text[:-1]}, "min_runs": {runs}, "min_seconds": {seconds}}}'
        line = self.ask("evaluate", {"module": self.module, "function": function}, input_text)
        answer = Answer(line, memory(self.process.pid, "VmHWM"))
        if memory(self.process.pid, "VmRSS") > self.limit_bytes // 8:
            self.end()
        return answer

    def drop_memory(self):
        """Ends a tool that keeps much of what earlier messages took, from which the next peak would start."""
        if self.process is not None and memory(self.process.pid, "VmRSS") > 2 * self.idle_bytes + KEPT_BYTES:
            self.end()

    def end(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()
            self.process.stdout.close()
            self.errors.close()
            self.folder.cleanup()
            self.process = None

    def begin(self):
        self.folder = tempfile.TemporaryDirectory()  # some tools write files
        self.errors = tempfile.TemporaryFile()
        try:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, bufsize=0,
                cwd=self.folder.name, env=processor.environment(), preexec_fn=processor.use_one,
            )
        except OSError as error:
            raise Failure("error", f"cannot be started: {error}") from None
        os.set_blocking(self.process.stdin.fileno(), False)

    def ask(self, kind, fields, input_text=None, refusal="error", limit_seconds=None):
        """Sends a message and returns the line that answers it."""
        message = json.dumps({"id": self.count, "kind": kind} | fields)
        if input_text is not None:
            message = f'{message[:-1]}, "input": {input_text}}}'
        self.count += 1
        try:
            line = self.exchange(message.encode() + b"\n", limit_seconds or self.limit_seconds)
        except Failure:
            self.end()
            raise
        if len(line) < SHORT:
            reply = json.loads(line)
            if not reply.get("success", True):
                error = reply.get("error") or "refused"
                raise Failure("unsupported" if error.startswith("unknown") else refusal, error)
        return line

    def exchange(self, message, limit_seconds):
        deadline = time.monotonic() + limit_seconds
        to, of = self.process.stdin, self.process.stdout
        sent, chunks = 0, []
        with selectors.DefaultSelector() as selector:
            selector.register(of, selectors.EVENT_READ)
            selector.register(to, selectors.EVENT_WRITE)
            while not (chunks and chunks[-1].endswith(b"\n")):
                for key, _ in selector.select(POLL_SECONDS):
                    if key.fileobj is of:
                        chunks.append(os.read(of.fileno(), 1 << 20))
                        if not chunks[-1]:
                            raise Failure("error", self.last_words())
                    elif sent < len(message):
                        sent += self.write(to, message[sent : sent + (1 << 16)])
                    else:
                        selector.unregister(to)
                if time.monotonic() > deadline:
                    raise Failure("time", f"more than {limit_seconds:g} s")
                if memory(self.process.pid, "VmRSS") > self.limit_bytes:
                    raise Failure("memory", f"more than {self.limit_bytes / 2**30:.1f} GiB")
        return b"".join(chunks)

    def write(self, to, part):
        try:
            return os.write(to.fileno(), part)
        except BrokenPipeError:
            raise Failure("error", self.last_words()) from None

    def last_words(self):
        status = self.process.wait()
        self.errors.seek(0)
        said = self.errors.read().decode(errors="replace").strip()[-TAIL:]
        return f"ended with status {status}" + (f": {said}" if said else "")
