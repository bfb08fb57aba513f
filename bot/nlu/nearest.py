"""Finds a detail by meaning, where the wording is not in the store ("the surgeon slipped").

A name and a question about it differ in more than the name: "is it one of the signs when" means
something too. What questions of a kind have in common is therefore taken off a message before it is
compared. Both that and the least cosines are measured in `docs/decisions/014`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np

from bot.content.model import Snapshot
from bot.content.wordings import wordings
from bot.nlu.encoder import SentenceEncoder


class NearestDetail:
    """Compares a message with every wording of the store's details.

    Pure but for the encoder that it is given.
    """

    def __init__(self, encoder: SentenceEncoder, least: Mapping[str, float]):
        """`least`: for each kind of detail, the cosine from which on two wordings mean the same."""
        self._encoder = encoder
        self._least = least
        self._known: dict[str, np.ndarray] = {}
        self._details: dict[str, list[str]] = {}
        self._vectors: dict[str, np.ndarray] = {}
        self._questions: dict[str, np.ndarray] = {}

    def learn_questions(self, entity: str, vectors: np.ndarray) -> None:
        """Take over what questions about a kind of detail have in common: their mean.

        `vectors`: those of example questions, shape (number of examples, 384).
        """
        self._questions[entity] = vectors.mean(axis=0)

    def learn(self, snapshot: Snapshot) -> None:
        """Take over a snapshot's wordings; only those not seen before are embedded (1 ms each)."""
        found = [wording for wording in wordings(snapshot) if wording.entity in self._least]
        new = sorted({wording.text for wording in found} - self._known.keys())
        self._known.update(zip(new, self._encoder.encode(new)))
        for entity in self._least:
            mine = [wording for wording in found if wording.entity == entity]
            self._details[entity] = [wording.detail for wording in mine]
            vectors = np.array([self._known[wording.text] for wording in mine])
            self._vectors[entity] = vectors
            # What is known are rows of what is compared, so that memory holds each once.
            self._known.update(zip((wording.text for wording in mine), vectors))

    def save(self, path: Path) -> None:
        """Keep the vectors of all wordings and questions seen so far, as one `.npz` file."""
        np.savez(
            path,
            texts=np.array([*self._known], dtype=str),
            vectors=_rows(self._known.values()),
            kinds=np.array([*self._questions], dtype=str),
            questions=_rows(self._questions.values()),
        )

    def load(self, path: Path) -> None:
        """Take over the vectors that `save` kept: what stands there need not be embedded again."""
        with np.load(path, allow_pickle=False) as kept:
            self._known.update(zip(kept["texts"].tolist(), kept["vectors"]))
            self._questions.update(zip(kept["kinds"].tolist(), kept["questions"]))

    def find(self, entity: str, vector: np.ndarray) -> str | None:
        """The detail nearest to a message's vector (384 numbers, length one), if near enough.

        It may be `NOT_LISTED`: the nearest name is one of a thing that has no answer of its own.
        """
        if not self._details.get(entity):
            return None
        cosines = self._vectors[entity] @ self._without_question(entity, vector)
        best = int(np.argmax(cosines))
        return self._details[entity][best] if cosines[best] >= self._least[entity] else None

    def _without_question(self, entity: str, vector: np.ndarray) -> np.ndarray:
        """The message as if it were a name only, of length one again."""
        if entity not in self._questions:
            return vector
        moved = vector - (self._questions[entity] - self._vectors[entity].mean(axis=0))
        length = float(np.linalg.norm(moved))
        return moved / length if length else vector


def _rows(vectors: Collection[np.ndarray]) -> np.ndarray:
    return np.array([*vectors], dtype=np.float32)
