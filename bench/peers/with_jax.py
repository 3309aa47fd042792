#!/usr/bin/env python3
"""JAX on the CPU: every function jitted, compiled before the clock starts, doubles. It answers GradBench's messages.

Left out: det, whose expansion by minors would be unrolled, and particle and saddle, whose loops have no known end, which
JAX does not differentiate backwards."""

import functools

import jax
import numpy
from jax import numpy as jnp

import formulas
from serving import serve

jax.config.update("jax_enable_x64", True)


def jitted(f, *arguments, output=lambda result: numpy.asarray(result).tolist()):
    """What is to be timed, after a first call that compiles."""
    arguments = [jax.tree.map(jnp.asarray, argument) for argument in arguments]
    compiled = jax.jit(f)
    jax.block_until_ready(compiled(*arguments))
    return lambda: jax.block_until_ready(compiled(*arguments)), output


def of_one_array(f, name, *data):
    """Primal and gradient of f(*data(input), input[name])."""

    def prepare(transform, given):
        fixed = [make(given) for make in data]
        return jitted(transform(lambda x: f(*fixed, x)), numpy.array(given[name], float))

    return functools.partial(prepare, lambda g: g), functools.partial(prepare, jax.grad)


def hello(transform, x):
    return jitted(transform(lambda x: x * x), float(x))


def points(given):
    return jnp.linspace(-1, 1, given["n"])


def ode(steps, x):
    step = lambda y, _: (formulas.ode_step(jnp, x, y, 2 / steps), None)
    return jax.lax.scan(step, jnp.zeros_like(x), None, length=steps)[0]


def gmm(transform, given):
    d, k = given["d"], given["k"]
    rows, columns = formulas.lower_places(d)
    diagonal = numpy.arange(d)

    def place(on, below):
        return jnp.zeros((k, d, d)).at[:, diagonal, diagonal].set(on).at[:, rows, columns].set(below)

    x = numpy.array(given["x"])
    variables = {name: numpy.array(given[name], float) for name in ("alpha", "mu", "q", "l")}

    def posterior(variables, x):
        return formulas.log_posterior(jnp, place, given, x, **variables)

    def output(result):
        return jax.tree.map(lambda part: numpy.asarray(part).tolist(), result)

    return jitted(transform(posterior), variables, x, output=output)


def bundle(given):
    """Variables of each observation, and its feature."""
    variables = numpy.array([*given["cam"], *given["x"], given["w"]])
    return numpy.tile(variables, (given["p"], 1)), numpy.tile(given["feat"], (given["p"], 1))


def ba_objective(given):
    residual = jax.vmap(functools.partial(formulas.reprojection, jnp))

    def output(result):
        reprojection, weights = map(numpy.asarray, result)
        p = len(weights)
        error = {"elements": reprojection[0].tolist(), "repeated": p}
        return {"reproj_error": error, "w_err": {"element": float(weights[0]), "repeated": p}}

    return jitted(lambda v, feature: (residual(v, feature), 1 - v[:, 14] ** 2), *bundle(given), output=output)


def ba_jacobian(given):
    n, m, p = given["n"], given["m"], given["p"]
    blocks = jax.vmap(jax.jacfwd(functools.partial(formulas.reprojection, jnp)))

    def csr(v, feature, observation):
        camera = 11 * (observation % n)[:, None] + jnp.arange(11)
        point = 11 * n + 3 * (observation % m)[:, None] + jnp.arange(3)
        weight = 11 * n + 3 * m + observation
        columns = jnp.repeat(jnp.hstack([camera, point, weight[:, None]]), 2, axis=0).ravel()
        rows = jnp.concatenate([15 * jnp.arange(2 * p + 1), 30 * p + 1 + observation])
        values = jnp.concatenate([blocks(v, feature).ravel(), -2 * v[:, 14]])
        return rows, jnp.concatenate([columns, weight]), values

    def output(result):
        return {name: numpy.asarray(part)[[*range(30), -1]].tolist() for name, part in zip(("rows", "cols", "vals"), result)}

    return jitted(csr, *bundle(given), numpy.arange(p), output=output)


def ht(jacobian, given):
    data = given["data"]
    model = {name: numpy.array(part) for name, part in data["model"].items() if name != "bone_names"}
    model["parents"] = data["model"]["parents"]
    seen = {"points": numpy.array(data["points"]), "correspondences": numpy.array(data["correspondences"])}
    us = numpy.array(given["us"]) if given["us"] else None
    theta = numpy.array(given["theta"])

    def residual(z, theta, us):
        return formulas.hand_residual(jnp, model, seen, theta + z[-theta.size:], None if us is None else us + z[:2]).ravel()

    size = theta.size + (0 if us is None else 2)
    return jitted(jax.jacfwd(residual) if jacobian else residual, numpy.zeros(size), theta, us)


def lstm(transform, given):
    main, extra, state, text = (numpy.array(given[name]) for name in ("main_params", "extra_params", "state", "sequence"))
    bits = text.shape[1]
    state = state.reshape(-1, 2, bits)

    def loss(parameters, state, text):
        step = lambda state, pair: formulas.lstm_step(jnp, *parameters, state, *pair)
        return -jax.lax.scan(step, state, (text[:-1], text[1:]))[1].sum() / text[1:].size

    def output(result):
        return numpy.concatenate([numpy.ravel(part) for part in result]).tolist() if isinstance(result, tuple) else float(result)

    return jitted(transform(loss), (main, extra), state, text, output=output)


def kmeans(direction, given):
    def cost(centroids, points):
        return formulas.clusters(jnp, points, centroids)

    def newton(centroids, points):
        along = jnp.ones_like(centroids)  # the Hessian is diagonal
        gradient, diagonal = jax.jvp(lambda c: jax.grad(cost)(c, points), (centroids,), (along,))
        return gradient / diagonal

    return jitted(newton if direction else cost, numpy.array(given["centroids"]), numpy.array(given["points"]))


def both(prepare, primal, derivative):
    return {primal: functools.partial(prepare, lambda f: f), derivative: functools.partial(prepare, jax.grad)}


def named(pair):
    return dict(zip(("primal", "gradient"), pair))


def ode_module():
    def prepare(transform, given):
        return jitted(transform(functools.partial(ode, given["s"])), numpy.array(given["x"]))

    last = lambda f: jax.grad(lambda x: f(x)[-1])
    return {"primal": functools.partial(prepare, lambda f: f), "gradient": functools.partial(prepare, last)}


if __name__ == "__main__":
    serve("JAX", {
        "hello": both(hello, "square", "double"),
        "llsq": named(of_one_array(functools.partial(formulas.least_squares, jnp), "x", points)),
        "lse": named(of_one_array(functools.partial(formulas.log_sum_exp, jnp), "x")),
        "ode": ode_module(),
        "gmm": both(gmm, "objective", "jacobian"),
        "ba": {"objective": ba_objective, "jacobian": ba_jacobian},
        "ht": {"objective": functools.partial(ht, False), "jacobian": functools.partial(ht, True)},
        "lstm": both(lstm, "objective", "jacobian"),
        "kmeans": {"cost": functools.partial(kmeans, False), "dir": functools.partial(kmeans, True)},
    })  # fmt: skip
