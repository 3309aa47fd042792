"""Times of all tools at one evaluation: rounds in which each tool has its turn, and checks of what they give."""

import json
import statistics
import time
from dataclasses import asdict, dataclass, field

import numpy

import check
from client import Failure


@dataclass
class Cell:
    """What one tool took for a function at one size. `status`: "ok"; "time" and "memory", above a limit; "unsupported",
    "error" and "wrong". `seconds` is the median over the rounds of the median of each, `rounds` has those."""

    evaluation: str
    size: str
    function: str
    derivative: bool
    tool: str
    status: str = "ok"
    message: str = ""
    rounds: list = field(default_factory=list)
    seconds: float | None = None
    runs: int = 0
    peak_bytes: int = 0

    def finish(self):
        if self.rounds:
            self.seconds = statistics.median(self.rounds)
        return asdict(self)


class Evaluator:
    """All tools at one evaluation. `say(line)` tells of progress and of failures."""

    def __init__(self, name, evaluation, clients, options, say):
        self.name, self.evaluation, self.options, self.say = name, evaluation, options, say
        self.random = numpy.random.default_rng(1)
        self.failures = []
        self.clients = [client for client in clients if self.defines(client)]
        self.given_up = {}  # (tool, function): the size at which a limit was exceeded; larger ones aren't tried

    def defines(self, client):
        try:
            client.define(self.name)
            return True
        except Failure as failure:
            if failure.kind != "unsupported":
                self.fail(f"{self.name}: {client.name} {failure}")
            return False

    def fail(self, sentence):
        self.failures.append(sentence)
        self.say(f"FAILED: {sentence}")

    def measure(self, case):
        """The cells of a case."""
        text = json.dumps(case.input)
        functions = ((self.evaluation.primal,) if self.evaluation.primal else ()) + self.evaluation.derivatives
        for function in functions:
            yield from self.function(case, function, text)

    def function(self, case, function, text):
        derivative = function in self.evaluation.derivatives
        cells = {client: Cell(self.name, case.size, function, derivative, client.name) for client in self.clients}
        spent = dict.fromkeys(self.clients, 0.0)
        outputs = {}
        for turn in range(self.options.rounds):
            # there and back, so that none always follows the same one
            for client in self.clients if turn % 2 == 0 else reversed(self.clients):
                cell = cells[client]
                if cell.status == "ok" and (turn == 0 or spent[client] < client.limit_seconds):
                    started = time.monotonic()
                    self.turn(client, cell, text, outputs)
                    spent[client] += time.monotonic() - started
            if turn == 0:
                self.compare(case, cells, outputs)
                outputs.clear()
        return [cell.finish() for cell in cells.values()]

    def turn(self, client, cell, text, outputs):
        gave_up = self.given_up.get((client, cell.function))
        if gave_up:
            cell.status, cell.message = gave_up
            return
        try:
            if not cell.rounds:  # a single run tells of memory; many leave a list of times
                client.drop_memory()
                first = client.evaluate(cell.function, text)
                outputs[client], cell.peak_bytes = first.output(), first.peak_bytes
            answer = client.evaluate(cell.function, text, seconds=self.options.seconds)
        except Failure as failure:
            cell.status, cell.message = failure.kind, str(failure)
            if failure.kind in ("time", "memory"):
                self.given_up[client, cell.function] = (failure.kind, f"not tried, {failure} at {cell.size}")
            elif failure.kind == "error":
                self.fail(f"{self.name} {cell.size} {cell.function}: {client.name} {failure}")
            return
        if answer.seconds:
            cell.rounds.append(statistics.median(answer.seconds))
            cell.runs += len(answer.seconds)

    def compare(self, case, cells, outputs):
        """The first tool's derivative with differences of its primal, and the others' outputs with the first one's."""
        if not outputs:
            return
        first, expected = next(iter(outputs.items()))
        if cells[first].derivative:
            error = self.against_differences(case, first, expected)
            if error:
                self.wrong(case, cells[first], error)
        for client, output in outputs.items():
            error = client is not first and check.disagreement(self.name, cells[client].function, output, expected)
            if error:
                self.wrong(case, cells[client], f"{error} from {first.name}")

    def against_differences(self, case, client, output):
        def primal(text):
            return client.evaluate(self.evaluation.primal, text).output()

        try:
            return check.Differences(self.name, case.input, primal, self.random).disagreement(output)
        except Failure as failure:
            return f"no differences: {failure}"

    def wrong(self, case, cell, error):
        cell.status, cell.message = "wrong", error
        self.fail(f"{case.size}, {cell.tool}: {error}")
