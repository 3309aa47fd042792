#!/usr/bin/env python3
"""PyTorch on one thread of the CPU, eager as it is mostly used, doubles. It answers GradBench's messages.

Left out: det, particle and saddle, which are of single numbers."""

import functools

import numpy
import torch

import formulas
from serving import serve

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


def tensor(numbers):
    return torch.from_numpy(numpy.array(numbers, float))


def listed(result):
    return result.tolist()


def value(f, *arguments):
    """What is to be timed: f without derivatives."""

    def run():
        with torch.no_grad():
            return f(*arguments)

    return run, listed


def gradient(f, x, *arguments):
    """What is to be timed: the gradient of f with respect to the first argument."""
    x.requires_grad_()
    return lambda: torch.autograd.grad(f(x, *arguments), x)[0], listed


def hello(make, x):
    return make(lambda x: x * x, torch.tensor(float(x)))


def llsq(make, given):
    def f(x):
        return formulas.least_squares(torch, torch.linspace(-1, 1, given["n"]), x)

    return make(f, tensor(given["x"]))


def lse(make, given):
    return make(lambda x: torch.logsumexp(x, 0), tensor(given["x"]))


def ode_state(steps, x):
    y = torch.zeros_like(x)
    for _ in range(steps):
        y = formulas.ode_step(torch, x, y, 2 / steps)
    return y


def ode_primal(given):
    return value(functools.partial(ode_state, given["s"]), tensor(given["x"]))


def ode_gradient(given):
    return gradient(lambda x: ode_state(given["s"], x)[-1], tensor(given["x"]))


VARIABLES = ("alpha", "mu", "q", "l")


def gmm(derivative, given):
    rows, columns = map(torch.from_numpy, formulas.lower_places(given["d"]))
    x = tensor(given["x"])
    variables = [tensor(given[name]).requires_grad_() for name in VARIABLES]

    def place(on, below):
        matrices = torch.diag_embed(on)
        matrices[:, rows, columns] = below
        return matrices

    def posterior():
        return formulas.log_posterior(torch, place, given, x, *variables)

    if not derivative:
        return value(posterior)

    def output(parts):
        return {name: part.tolist() for name, part in zip(VARIABLES, parts)}

    return lambda: torch.autograd.grad(posterior(), variables), output


def bundle(given):
    variables = tensor([*given["cam"], *given["x"], given["w"]])
    return variables.repeat(given["p"], 1), tensor(given["feat"]).repeat(given["p"], 1)


def ba_objective(given):
    variables, features = bundle(given)
    residual = torch.func.vmap(functools.partial(formulas.reprojection, torch))

    def output(result):
        reprojection, weights = result
        p = len(weights)
        error = {"elements": reprojection[0].tolist(), "repeated": p}
        return {"reproj_error": error, "w_err": {"element": float(weights[0]), "repeated": p}}

    return value(lambda: (residual(variables, features), 1 - variables[:, 14] ** 2))[0], output


def ba_jacobian(given):
    n, m, p = given["n"], given["m"], given["p"]
    variables, features = bundle(given)
    blocks = torch.func.vmap(torch.func.jacfwd(functools.partial(formulas.reprojection, torch)))

    def csr():
        columns = torch.from_numpy(formulas.bundle_columns(n, m, p))
        columns = torch.concatenate([columns.repeat_interleave(2, 0).ravel(), columns[:, -1]])
        rows = torch.concatenate([15 * torch.arange(2 * p + 1), 30 * p + torch.arange(1, p + 1)])
        values = torch.concatenate([blocks(variables, features).ravel(), -2 * variables[:, 14]])
        return rows, columns, values

    def output(result):
        return {name: part[[*range(30), -1]].tolist() for name, part in zip(("rows", "cols", "vals"), result)}

    return csr, output


def ht(jacobian, given):
    data = given["data"]
    numbers = ("base_relatives", "inverse_base_absolutes", "base_positions", "weights")
    model = {name: tensor(data["model"][name]) for name in numbers}
    model |= {"parents": data["model"]["parents"], "triangles": torch.tensor(data["model"]["triangles"])}
    seen = {"points": tensor(data["points"]), "correspondences": torch.tensor(data["correspondences"])}
    us = tensor(given["us"]) if given["us"] else None
    theta = tensor(given["theta"])

    def residual(z):
        moved = None if us is None else us + z[:2]
        return formulas.hand_residual(torch, model, seen, theta + z[-len(theta) :], moved).ravel()

    z = torch.zeros(len(theta) + (0 if us is None else 2))
    if not jacobian:
        return value(residual, z)
    derivative = torch.func.jacfwd(residual)
    return lambda: derivative(z), listed


def lstm(derivative, given):
    parameters = [tensor(given[name]).requires_grad_() for name in ("main_params", "extra_params")]
    text = tensor(given["sequence"])
    start = tensor(given["state"]).reshape(-1, 2, text.shape[1])

    def loss():
        state, total = start, 0.0
        for x, target in zip(text[:-1], text[1:]):
            state, likelihood = formulas.lstm_step(torch, *parameters, state, x, target)
            total = total - likelihood
        return total / text[1:].numel()

    if not derivative:
        return value(loss)
    return (
        lambda: torch.concatenate([part.ravel() for part in torch.autograd.grad(loss(), parameters)]),
        listed,
    )


def kmeans_cost(given):
    return value(functools.partial(formulas.clusters, torch, tensor(given["points"])), tensor(given["centroids"]))


def kmeans_direction(given):
    points = tensor(given["points"])
    centroids = tensor(given["centroids"]).requires_grad_()

    def newton():
        cost = formulas.clusters(torch, points, centroids)
        first = torch.autograd.grad(cost, centroids, create_graph=True)[0]
        diagonal = torch.autograd.grad(first.sum(), centroids)[0]  # since the Hessian is diagonal
        return (first / diagonal).detach()

    return newton, listed


def both(prepare, primal, derivative):
    return {primal: functools.partial(prepare, value), derivative: functools.partial(prepare, gradient)}


if __name__ == "__main__":
    serve("PyTorch", {
        "hello": both(hello, "square", "double"),
        "llsq": both(llsq, "primal", "gradient"),
        "lse": both(lse, "primal", "gradient"),
        "ode": {"primal": ode_primal, "gradient": ode_gradient},
        "gmm": {"objective": functools.partial(gmm, False), "jacobian": functools.partial(gmm, True)},
        "ba": {"objective": ba_objective, "jacobian": ba_jacobian},
        "ht": {"objective": functools.partial(ht, False), "jacobian": functools.partial(ht, True)},
        "lstm": {"objective": functools.partial(lstm, False), "jacobian": functools.partial(lstm, True)},
        "kmeans": {"cost": kmeans_cost, "dir": kmeans_direction},
    })  # fmt: skip
