"""The intent model: two linear classifiers, one over meaning and one over spelling, averaged.

The sentence embedding knows paraphrases, the character n-grams know typos, drug names and short
words; each is wrong about other messages, so their mean is better than either or than one model
over both (`docs/decisions/003-intent-model.md`). Pure: arrays and texts in, probabilities out; no
Rasa.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

NGRAMS = (2, 4)
MIN_COUNT = 2
"""An n-gram seen once tells nothing about the next message."""


class IntentModel:
    """Probabilities of intents.

    Fit it, or load what was fitted; the same data gives the same model.
    """

    def __init__(
        self,
        intents: Sequence[str],
        vectorizer: TfidfVectorizer,
        spelling: tuple[np.ndarray, np.ndarray],
        meaning: tuple[np.ndarray, np.ndarray],
        weight: float,
    ):
        """`spelling`, `meaning`: weights (intents, features) and biases; `weight`: share of
        meaning.
        """
        self.intents = list(intents)
        self._vectorizer = vectorizer
        # One row an n-gram, in one piece of memory: a message needs a hundred of 15,000 rows.
        self._ngram_weights = np.ascontiguousarray(spelling[0].T, dtype=np.float32)
        self._ngram_biases = spelling[1].astype(np.float32)
        self._meaning_weights = meaning[0].astype(np.float32)
        self._meaning_biases = meaning[1].astype(np.float32)
        self._weight = weight

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        embeddings: np.ndarray,
        intents: Sequence[str],
        *,
        spelling_c: float,
        meaning_c: float,
        weight: float,
    ) -> IntentModel:
        """Learn from texts, their embeddings of shape (texts, 384) and their intents.

        `spelling_c` and `meaning_c` are the inverse strengths of regularisation.
        """
        vectorizer = _vectorizer()
        ngrams = vectorizer.fit_transform(texts)
        vectorizer.idf_ = vectorizer.idf_.astype(np.float32)  # as `save` keeps it
        spelling = _linear(ngrams, intents, spelling_c)
        meaning = _linear(embeddings, intents, meaning_c)
        return cls(sorted(set(intents)), vectorizer, spelling, meaning, weight)

    def predict(self, texts: Sequence[str], embeddings: np.ndarray) -> np.ndarray:
        """Probabilities of shape (texts, intents); rows sum to one."""
        spelling = _softmax(self._ngram_scores(texts) + self._ngram_biases)
        meaning = _softmax(embeddings @ self._meaning_weights.T + self._meaning_biases)
        return self._weight * meaning + (1 - self._weight) * spelling

    def _ngram_scores(self, texts: Sequence[str]) -> np.ndarray:
        ngrams = self._vectorizer.transform(texts)
        rows = np.split(np.arange(ngrams.nnz), ngrams.indptr[1:-1])
        return np.stack(
            [ngrams.data[row] @ self._ngram_weights[ngrams.indices[row]] for row in rows]
        )

    def save(self, path: Path) -> None:
        """Write one `.npz` file: numbers and strings only, so that loading runs nobody's code."""
        words = sorted(self._vectorizer.vocabulary_.items(), key=lambda item: item[1])
        np.savez(
            path,
            intents=np.array(self.intents),
            ngrams=np.array([ngram for ngram, _ in words]),
            idf=self._vectorizer.idf_.astype(np.float32),
            spelling_weights=self._ngram_weights.T,
            spelling_biases=self._ngram_biases,
            meaning_weights=self._meaning_weights,
            meaning_biases=self._meaning_biases,
            weight=np.array(self._weight),
        )

    @classmethod
    def load(cls, path: Path) -> IntentModel:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as kept:
            vectorizer = _vectorizer({n: i for i, n in enumerate(kept["ngrams"].tolist())})
            vectorizer.idf_ = kept["idf"]
            return cls(
                kept["intents"].tolist(),
                vectorizer,
                (kept["spelling_weights"], kept["spelling_biases"]),
                (kept["meaning_weights"], kept["meaning_biases"]),
                float(kept["weight"]),
            )


def _vectorizer(vocabulary: dict[str, int] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=NGRAMS,
        min_df=MIN_COUNT,
        sublinear_tf=True,
        lowercase=True,
        vocabulary=vocabulary,
        dtype=np.float32,
    )


def _linear(
    features: np.ndarray | csr_matrix, intents: Sequence[str], c: float
) -> tuple[np.ndarray, np.ndarray]:
    """Weights (intents, features) and biases, intents in alphabetical order."""
    model = LogisticRegression(C=c, max_iter=1000, tol=1e-2).fit(features, intents)
    weights, biases = model.coef_, model.intercept_
    if len(weights) == 1:  # of two intents, only the second one's are given
        weights, biases = np.vstack([0 * weights, weights]), np.append(0, biases)
    return weights, biases


def _softmax(scores: np.ndarray) -> np.ndarray:
    exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exponents / exponents.sum(axis=1, keepdims=True)
