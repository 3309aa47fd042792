"""GradBench's evaluations: their functions, sizes and inputs, which come from the same seeds in the same order as its
own (python/gradbench/gradbench/evals there), so that they are the same numbers. What it reads from files is in files.py.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy

import files

SEED = 31337


@dataclass(frozen=True)
class Case:
    """An input, and its size in words. `note` says where the numbers are from where that is not GradBench's way."""

    size: str
    input: dict | float
    note: str = ""


@dataclass(frozen=True)
class Evaluation:
    """`primal` is the function whose derivatives the others are; None where those are all that there is."""

    primal: str | None
    derivatives: tuple[str, ...]
    cases: Callable[[files.Data], Iterator[Case]]


def uniform(random, *shape):
    return random.random_sample(shape).tolist()


def hello(_):
    for x in (1.0, 2.0, 8.0, 128.0):
        yield Case(f"x={x:g}", x)


def llsq(_):
    random = numpy.random.RandomState(SEED)
    for n in (16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8196, 16392):
        yield Case(f"n={n}", {"x": uniform(random, 128), "n": n})


def lse(_):
    random = numpy.random.RandomState(SEED)
    for doublings in range(10):
        n = 2500 << doublings
        yield Case(f"n={n}", {"x": uniform(random, n)})


def ode(_):
    random = numpy.random.RandomState(SEED)
    sizes = [(n, s) for n in (1000, 10000, 100000) for s in (1, 10, 100)]
    for n, s in sorted(sizes, key=lambda size: size[0] * size[1]):
        yield Case(f"n={n},s={s}", {"x": uniform(random, n), "s": s})


def det(_):
    random = numpy.random.RandomState(SEED)
    for ell in range(5, 12):
        yield Case(f"l={ell}", {"A": uniform(random, ell * ell), "ell": ell})


def kmeans(_):
    random = numpy.random.RandomState(SEED)
    sizes = [(k, n, d) for k in (10, 100, 1000) for n in (1000, 10000) for d in (8, 16)]
    for k, n, d in sorted(sizes, key=lambda size: size[0] * size[1] * size[2]):
        points = uniform(random, n, d)
        yield Case(f"k={k},n={n},d={d}", {"points": points, "centroids": points[-k:]})


def gmm(_):
    sizes = [(d, k) for d in (2, 10, 20, 32, 64) for k in (5, 10, 25, 50, 100)]
    for d, k in sorted(sizes, key=lambda size: size[0] * size[1]):
        yield Case(f"d={d},k={k}", mixture(d, k, n=1000))


def mixture(d, k, n):
    random = numpy.random.default_rng(SEED)
    rows = {
        "x": [random.normal(size=d).tolist() for _ in range(n)],
        "alpha": random.normal(size=k).tolist(),
        "mu": [random.uniform(size=d).tolist() for _ in range(k)],
        "q": [random.normal(size=d).tolist() for _ in range(k)],
        "l": [random.normal(size=d * (d - 1) // 2).tolist() for _ in range(k)],
    }
    return {"d": d, "k": k, "n": n, "m": 0, "gamma": 1.0} | rows


def ba(data):
    for name, input, note in files.bundles(data):
        yield Case(name, input, note)


def ht(data):
    for variant in ("simple", "complicated"):
        for name, input, note in files.hands(data, variant):
            yield Case(f"{variant} {name}", input, note)


def lstm(data):
    random = numpy.random.RandomState(SEED)  # GradBench takes no seed here
    sizes = [(layers, characters) for layers in (2, 4, 6) for characters in (1024, 4096, 8192)]
    for layers, characters in sorted(sizes, key=lambda size: size[0] * size[1]):
        input, note = files.text_model(data, random, layers, characters)
        yield Case(f"l={layers},c={characters}", input, note)


def particle(_):
    yield Case("w=0", {"w": 0.0})


def saddle(_):
    yield Case("start=(1,1)", {"start": [1.0, 1.0]})


NESTED = ("ff", "fr", "rf", "rr")
EVALUATIONS = {
    "hello": Evaluation("square", ("double",), hello),
    "llsq": Evaluation("primal", ("gradient",), llsq),
    "lse": Evaluation("primal", ("gradient",), lse),
    "ode": Evaluation("primal", ("gradient",), ode),
    "det": Evaluation("primal", ("gradient",), det),
    "gmm": Evaluation("objective", ("jacobian",), gmm),
    "ba": Evaluation("objective", ("jacobian",), ba),
    "ht": Evaluation("objective", ("jacobian",), ht),
    "lstm": Evaluation("objective", ("jacobian",), lstm),
    "kmeans": Evaluation("cost", ("dir",), kmeans),
    "particle": Evaluation(None, NESTED, particle),
    "saddle": Evaluation(None, NESTED, saddle),
}
