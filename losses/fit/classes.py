"""Softmax cross-entropy, fitted by Newton's method."""

import numpy as np

from losses.arrays import Array
from losses.fit.frame import Frame
from losses.fit.newton import SILENT, length
from losses.fit.result import EPS, FLAT, LEAST, STEPS, Fit, Optimum, Separable
from losses.fit.separation import overlap_is_proven, separating
from losses.multiclass import SoftmaxCrossEntropy
from losses.softmax import parts


def fit_classes(loss: SoftmaxCrossEntropy, frame: Frame) -> Fit:
    """K linear models of least mean loss; adding one to all changes nothing, so they sum to zero.

    Raises Separable where no finite weights are best, as where a class has no row.
    """
    K = int(frame.y.max()) + 1
    if K == 1:
        return frame.fit(loss, Optimum(np.zeros((frame.A.shape[1], 1)), 0.0, 0))
    missing = np.setdiff1d(np.arange(K), frame.y)
    if missing.size and not loss.smoothing:
        away = np.zeros((frame.A.shape[1], K))
        away[:, missing] = -frame.flat[:, None]
        raise Separable(frame.weights(away), False)
    return frame.fit(loss, _newton(loss, frame, _contrasts(K)))


def _contrasts(K: int) -> Array:
    """An orthonormal basis `(K - 1, K)` of the logits that sum to zero."""
    basis: Array = np.linalg.svd(np.ones((1, K)))[2][1:]
    return basis


@SILENT
def _newton(loss: SoftmaxCrossEntropy, frame: Frame, basis: Array) -> Optimum:
    """Newton's method with line searches on coordinates `(k, K - 1)` of z `(k, K)`."""
    t, steps = np.zeros((frame.A.shape[1], len(basis))), 0
    fades = not loss.smoothing and not frame.penalized
    while True:
        z = t @ basis
        S = frame.A @ z
        if fades and steps:
            _watch(frame, S, z)
        certificate = _imbalance(loss, frame, S, z)
        if certificate <= FLAT or steps == STEPS:
            break
        h = _step(loss, frame, basis, S, t)
        t, steps = t + _along(loss, frame, S, z, h @ basis) * h, steps + 1
    if fades:
        _check(frame, basis, S)
    return Optimum(z, certificate, steps)


def _imbalance(loss: SoftmaxCrossEntropy, frame: Frame, S: Array, z: Array) -> float:
    size, pull = np.abs(frame.A), loss.gradient(frame.y, S)
    # a logit that is off by its rounding moves each probability by at most as much
    noise = 2 * EPS * (size @ np.abs(z)).max(axis=1, keepdims=True)
    blur = noise * np.abs(pull) + 4 * EPS * (np.abs(pull) + loss.smoothing)
    drawn, summed, rounded = frame.drawn(z)
    excess = np.abs(frame.A.T @ pull + drawn) - size.T @ blur - rounded
    whole = np.maximum(size.T @ np.abs(pull) + summed, LEAST)
    return float(np.max(excess / whole, initial=0.0))


def _step(loss: SoftmaxCrossEntropy, frame: Frame, basis: Array, S: Array, t: Array) -> Array:
    """Newton's step `(k, K - 1)`."""
    A, R = frame.A, frame.ridge
    p = parts(frame.y, S).p
    ways = p[:, None, :] * basis  # (n, K - 1, K)
    bend = ways @ basis.T - np.einsum("na,nb->nab", ways.sum(axis=2), ways.sum(axis=2))
    k, K1 = t.shape
    H = np.einsum("ni,nab,nj->iajb", A, bend, A, optimize=True).reshape(k * K1, k * K1)
    H += np.kron(R.T @ R, np.eye(K1))
    slope = (A.T @ loss.gradient(frame.y, S)) @ basis.T + R.T @ (R @ t)
    unit = np.sqrt(np.maximum(np.diag(H), LEAST))
    bends, axes = np.linalg.eigh(H / unit / unit[:, None])
    bends = np.maximum(bends, FLAT * bends.max(initial=LEAST))
    h: Array = -(axes @ ((slope.reshape(-1) / unit) @ axes / bends)) / unit
    return h.reshape(k, K1)


def _along(loss: SoftmaxCrossEntropy, frame: Frame, S: Array, z: Array, h: Array) -> float:
    Q, drawn = frame.A @ h, frame.ridge @ h
    still, grown = float((drawn * (frame.ridge @ z)).sum()), float((drawn * drawn).sum())

    def slope_and_bend(t: float) -> tuple[float, float]:
        at = S + t * Q
        p = parts(frame.y, at).p
        mean = (p * Q).sum(axis=1, keepdims=True)
        bend = float((p * (Q - mean) ** 2).sum())
        slope = float((loss.gradient(frame.y, at) * Q).sum())
        return slope + still + t * grown, bend + grown

    return length(slope_and_bend, float((loss.gradient(frame.y, S) * Q).sum()) + still)


def _leads(frame: Frame, S: Array) -> Array:
    """How far the true class leads each class, `(n, K)`; infinite for itself."""
    true = frame.y.astype(int)[:, None]
    lead = np.take_along_axis(S, true, axis=1) - S
    np.put_along_axis(lead, true, np.inf, axis=1)
    return lead


def _watch(frame: Frame, S: Array, z: Array) -> None:
    """Raises Separable if the weights put every row on the right side."""
    if _leads(frame, S).min() > 0:
        raise Separable(frame.weights(z), True)


def _check(frame: Frame, basis: Array, S: Array) -> None:
    """Raises Separable unless pulls or a linear program prove that the classes overlap."""
    wrong = np.isfinite(_leads(frame, S))
    row, rival = np.nonzero(wrong)
    true = frame.y.astype(int)[row]
    ways = basis.T[true] - basis.T[rival]  # (N, K - 1)
    rows = (frame.A[row][:, :, None] * ways[:, None, :]).reshape(len(row), -1)
    if not rows.size or overlap_is_proven(rows, parts(frame.y, S).p[wrong]):
        return
    found = separating(rows)
    if found is not None:
        z = found[0].reshape(frame.A.shape[1], -1) @ basis
        raise Separable(frame.weights(z), found[1])
