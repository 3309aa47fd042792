"""The problems on whole arrays, for JAX and PyTorch alike: `m` is jax.numpy or torch, `x[...]` its arrays."""

import math

import numpy

FINGER_BONES = (2, 6, 10, 14, 18)  # the second bone of each finger, the first one that moves


def log_sum_exp(m, x):
    shift = m.amax(x, -1)
    return m.log(m.exp(x - shift[..., None]).sum(-1)) + shift


def least_squares(m, points, x):
    """By Horner's scheme. `points` lie evenly on [-1, 1]."""
    value = m.zeros_like(points)
    for j in reversed(range(x.shape[0])):
        value = value * points + x[j]
    return 0.5 * ((m.sign(points) - value) ** 2).sum()


def ode_step(m, x, y, h):
    """A classical Runge-Kutta step of y_0' = x_0, y_i' = x_i y_(i-1)."""
    one = m.ones_like(x[:1])

    def slope(y):
        return x * m.concatenate([one, y[:-1]])

    k1 = slope(y)
    k2 = slope(y + h / 2 * k1)
    k3 = slope(y + h / 2 * k2)
    k4 = slope(y + h * k3)
    return y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


def lower_places(d):
    """Rows and columns of what is below the diagonal, column by column."""
    columns, rows = numpy.triu_indices(d, 1)
    return rows, columns


def log_wishart_constant(d, k, m, gamma):
    freedom = d + m + 1
    gammas = sum(math.lgamma(0.5 * freedom + 0.5 * (1 - j)) for j in range(1, d + 1))
    log_gamma = 0.25 * d * (d - 1) * math.log(math.pi) + gammas
    return k * (freedom * d * (math.log(gamma) - 0.5 * math.log(2)) - log_gamma)


def log_posterior(m, place, given, x, alpha, mu, q, l):
    """Of a mixture of Gaussians with a Wishart prior. `place(diagonal, below)` makes the triangular matrices."""
    d, k, n, gamma = given["d"], given["k"], given["n"], given["gamma"]
    sums = q.sum(-1)
    matrices = place(m.exp(q), l)
    seen = m.einsum("kij,nj->nki", matrices, x) - m.einsum("kij,kj->ki", matrices, mu)
    terms = alpha + sums - 0.5 * (seen**2).sum(-1)
    likelihood = log_sum_exp(m, terms).sum() - n * log_sum_exp(m, alpha) - n * d * 0.5 * math.log(2 * math.pi)
    squares = (m.exp(q) ** 2).sum() + (l**2).sum()
    prior = given["m"] * sums.sum() - 0.5 * gamma * gamma * squares
    return likelihood + prior + log_wishart_constant(d, k, given["m"], gamma)


def reprojection(m, variables, feature):
    """The residual of one observation: a camera's 11 numbers, a point's 3 and a weight."""
    rotation, offset, weight = variables[:3], variables[11:14] - variables[3:6], variables[14]
    angle = m.sqrt((rotation**2).sum())
    axis = rotation / angle
    across = m.stack([
        axis[1] * offset[2] - axis[2] * offset[1],
        axis[2] * offset[0] - axis[0] * offset[2],
        axis[0] * offset[1] - axis[1] * offset[0],
    ])  # fmt: skip
    cosine = m.cos(angle)
    seen = offset * cosine + across * m.sin(angle) + axis * ((axis * offset).sum() * (1 - cosine))
    image = seen[:2] / seen[2]
    square = (image**2).sum()
    distorted = image * (1 + variables[9] * square + variables[10] * square**2)
    return weight * (distorted * variables[6] + variables[7:9] - feature)


def bundle_columns(n, m, p):
    """The columns of the Jacobian's blocks of two rows and 15 columns, one for each observation."""
    observation = numpy.arange(p)[:, None]
    camera = 11 * (observation % n) + numpy.arange(11)
    point = 11 * n + 3 * (observation % m) + numpy.arange(3)
    return numpy.hstack([camera, point, 11 * n + 3 * m + observation])


def hand_residual(m, model, given, theta, us):
    """The distances of points to a posed hand. `model`: arrays; `us` is None where points belong to vertices."""
    zero = m.zeros_like(theta[0])
    bend, spread = [zero] * len(model["parents"]), [zero] * len(model["parents"])
    angle = 6
    for first in FINGER_BONES:
        bend[first], spread[first], bend[first + 1], bend[first + 2] = (theta[angle + i] for i in range(4))
        angle += 4
    absolutes = []
    for bone, parent in enumerate(model["parents"]):
        relative = model["base_relatives"][bone] @ bone_transform(m, bend[bone], spread[bone], zero)
        absolutes.append(relative if parent < 0 else absolutes[parent] @ relative)
    transforms = m.stack(absolutes) @ model["inverse_base_absolutes"]
    skinned = m.einsum("vb,bij,vj->vi", model["weights"], transforms[:, :3], model["base_positions"])
    vertices = skinned @ rotation_matrix(m, theta[:3]).T + theta[3:6]
    if us is None:
        return given["points"] - vertices[given["correspondences"]]
    corners = vertices[model["triangles"][given["correspondences"]]]
    u, v = us[:, :1], us[:, 1:]
    return given["points"] - (u * corners[:, 0] + v * corners[:, 1] + (1 - u - v) * corners[:, 2])


def bone_transform(m, x, z, zero):
    """A rotation about the first axis, then about the third one, as a 4x4 matrix."""
    c, s, cz, sz, one = m.cos(x), m.sin(x), m.cos(z), m.sin(z), zero + 1
    rows = [[cz, -sz * c, sz * s, zero], [sz, cz * c, -cz * s, zero], [zero, s, c, zero], [zero, zero, zero, one]]
    return m.stack([m.stack(row) for row in rows])


def rotation_matrix(m, rotation):
    """Rodrigues' formula."""
    angle = m.sqrt((rotation**2).sum())
    x, y, z = rotation / angle
    c, s = m.cos(angle), m.sin(angle)
    rows = [
        [x * x + (1 - x * x) * c, x * y * (1 - c) - z * s, x * z * (1 - c) + y * s],
        [x * y * (1 - c) + z * s, y * y + (1 - y * y) * c, y * z * (1 - c) - x * s],
        [x * z * (1 - c) - y * s, z * y * (1 - c) + x * s, z * z + (1 - z * z) * c],
    ]
    return m.stack([m.stack(row) for row in rows])


def lstm_cell(m, weight, bias, hidden, cell, x):
    """A layer of bench::Lstm: what it gives, and its cell. Weights and biases of forget, in, out and change."""
    b = x.shape[0]
    w, v = weight.reshape(4, b), bias.reshape(4, b)

    def sigmoid(t):
        return 1 / (1 + m.exp(-t))

    forget, out = sigmoid(x * w[0] + v[0]), sigmoid(x * w[2] + v[2])
    new, change = sigmoid(hidden * w[1] + v[1]), m.tanh(hidden * w[3] + v[3])
    cell = cell * forget + new * change
    return out * m.tanh(cell), cell


def lstm_step(m, main, extra, state, x, target):
    """One character: the state after it (layers, hidden and cell, bits), and its log-likelihood."""
    after, signal = [], x * extra[0]
    for layer in range(state.shape[0]):
        signal, cell = lstm_cell(m, main[2 * layer], main[2 * layer + 1], state[layer][0], state[layer][1], signal)
        after.append(m.stack([signal, cell]))
    predicted = signal * extra[1] + extra[2]
    return m.stack(after), (target * (predicted - m.log(2 + m.exp(predicted).sum()))).sum()


def clusters(m, points, centroids):
    """The sum of squared distances to the nearest centroid; distances by products of matrices."""
    squares = (points**2).sum(-1)[:, None] - 2 * points @ centroids.T + (centroids**2).sum(-1)
    return m.amin(squares, -1).sum()
