"""Whether outputs are right: all tools' against one another, and derivatives against differences of the primal."""

import json

import numpy

TOLERANCE = 1e-4  # GradBench's, of |a - b| / max(1, |a| + |b|)
STEP = 1e-6  # of central differences
STEPS_TWICE = (1e-4, 3e-5, 1e-5)  # of second differences: one must agree, as long steps meet changes of clusters

# The variables of the primal: fields of the input, in the order in which the derivative has them.
VARIABLES = {
    "llsq": ("x",), "lse": ("x",), "ode": ("x",), "det": ("A",), "gmm": ("alpha", "mu", "q", "l"),
    "lstm": ("main_params", "extra_params"), "ba": ("cam", "x", "w"), "ht": ("us", "theta"), "kmeans": ("centroids",),
}  # fmt: skip
# Those of the primal's numbers whose derivatives are asked for: the last component; all but the numbers of repetitions.
DIFFERENTIATED = {"ode": slice(-1, None), "ba": [0, 1, 3]}
# What the nested evaluations give, from GradBench.
KNOWN = {"particle": 0.2071918746486116, "saddle": [8.246324826140356e-06] * 4}


def flat(output):
    """All numbers of an output, fields in the order of their names."""
    if isinstance(output, dict):
        return numpy.concatenate([flat(output[name]) for name in sorted(output)] or [numpy.empty(0)])
    if isinstance(output, list) and output and isinstance(output[0], list):
        return numpy.concatenate([flat(row) for row in output])
    return numpy.atleast_1d(numpy.asarray(output, float))


def difference(a, b):
    """The greatest difference of two outputs, relative to the sum of magnitudes where that is above 1; infinite where
    their shapes differ or a number isn't finite."""
    try:
        a, b = flat(a), flat(b)
    except (TypeError, ValueError):
        return numpy.inf
    if a.shape != b.shape or not (numpy.isfinite(a).all() and numpy.isfinite(b).all()):
        return numpy.inf
    return float(numpy.max(numpy.abs(a - b) / numpy.maximum(1, numpy.abs(a) + numpy.abs(b)), initial=0))


def disagreement(evaluation, function, output, other):
    """A sentence where the outputs differ, None where they agree."""
    greatest = difference(output, other)
    return None if greatest <= TOLERANCE else f"{evaluation} {function}: differs by {greatest:.1e}"


class Differences:
    """Compares a derivative with central differences of a primal, in a random direction in which no terms cancel.
    `primal(text)` evaluates the primal at an input given as JSON."""

    def __init__(self, evaluation, input, primal, random):
        self.evaluation, self.input, self.primal, self.random = evaluation, input, primal, random

    def disagreement(self, output):
        if self.evaluation in KNOWN:
            known = numpy.atleast_1d(KNOWN[self.evaluation])
            unit = abs(known).max()  # that of a saddle point is close to zero
            return disagreement(
                self.evaluation, "against the known result", (flat(output) / unit).tolist(), (known / unit).tolist()
            )
        if self.evaluation == "hello":
            x = self.input
            slope = (self.at_number(x + STEP) - self.at_number(x - STEP)) / (2 * STEP)
            return disagreement("hello", "against differences", output, float(slope[0]))
        variables = {name: numpy.asarray(self.input[name], float) for name in VARIABLES[self.evaluation]}
        if self.evaluation == "kmeans":
            return self.newton_disagreement(variables["centroids"], numpy.asarray(output))
        slopes, along = directional(self.evaluation, output, variables, self.random)
        found = (self.at(variables, along, STEP) - self.at(variables, along, -STEP)) / (2 * STEP)
        return disagreement(self.evaluation, "against differences", slopes.tolist(), found.tolist())

    def at_number(self, x):
        return flat(self.primal(json.dumps(x)))

    def at(self, variables, along, step):
        moved = {name: (value + step * along[name]).tolist() for name, value in variables.items()}
        values = flat(self.primal(json.dumps(self.input | moved)))
        return values[DIFFERENTIATED.get(self.evaluation, slice(None))]

    def newton_disagreement(self, centroids, output):
        """The direction is gradient / diagonal of the Hessian: of some coordinates, by first and second differences."""
        if output.shape != centroids.shape:
            return f"kmeans: of the shape {output.shape}"
        for _ in range(3):
            place = tuple(self.random.integers(size) for size in centroids.shape)
            along = {"centroids": numpy.zeros_like(centroids)}
            along["centroids"][place] = 1
            errors = [self.newton_disagreement_by(step, centroids, along, float(output[place])) for step in STEPS_TWICE]
            if all(errors):
                return errors[-1]
        return None

    def newton_disagreement_by(self, step, centroids, along, output):
        low, middle, high = (self.at({"centroids": centroids}, along, sign * step)[0] for sign in (-1, 0, 1))
        newton = (high - low) / 2 * step / (high - 2 * middle + low)
        return disagreement("kmeans", "against differences", output, newton)


def directional(evaluation, output, variables, random):
    """The derivative of the primal's numbers in a direction, and that direction. The direction of a variable has the
    sign of its derivative where there is one of all, so that each mistake shows in the sum."""
    along = {name: random.uniform(size=numpy.shape(value)) for name, value in variables.items()}
    if evaluation == "ba":
        # two rows of 15 numbers and the last weight's: those of the first observation and of the last
        values = numpy.asarray(output["vals"])
        direction = numpy.concatenate([along["cam"], along["x"], [along["w"]]])
        return numpy.append(values[:30].reshape(2, 15) @ direction, values[30] * along["w"]), along
    if evaluation == "ht":
        jacobian = numpy.asarray(output, float)
        angles = along["theta"].size
        slopes = jacobian[:, -angles:] @ along["theta"]
        if along["us"].size:
            slopes += numpy.einsum("ijk,ik->ij", jacobian[:, :2].reshape(-1, 3, 2), along["us"]).ravel()
        return slopes, along
    slopes, first = 0.0, 0
    numbers = None if isinstance(output, dict) else flat(output)
    for name in variables:
        size = along[name].size
        part = flat(output[name]) if numbers is None else numbers[first : first + size]
        along[name] *= numpy.where(part < 0, -1, 1).reshape(along[name].shape)
        slopes += float(part @ along[name].ravel())
        first += size
    return numpy.array([slopes]), along
