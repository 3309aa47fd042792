"""A tool for the tests of bench/compare: squares and their derivatives, and some misbehaviour."""

import json
import sys
import time

ballast = None
for line in sys.stdin:
    message = json.loads(line)
    reply = {"id": message["id"], "success": True}
    given = message.get("input")
    match message.get("function") or message.get("module"):
        case "square":
            reply |= {"output": given * given, "timings": [{"name": "evaluate", "nanoseconds": n} for n in (10, 30, 20)]}
        case "double":
            slope = 3 if "wrong" in sys.argv else 2
            reply |= {"output": slope * given, "timings": [{"name": "evaluate", "nanoseconds": 40}]}
        case "sum":
            reply |= {"output": [sum(given["x"])], "timings": []}
        case "slow":
            time.sleep(60)
        case "fat":
            ballast = bytearray(400 << 20)
            time.sleep(60)
        case "keeps":
            ballast = bytearray(150 << 20)
            reply |= {"output": 1.0, "timings": []}
        case "dead":
            sys.exit("last words")
        case "gmm":
            reply = {"id": message["id"], "success": False, "error": "unknown module: gmm"}
    print(json.dumps(reply), flush=True)
