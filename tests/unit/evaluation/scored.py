"""Builders of scores and templates for the tests of an algorithm."""

from __future__ import annotations

import numpy as np

from overt.evaluation.open_set import LabelledTemplates, OpenSetScores


def generator(seed=1):
    """Return a generator with a fixed seed."""
    return np.random.default_rng(seed)


def templates(*rows, ids=None):
    """Return templates of these directions, made unit length."""
    matrix = np.array(rows, np.float32).reshape(len(rows), -1)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    return LabelledTemplates(matrix, tuple(ids or "abcdefghijklmnop"[: len(rows)]))


def random_templates(n, seed, length=16, ids=None):
    """Return so many random templates."""
    rows = generator(seed).standard_normal((n, length), np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return LabelledTemplates(rows, tuple(ids or (f"{i:04d}" for i in range(n))))


def open_set(mated, nonmated, *, ahead=None, ids=None, n_gallery=100):
    """Return scores of mated searches (mate, best other) and of non-mated ones."""
    n = len(mated) + len(nonmated)
    mates = [mate for mate, _ in mated] + [-np.inf] * len(nonmated)
    others = [other for _, other in mated] + list(nonmated)
    n_ahead = ahead or [int(other >= mate) for mate, other in mated]
    return OpenSetScores(
        tuple(ids or (f"s{i}" for i in range(n))),
        np.array([True] * len(mated) + [False] * len(nonmated), bool),
        np.array(mates, float),
        np.array(others, np.float32).reshape(n, 1),
        np.array([*n_ahead, *[0] * len(nonmated)], np.int64).reshape(n, 1),
        np.array([n_gallery]),
    )
