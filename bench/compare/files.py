"""Inputs that GradBench reads from files: bundle adjustment, hands and texts. Where a file is missing, numbers from a
seed take its place, of the same shape, and a note says so.

A data folder has the files in ba/, ht/ and lstm/, or in ba/data/ and so on as `evals` of GradBench has.
"""

import math
from pathlib import Path

import numpy

SEED = 31337
GENERATED = "generated from a seed, since its file is missing"

# The files of bundle adjustment that GradBench runs by default: cameras, points, observations.
BUNDLES = (
    (49, 7776, 31843), (21, 11315, 36455), (161, 48126, 182072), (372, 47423, 204472), (257, 65132, 225911),
    (539, 65220, 277273), (93, 61203, 287451), (88, 64298, 383937), (810, 88814, 393775), (1197, 126327, 563734),
    (1723, 156502, 678718), (253, 163691, 899155), (245, 198739, 1091386), (356, 226730, 1255268),
)  # fmt: skip
HANDS = (100, 192, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 51200, 100000)  # points of the hand files
PARENTS = (-1, 0, 1, 2, 3, 0, 5, 6, 7, 0, 9, 10, 11, 0, 13, 14, 15, 0, 17, 18, 19, 0)  # bones of the hand
VERTICES, TRIANGLES = 544, 1084
ANGLES = 26


class Data:
    """A folder with data files, or none."""

    def __init__(self, folder=None):
        self.folder = folder and Path(folder)

    def find(self, evaluation, pattern):
        """The first file of that evaluation whose path matches, or None."""
        if self.folder is None:
            return None
        places = (self.folder / evaluation, self.folder / evaluation / "data")
        return next((path for place in places for path in sorted(place.glob(pattern))), None)


def numbers(line):
    return [float(word) for word in line.split()]


def bundles(data):
    for index, (n, m, p) in enumerate(BUNDLES, 1):
        path = data.find("ba", f"ba{index}_*.txt")
        yield f"ba{index} n={n},m={m},p={p}", *(read_bundle(path) if path else (generate_bundle(index, n, m, p), GENERATED))


def read_bundle(path):
    sizes, camera, point, weight, feature = path.read_text().splitlines()[:5]
    n, m, p = map(int, sizes.split())
    rest = {"cam": numbers(camera), "x": numbers(point), "w": float(weight), "feat": numbers(feature)}
    return {"n": n, "m": m, "p": p} | rest, ""


def generate_bundle(index, n, m, p):
    random = numpy.random.default_rng([SEED, index])
    camera = [*random.normal(size=3), *random.uniform(30, 60, 3), random.uniform(300, 600), *random.normal(0, 5, 2)]
    camera += [random.normal(0, 0.1), random.normal(0, 0.003)]
    feature = random.uniform(0, 1000, 2).tolist()
    point = random.uniform(0, 10, 3).tolist()
    rest = {"cam": [float(c) for c in camera], "x": point, "w": float(random.uniform()), "feat": feature}
    return {"n": n, "m": m, "p": p} | rest


def hands(data, variant):
    """Instances on the small and, where there is such data, the big model."""
    for size in ("small", "big"):
        bones = data.find("ht", f"{variant}_{size}/model/bones.txt")
        if size == "small" and not bones:
            bones = data.find("ht", "model/bones.txt")
        if size == "big" and not bones:
            continue
        model = read_model(bones.parent) if bones else generate_model(numpy.random.default_rng(SEED))
        for index, points in enumerate(HANDS, 1):
            path = data.find("ht", f"{variant}_{size}/hand{index}_*.txt") if bones else None
            found = read_hand(path, variant) if path else generate_hand(index, points, variant)
            theta, us, correspondences, seen = found
            instance = {"model": model, "correspondences": correspondences, "points": seen}
            note = "" if path else GENERATED
            yield f"{size} hand{index} c={points}", {"theta": theta, "data": instance, "us": us}, note


def read_model(folder):
    """A hand: bones (name, parent, two 4x4 transforms), vertices with weights of bones, and triangles."""
    bones = [line.split(":") for line in (folder / "bones.txt").read_text().splitlines()]
    vertices = [line.split(":") for line in (folder / "vertices.txt").read_text().splitlines()]
    weights = numpy.zeros((len(vertices), len(bones)))
    for row, vertex in zip(weights, vertices):
        for i in range(int(vertex[8])):
            row[int(vertex[9 + 2 * i])] = float(vertex[10 + 2 * i])

    def transforms(first):
        return [numpy.array(bone[first : first + 16], float).reshape(4, 4).tolist() for bone in bones]

    return {
        "bone_count": len(bones),
        "bone_names": [bone[0] for bone in bones],
        "parents": [int(bone[1]) for bone in bones],
        "base_relatives": transforms(2),
        "inverse_base_absolutes": transforms(18),
        "base_positions": [[float(x) for x in vertex[:3]] + [1.0] for vertex in vertices],
        "weights": weights.tolist(),
        "triangles": numpy.loadtxt(folder / "triangles.txt", int, delimiter=":").tolist(),
        "is_mirrored": False,
    }


def read_hand(path, variant):
    lines = path.read_text().splitlines()
    points, angles = map(int, lines[0].split()[:2])
    rows = [line.split() for line in lines[1 : 1 + points]]
    rest = lines[1 + points :]
    us = []
    if variant == "complicated":
        us, rest = [numbers(line) for line in rest[:points]], rest[points:]
    theta = [float(line) for line in rest[:angles]]
    return theta, us, [int(row[0]) for row in rows], [[float(x) for x in row[1:4]] for row in rows]


def generate_model(random):
    """A hand of random bones: each a rotation and a shift against its parent."""
    relatives, absolutes = [], []
    for parent in PARENTS:
        transform = numpy.eye(4)
        transform[:3, :3] = numpy.linalg.qr(random.normal(size=(3, 3)))[0]
        transform[:3, 3] = random.normal(0, 0.1, 3)
        relatives.append(transform)
        absolutes.append(transform if parent < 0 else absolutes[parent] @ transform)
    weights = numpy.zeros((VERTICES, len(PARENTS)))
    for row in weights:
        row[random.choice(len(PARENTS), 4, replace=False)] = random.dirichlet(numpy.ones(4))
    positions = numpy.hstack([random.normal(0, 0.1, (VERTICES, 3)), numpy.ones((VERTICES, 1))])
    return {
        "bone_count": len(PARENTS),
        "bone_names": [f"bone{i}" for i in range(len(PARENTS))],
        "parents": list(PARENTS),
        "base_relatives": [transform.tolist() for transform in relatives],
        "inverse_base_absolutes": [numpy.linalg.inv(transform).tolist() for transform in absolutes],
        "base_positions": positions.tolist(),
        "weights": weights.tolist(),
        "triangles": [random.choice(VERTICES, 3, replace=False).tolist() for _ in range(TRIANGLES)],
        "is_mirrored": False,
    }


def generate_hand(index, points, variant):
    random = numpy.random.default_rng([SEED, index])
    complicated = variant == "complicated"
    us = random.uniform(0, 0.5, (points, 2)).tolist() if complicated else []
    correspondences = random.integers(TRIANGLES if complicated else VERTICES, size=points).tolist()
    return random.normal(size=ANGLES).tolist(), us, correspondences, random.normal(0, 1, (points, 3)).tolist()


def text_model(data, random, layers, characters):
    """The character model's input: GradBench's text with parameters from the random numbers, else a file of ADBench
    with all of it, else random bits. All draw the same random numbers, so that sizes don't depend on one another."""
    text = data.find("lstm", "lstm_full.txt")
    text = text.read_text(encoding="utf8")[:characters] if text else ""
    bits = math.ceil(math.log2(max(map(ord, text)))) if text else 14  # as many as the text of ADBench takes
    parameters = {
        "main_params": (2 * layers, 4 * bits), "extra_params": (3, bits), "state": (2 * layers, bits)
    }  # fmt: skip
    state = random.random_sample(parameters["state"]).tolist()
    input = {name: random.random_sample(parameters[name]).tolist() for name in ("main_params", "extra_params")}
    input["state"] = state
    if text:
        return input | {"sequence": [[float(bit) for bit in f"{ord(c):0{bits}b}"] for c in text]}, ""
    path = data.find("lstm", f"lstm_l{layers}_c{characters}.txt")
    if path:
        return read_text_model(path), ""
    bits_of = numpy.random.default_rng([SEED, characters]).integers(2, size=(characters, bits))
    return input | {"sequence": bits_of.astype(float).tolist()}, GENERATED


def read_text_model(path):
    lines = [numbers(line) for line in path.read_text().splitlines() if line.split()]
    layers, characters, _ = map(int, lines.pop(0))
    ends = numpy.cumsum([0, 2 * layers, 3, 2 * layers, characters])
    parts = [lines[first:last] for first, last in zip(ends, ends[1:])]
    return dict(zip(("main_params", "extra_params", "state", "sequence"), parts))
