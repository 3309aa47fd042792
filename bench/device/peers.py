#!/usr/bin/env python3
"""Sums over two arrays with both gradients on a GPU, in PyTorch and JAX, in lines of JSON for bench/device/table.

bench/device/peers.py [--tool TOOL]... [N...]      (default: all tools, sizes 10000, 1000000 and 100000000)
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time

STEP_X, STEP_Y = 0.6180339887498949, 0.41421356237309515  # as in spread.hpp


def product(m, x, y):
    return m.exp(x) * y


def chain(m, x, y):
    t = m.tanh(x * y)
    s = m.sqrt(x * x + y * y + 1)
    return m.exp(t - s) * x + t / s


FUNCTIONS = {"exp(x) y": product, "12 operations": chain}  # as in formula.hpp


def seconds_of(call, wait):
    """The median time of a call, when calls follow one another without waiting for the GPU."""

    def many(calls):
        wait()
        start = time.perf_counter()
        for _ in range(calls):
            call()
        wait()
        return time.perf_counter() - start

    for _ in range(5):
        call()
    calls = 1
    while many(calls) < 0.02:
        calls *= 2
    return statistics.median(many(calls) / calls for _ in range(25))


class Torch:
    """Eager, or compiled: `whole` compiles value and gradients as one function, `options` go to torch.compile."""

    def __init__(self, compiled=False, whole=False, **options):
        import torch

        self.torch, self.compiled, self.whole, self.options = torch, compiled, whole, options

    def leaf(self, n, dtype, step, low, high):
        torch = self.torch
        multiple = torch.arange(n, dtype=torch.float64) * step
        numbers = low + (high - low) * (multiple - torch.floor(multiple))
        return numbers.to("cuda", getattr(torch, dtype))

    def measure(self, f, dtype, n):
        torch = self.torch
        torch._dynamo.reset()
        x, y = self.leaf(n, dtype, STEP_X, -1, 1), self.leaf(n, dtype, STEP_Y, 0.5, 2)

        def total(x, y):
            return f(torch, x, y).sum()

        if self.whole:
            both = torch.compile(torch.func.grad_and_value(total, argnums=(0, 1)), dynamic=False, **self.options)

            def call():
                return both(x, y)[1]
        else:
            x.requires_grad_(), y.requires_grad_()
            function = torch.compile(total, dynamic=False, **self.options) if self.compiled else total

            def call():
                x.grad = y.grad = None
                loss = function(x, y)
                loss.backward()
                return loss

        value = float(call())
        seconds = seconds_of(call, torch.cuda.synchronize)
        return value, seconds


class Jax:
    def __init__(self):
        os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
        import jax

        jax.config.update("jax_enable_x64", True)
        assert jax.default_backend() == "gpu", "JAX finds no GPU"
        self.jax = jax

    def leaf(self, n, dtype, step, low, high):
        numpy = self.jax.numpy
        multiple = numpy.arange(n, dtype=numpy.float64) * step
        return (low + (high - low) * (multiple - numpy.floor(multiple))).astype(dtype)

    def measure(self, f, dtype, n):
        jax = self.jax
        x, y = self.leaf(n, dtype, STEP_X, -1, 1), self.leaf(n, dtype, STEP_Y, 0.5, 2)
        both = jax.jit(jax.value_and_grad(lambda x, y: f(jax.numpy, x, y).sum(), argnums=(0, 1)))
        last = both(x, y)
        value = float(last[0])

        def call():
            nonlocal last
            last = both(x, y)

        return value, seconds_of(call, lambda: jax.block_until_ready(last))


TOOLS = {
    "torch": Torch,
    "torch.compile": lambda: Torch(compiled=True),
    "torch.compile(grad_and_value)": lambda: Torch(whole=True),
    "torch.compile(grad_and_value), CUDA graphs": lambda: Torch(whole=True, mode="reduce-overhead"),
    "jax.jit": Jax,
}


def run(tool, sizes):
    maker = TOOLS[tool]()
    for n in sizes:
        for name, f in FUNCTIONS.items():
            for dtype, there in (("float", "float32"), ("double", "float64")):
                try:
                    value, seconds = maker.measure(f, there, n)
                except Exception as error:  # the other cases are wanted all the same
                    print(f"{tool}, {name}, {dtype}, n = {n}: {error!r:.500}", file=sys.stderr)
                    continue
                row = {"tool": tool, "function": name, "dtype": dtype, "n": n, "seconds": seconds, "value": value}
                print(json.dumps(row), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", action="append", choices=TOOLS)
    parser.add_argument("sizes", nargs="*", type=int, default=[10**4, 10**6, 10**8])
    arguments = parser.parse_args()
    tools = arguments.tool or list(TOOLS)
    if len(tools) == 1:
        run(tools[0], arguments.sizes)
        return
    # each in a process of its own, which gives all memory of the GPU back
    failed = [
        tool for tool in tools
        if subprocess.run([sys.executable, __file__, "--tool", tool, *map(str, arguments.sizes)]).returncode != 0
    ]
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
