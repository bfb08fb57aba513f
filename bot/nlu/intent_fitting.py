"""Fits the two linear classifiers of the intent model (`bot/nlu/intent_model.py`).

Apart from it, so that only training loads scikit-learn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from joblib import Parallel, delayed, parallel_config
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion
from threadpoolctl import threadpool_limits

from bot.nlu.ngrams import KINDS

WORTH_PROCESSES = 2_000
"""Texts; fewer are learnt before a second process has started."""

MIN_COUNT = 2
"""An n-gram seen once tells nothing about the next message."""

Weights = tuple[np.ndarray, np.ndarray]
"""Of a linear model: (intents, features) and biases."""


class Fitted(NamedTuple):
    """What was learnt. `ngrams` has the known n-grams of each kind and how rare each is."""

    ngrams: dict[str, tuple[list[str], np.ndarray]]
    spelling: Weights
    meaning: Weights


def fit(
    texts: Sequence[str],
    layers: np.ndarray,
    intents: Sequence[str],
    *,
    importance: np.ndarray,
    spelling_c: float,
    meaning_c: float,
) -> Fitted:
    """Learn; the parameters are those of `IntentModel.fit`."""
    common = {"min_df": MIN_COUNT, "sublinear_tf": True, "dtype": np.float32}
    parts = {kind: TfidfVectorizer(analyzer=of, **common) for kind, of in KINDS.items()}
    features = FeatureUnion(list(parts.items())).fit_transform(texts)
    spelling, meaning = _both(
        [(features, spelling_c), (layers, meaning_c)], intents=intents, importance=importance
    )
    ngrams = {
        kind: (part.get_feature_names_out().tolist(), part.idf_.astype(np.float32))
        for kind, part in parts.items()
    }
    return Fitted(ngrams, spelling, meaning)


def _both(
    models: Sequence[tuple[np.ndarray | csr_matrix, float]],
    *,
    intents: Sequence[str],
    importance: np.ndarray,
) -> list[Weights]:
    """Fit linear models over their features, side by side where it is worth two more processes.

    With one thread each, so that sums are taken in the same order on every machine.
    """
    processes = len(models) if len(intents) >= WORTH_PROCESSES else 1
    fits = (delayed(_linear)(features, intents, importance, c) for features, c in models)
    with threadpool_limits(1), parallel_config("loky", inner_max_num_threads=1):
        found: list[Weights] = Parallel(processes, max_nbytes=None)(fits)
        return found


def _linear(
    features: np.ndarray | csr_matrix, intents: Sequence[str], importance: np.ndarray, c: float
) -> Weights:
    """Weights (intents, features) and biases, intents in alphabetical order."""
    model = LogisticRegression(C=c, max_iter=1000, tol=1e-1)
    model.fit(features, intents, sample_weight=importance)
    weights, biases = model.coef_, model.intercept_
    if len(weights) == 1:  # of two intents, only the second one's are given
        weights, biases = np.vstack([0 * weights, weights]), np.append(0, biases)
    return weights, biases
