"""How near a question is to each of several hundred topics that people ask a clinic about.

What staff would put together is often said in words that share nothing ("cash price", "not insured,
what will one visit come to"). A text is described by the topics that it is near to ("explicit
semantic analysis", Gabrilovich and Markovitch 2007): two texts near to one topic are near to each
other. The topics are in `wordings/`, with ways of asking about each; from these, kernel ridge
regression (Rifkin et al. 2003, "Regularized least-squares classification") learns to tell them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

SHARPNESS = 2.0
"""Of the kernel exp(SHARPNESS * (cosine - 1)): how fast a known wording stops to count."""

NOISE = 0.1
"""How much a wording may be off, added to the kernel's diagonal: more for topics of many wordings,
so that those of few are found as well.
"""

SOFTNESS = 0.04
"""Scores that differ by this are shares that differ by the factor e."""

SURE = 0.85
"""A score (1: just like a known wording) from which on a text is about a known topic."""


class Topics:
    """Describes texts by topics. `rows`: features of known wordings, `weights`: what each says of
    each topic.
    """

    def __init__(self, rows: np.ndarray, weights: np.ndarray):
        self.rows, self.weights = rows, weights
        self.number = weights.shape[1]

    @classmethod
    def learn(cls, rows: np.ndarray, owners: Sequence[str]) -> Topics:
        """From features of wordings, of length one, and the topic of each."""
        names = sorted(set(owners))
        counts = Counter(owners)
        own = (np.array(owners)[:, None] == np.array(names)).astype(np.float32)
        often = np.array([counts[owner] for owner in owners], np.float32)
        kernel = _kernel(rows, rows)
        kernel[np.diag_indices_from(kernel)] += NOISE * often / often.mean()
        weights = np.linalg.solve(kernel, own - own.mean(axis=0))
        return cls(rows.astype(np.float32), weights.astype(np.float32))

    def __call__(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Of features, shape (texts, features): each topic's share, shape (texts, topics), rows of
        length one, and how sure it is that a text is about one of them, from 0 to 1.
        """
        scores = _kernel(rows, self.rows) @ self.weights
        best = scores.max(axis=1, keepdims=True)
        shares = np.exp((scores - best) / SOFTNESS)
        shares /= np.linalg.norm(shares, axis=1, keepdims=True)
        return shares, np.clip(best[:, 0] / SURE, 0, 1)


def _kernel(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    found: np.ndarray = one @ other.T
    found -= 1  # in place: it is large
    found *= SHARPNESS
    return np.exp(found, out=found)
