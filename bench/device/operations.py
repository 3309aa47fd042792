#!/usr/bin/env python3
"""Reductions, running sums and moves of large arrays on a GPU in PyTorch, in lines of JSON for bench/device/table."""

import json

import torch
from peers import STEP_Y, seconds_of


def cases(x):
    """The operations of operations.cu, by name."""
    sums = {"sums of rows": lambda: x.sum(1), "sums of columns": lambda: x.sum(0), "largest of rows": lambda: x.amax(1)}
    running = {
        "running sums along rows": lambda: x.cumsum(1),
        "running sums along columns": lambda: x.cumsum(0)
    }
    if x.shape == (8000000, 10):
        return sums
    if x.shape == (100, 1000000):
        return running
    bias = torch.ones(x.shape[1], dtype=x.dtype, device="cuda", requires_grad=True)

    def gradient_of_bias():
        bias.grad = None
        (x + bias).backward(x)
        return bias.grad

    return sums | running | {
        "softmax of rows": lambda: x.softmax(1),
        "logsumexp of rows": lambda: x.logsumexp(1),
        "transposed copy": lambda: x.t().contiguous(),
        "x + bias, gradient of bias": gradient_of_bias,
    }


def main():
    for dtype, there in (("float", torch.float32), ("double", torch.float64)):
        for shape in ((8000000, 10), (100000, 1000), (100, 1000000)):
            multiple = torch.arange(shape[0] * shape[1], dtype=torch.float64, device="cuda") * STEP_Y
            x = (0.5 + 1.5 * (multiple - torch.floor(multiple))).to(there).reshape(shape)
            for name, f in cases(x).items():
                value = float(f().double().sum())
                row = {"tool": "torch", "function": name, "dtype": dtype, "n": f"{shape[0]} x {shape[1]}"}
                print(json.dumps(row | {"seconds": seconds_of(f, torch.cuda.synchronize), "value": value}), flush=True)


if __name__ == "__main__":
    main()
