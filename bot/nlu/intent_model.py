"""The intent model: two linear classifiers, one over meaning and one over spelling, averaged.

The sentence model's layers know paraphrases; words, pairs of words and the characters within them
know typos, drug names and short messages. Each is wrong about other messages, so their mean is
better than either or than one model over both. That mean hedges, so it is sharpened until its
confidence says how often it is right (`docs/decisions/003-intent-model.md`). Pure: arrays and texts
in, probabilities out; no Rasa.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu.ngrams import KINDS, Ngrams


class IntentModel:
    """Probabilities of intents.

    Fit it, or load what was fitted; the same data gives the same model.
    """

    def __init__(
        self,
        intents: Sequence[str],
        ngrams: Mapping[str, tuple[Sequence[str], np.ndarray]],
        spelling: tuple[np.ndarray, np.ndarray],
        meaning: tuple[np.ndarray, np.ndarray],
        *,
        weight: float,
        sharpness: float,
    ):
        """`ngrams`: those that are known, by kind, and how rare each is; `spelling`, `meaning`:
        weights (intents, features) and biases; `weight`: share of meaning; `sharpness`: the power
        that the mean of probabilities is raised to.
        """
        self.intents = list(intents)
        self._ngrams: dict[str, Ngrams] = {}
        first = 0
        for kind, (known, idf) in ngrams.items():
            self._ngrams[kind] = Ngrams(kind, known, idf, first)
            first += len(known)
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
        from bot.nlu.intent_fitting import fit  # scikit-learn is large, and only needed here

        fitted = fit(
            texts,
            layers,
            intents,
            importance=importance,
            spelling_c=spelling_c,
            meaning_c=meaning_c,
        )
        return cls(sorted(set(intents)), *fitted, weight=weight, sharpness=sharpness)

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
        """The n-grams' TF-IDF times their weights."""
        score = np.zeros(len(self.intents), dtype=np.float32)
        for ngrams in self._ngrams.values():
            rows, weights = ngrams.of(text)
            score += weights @ self._ngram_weights[rows]
        return score

    def save(self, path: Path) -> None:
        """Write one `.npz` file: numbers and strings only, so that loading runs nobody's code."""
        kept: dict[str, Any] = {}
        for kind, ngrams in self._ngrams.items():
            kept[kind] = np.array(ngrams.known)
            kept[f"{kind}_idf"] = ngrams.idf
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
            return cls(
                kept["intents"].tolist(),
                {kind: (kept[kind].tolist(), kept[f"{kind}_idf"]) for kind in KINDS},
                (kept["spelling_weights"], kept["spelling_biases"]),
                (kept["meaning_weights"], kept["meaning_biases"]),
                weight=float(kept["weight"]),
                sharpness=float(kept["sharpness"]),
            )


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


def _softmax(scores: np.ndarray) -> np.ndarray:
    exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exponents / exponents.sum(axis=1, keepdims=True)
