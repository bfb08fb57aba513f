"""The intent model: two linear classifiers, one over meaning and one over spelling, averaged.

The sentence model's layers know paraphrases; words, pairs of words and the characters within them
know typos, drug names and short messages. Each is wrong about other messages, so their mean is
better than either or than one model over both. That mean hedges, so it is sharpened until its
confidence says how often it is right (`docs/decisions/003-intent-model.md`). Pure: arrays and texts
in, probabilities out; no Rasa.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from joblib import Parallel, delayed, parallel_config
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion
from threadpoolctl import threadpool_limits

KINDS: dict[str, dict[str, Any]] = {
    "characters": {"analyzer": "char_wb", "ngram_range": (2, 4)},
    "words": {"ngram_range": (1, 2), "token_pattern": r"(?u)[\w']+"},
}
WORTH_PROCESSES = 2_000
"""Texts; fewer are learnt before a second process has started."""

MIN_COUNT = 2
"""An n-gram seen once tells nothing about the next message."""


class IntentModel:
    """Probabilities of intents.

    Fit it, or load what was fitted; the same data gives the same model.
    """

    def __init__(
        self,
        intents: Sequence[str],
        vectorizer: FeatureUnion,
        spelling: tuple[np.ndarray, np.ndarray],
        meaning: tuple[np.ndarray, np.ndarray],
        *,
        weight: float,
        sharpness: float,
    ):
        """`spelling`, `meaning`: weights (intents, features) and biases; `weight`: share of
        meaning; `sharpness`: the power that the mean of probabilities is raised to.
        """
        self.intents = list(intents)
        self._vectorizer = vectorizer
        self._ngrams = list(_side_by_side(vectorizer))
        # One row an n-gram, in one piece of memory: a message needs a hundred of 15,000 rows.
        self._ngram_weights = np.ascontiguousarray(spelling[0].T, dtype=np.float32)
        self._ngram_biases = spelling[1].astype(np.float32)
        self._meaning_weights = meaning[0].astype(np.float32)
        self._meaning_biases = meaning[1].astype(np.float32)
        self._weight = weight
        self._sharpness = sharpness

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        layers: np.ndarray,
        intents: Sequence[str],
        *,
        importance: np.ndarray,
        spelling_c: float,
        meaning_c: float,
        weight: float,
        sharpness: float,
    ) -> IntentModel:
        """Learn from texts, what the sentence model makes of them (texts, features) and their
        intents.

        `importance` says how much each text counts; `spelling_c` and `meaning_c` are the inverse
        strengths of regularisation.
        """
        vectorizer = _vectorizer()
        ngrams = vectorizer.fit_transform(texts)
        for _, part in vectorizer.transformer_list:
            part.idf_ = part.idf_.astype(np.float32)  # as `save` keeps it
        spelling, meaning = _both(
            [(ngrams, spelling_c), (layers, meaning_c)], intents=intents, importance=importance
        )
        return cls(
            sorted(set(intents)),
            vectorizer,
            spelling,
            meaning,
            weight=weight,
            sharpness=sharpness,
        )

    def predict(self, texts: Sequence[str], layers: np.ndarray) -> np.ndarray:
        """Probabilities of shape (texts, intents); rows sum to one."""
        spelling = _softmax(self._ngram_scores(texts) + self._ngram_biases)
        meaning = _softmax(layers @ self._meaning_weights.T + self._meaning_biases)
        mean = self._weight * meaning + (1 - self._weight) * spelling
        sharp: np.ndarray = mean**self._sharpness
        return sharp / sharp.sum(axis=1, keepdims=True)

    def _ngram_scores(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([self._ngram_score(text) for text in texts])

    def _ngram_score(self, text: str) -> np.ndarray:
        """What the vectorizer's TF-IDF times the weights gives.

        For one text, scikit-learn spends a millisecond on making and checking sparse matrices.
        """
        score = np.zeros(len(self.intents), dtype=np.float32)
        for ngrams in self._ngrams:
            rows, weights = ngrams.of(text)
            score += weights @ self._ngram_weights[rows]
        return score

    def save(self, path: Path) -> None:
        """Write one `.npz` file: numbers and strings only, so that loading runs nobody's code."""
        kept: dict[str, Any] = {}
        for kind, part in self._vectorizer.transformer_list:
            kept[kind] = np.array(sorted(part.vocabulary_, key=part.vocabulary_.__getitem__))
            kept[f"{kind}_idf"] = part.idf_.astype(np.float32)
        np.savez(
            path,
            **kept,
            intents=np.array(self.intents),
            spelling_weights=self._ngram_weights.T,
            spelling_biases=self._ngram_biases,
            meaning_weights=self._meaning_weights,
            meaning_biases=self._meaning_biases,
            weight=np.array(self._weight),
            sharpness=np.array(self._sharpness),
        )

    @classmethod
    def load(cls, path: Path) -> IntentModel:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as kept:
            vectorizer = _vectorizer({kind: kept[kind].tolist() for kind in KINDS})
            for kind, part in vectorizer.transformer_list:
                part.idf_ = kept[f"{kind}_idf"]
            return cls(
                kept["intents"].tolist(),
                vectorizer,
                (kept["spelling_weights"], kept["spelling_biases"]),
                (kept["meaning_weights"], kept["meaning_biases"]),
                weight=float(kept["weight"]),
                sharpness=float(kept["sharpness"]),
            )


class _Ngrams:
    """The TF-IDF of one kind of n-gram, for one text at a time, as `TfidfVectorizer` has it."""

    def __init__(self, fitted: TfidfVectorizer, first: int):
        """`first`: the place of this kind's first n-gram among all kinds'."""
        self._ngrams_of = fitted.build_analyzer()
        self._places = fitted.vocabulary_
        self._idf = fitted.idf_
        self._first = first

    def of(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """The places of the n-grams that are known, and their weights: a vector of length one."""
        places = self._places
        counts = Counter(places[ngram] for ngram in self._ngrams_of(text) if ngram in places)
        found = np.fromiter(counts.keys(), dtype=np.intp, count=len(counts))
        times = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        weights = (1 + np.log(times)) * self._idf[found]
        return found + self._first, weights / max(float(np.linalg.norm(weights)), 1e-9)


def _side_by_side(union: FeatureUnion) -> Iterator[_Ngrams]:
    first = 0
    for _, part in union.transformer_list:
        yield _Ngrams(part, first)
        first += len(part.vocabulary_)


def balanced(
    intents: Sequence[str], written: Sequence[bool], wide: Mapping[str, float]
) -> np.ndarray:
    """How much each example counts, so that no intent is preferred for having more of them.

    Visitors do not ask about what has many examples more often. `wide` names intents that mean more
    than others, and how many times as much they count. Examples that are not `written` by hand but
    made from others count one each, beside the share of their intent.
    """
    counts = Counter(intent for intent, by_hand in zip(intents, written) if by_hand)
    mean = sum(counts.values()) / max(len(counts), 1)
    shares = {intent: wide.get(intent, 1.0) * mean / count for intent, count in counts.items()}
    return np.array(
        [shares[intent] if by_hand else 1.0 for intent, by_hand in zip(intents, written)]
    )


def _vectorizer(vocabularies: dict[str, list[str]] | None = None) -> FeatureUnion:
    """A vectorizer for each kind of n-gram, side by side."""
    known = vocabularies or {}
    common = {"min_df": MIN_COUNT, "sublinear_tf": True, "dtype": np.float32}
    return FeatureUnion(
        [
            (kind, TfidfVectorizer(vocabulary=known.get(kind), **options, **common))
            for kind, options in KINDS.items()
        ]
    )


def _both(
    models: Sequence[tuple[np.ndarray | csr_matrix, float]],
    *,
    intents: Sequence[str],
    importance: np.ndarray,
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Fit linear models over their features, side by side where it is worth two more processes.

    With one thread each, so that sums are taken in the same order on every machine.
    """
    processes = len(models) if len(intents) >= WORTH_PROCESSES else 1
    fits = (delayed(_linear)(features, intents, importance, c) for features, c in models)
    with threadpool_limits(1), parallel_config("loky", inner_max_num_threads=1):
        found: list[tuple[np.ndarray, np.ndarray]] = Parallel(processes, max_nbytes=None)(fits)
        return found


def _linear(
    features: np.ndarray | csr_matrix, intents: Sequence[str], importance: np.ndarray, c: float
) -> tuple[np.ndarray, np.ndarray]:
    """Weights (intents, features) and biases, intents in alphabetical order."""
    model = LogisticRegression(C=c, max_iter=1000, tol=1e-1)
    model.fit(features, intents, sample_weight=importance)
    weights, biases = model.coef_, model.intercept_
    if len(weights) == 1:  # of two intents, only the second one's are given
        weights, biases = np.vstack([0 * weights, weights]), np.append(0, biases)
    return weights, biases


def _softmax(scores: np.ndarray) -> np.ndarray:
    exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exponents / exponents.sum(axis=1, keepdims=True)
