"""GradBench's protocol (JSON, one message a line) for programs in Python, as bench/gradbench/protocol.hpp is for C++."""

import json
import sys
import time


def evaluate(prepare, given):
    """`prepare(input)` returns what is to be timed, a callable without arguments, and what makes JSON of its result.
    What a library compiles it compiles there, untimed."""
    run, output = prepare(given)
    asked = given if isinstance(given, dict) else {}
    timings, elapsed = [], 0.0
    while len(timings) < max(1, asked.get("min_runs", 1)) or elapsed < asked.get("min_seconds", 0):
        start = time.perf_counter_ns()
        result = run()
        timings.append(time.perf_counter_ns() - start)
        elapsed += timings[-1] * 1e-9
    return {
        "success": True,
        "output": output(result),
        "timings": [{"name": "evaluate", "nanoseconds": nanoseconds} for nanoseconds in timings],
    }


def find(those, name, what):
    if name not in those:
        raise ValueError(f"unknown {what}: {name}")
    return those[name]


def answer(tool, modules, message):
    match message["kind"]:
        case "start":
            return {"tool": tool}
        case "define":
            find(modules, message["module"], "module")
            return {"success": True}
        case "evaluate":
            functions = find(modules, message["module"], "module")
            return evaluate(find(functions, message["function"], "function"), message["input"])
        case "analysis":
            return {}
    raise ValueError(f"unknown kind of message: {message['kind']}")


def serve(tool, modules):
    """Answers messages until the input ends or one says so. `modules`: evaluation -> function -> prepare."""
    for line in sys.stdin:
        message = json.loads(line)
        if message["kind"] == "end":
            break
        try:
            reply = answer(tool, modules, message)
        except Exception as error:  # whatever it is, the next message may do better
            reply = {"success": False, "error": f"{error}" or repr(error)}
        print(json.dumps({"id": message["id"]} | reply), flush=True)
