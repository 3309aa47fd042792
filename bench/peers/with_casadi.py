#!/usr/bin/env python3
"""CasADi: its virtual machine on functions that are built before the clock starts. It answers GradBench's messages.

Left out are problems of matrices and of indices (gmm, ht, kmeans), which its expressions of whole arrays lack, and
those whose expression would have too many nodes (det, lstm)."""

import functools

import casadi
import numpy

from serving import serve


def compiled(expression, of, *numbers, output=lambda result: numpy.ravel(result).tolist()):
    function = casadi.Function("f", [of], expression if isinstance(expression, list) else [expression])
    numbers = [casadi.DM(numpy.array(number, float)) for number in numbers]
    return lambda: function(*numbers), output


def scalar(result):
    return float(result)


def made(formula, derivative, x):
    """`formula` of a column of numbers, or its gradient."""
    variable = casadi.MX.sym("x", numpy.size(x))
    value = formula(variable)
    if derivative:
        return compiled(casadi.gradient(value, variable), variable, x)
    return compiled(value, variable, x, output=scalar)


def square(derivative, x):
    variable = casadi.SX.sym("x")
    value = variable * variable
    return compiled(casadi.gradient(value, variable) if derivative else value, variable, x, output=scalar)


def llsq(derivative, given):
    points = casadi.DM(numpy.linspace(-1, 1, given["n"]))

    def squares(x):
        value = casadi.MX.zeros(given["n"])
        for j in reversed(range(len(given["x"]))):
            value = value * points + x[j]
        return casadi.sumsqr(casadi.sign(points) - value) / 2

    return made(squares, derivative, given["x"])


def lse(derivative, given):
    return made(casadi.logsumexp, derivative, given["x"])


def ode(derivative, given):
    steps = given["s"]
    h = 2 / steps
    x = casadi.MX.sym("x", len(given["x"]))
    y = casadi.MX.zeros(x.shape)
    slope = lambda y: x * casadi.vertcat(1, y[:-1])
    for _ in range(steps):
        k1 = slope(y)
        k2 = slope(y + h / 2 * k1)
        k3 = slope(y + h / 2 * k2)
        k4 = slope(y + h * k3)
        y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return compiled(casadi.gradient(y[-1], x) if derivative else y, x, given["x"])


def both(prepare, primal, derivative):
    return {primal: functools.partial(prepare, False), derivative: functools.partial(prepare, True)}


if __name__ == "__main__":
    serve("CasADi", {
        "hello": both(square, "square", "double"),
        "llsq": both(llsq, "primal", "gradient"),
        "lse": both(lse, "primal", "gradient"),
        "ode": both(ode, "primal", "gradient"),
    })  # fmt: skip
