"""Finds a detail by meaning, where the wording is not in the store ("the surgeon slipped")."""

from __future__ import annotations

from collections.abc import Mapping
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

    def learn(self, snapshot: Snapshot) -> None:
        """Take over a snapshot's wordings; only those not seen before are embedded (1 ms each)."""
        found = [wording for wording in wordings(snapshot) if wording.entity in self._least]
        new = sorted({wording.text for wording in found} - self._known.keys())
        self._known.update(zip(new, self._encoder.encode(new)))
        for entity in self._least:
            mine = [wording for wording in found if wording.entity == entity]
            self._details[entity] = [wording.detail for wording in mine]
            self._vectors[entity] = np.array([self._known[wording.text] for wording in mine])

    def save(self, path: Path) -> None:
        """Keep the vectors of all wordings seen so far, as one `.npz` file."""
        vectors = np.array([*self._known.values()], dtype=np.float32).reshape(len(self._known), -1)
        np.savez(path, texts=np.array([*self._known], dtype=str), vectors=vectors)

    def load(self, path: Path) -> None:
        """Take over the vectors that `save` kept: what stands there need not be embedded again."""
        with np.load(path, allow_pickle=False) as kept:
            self._known.update(zip(kept["texts"].tolist(), kept["vectors"]))

    def find(self, entity: str, vector: np.ndarray) -> str | None:
        """The detail nearest to a message's vector (384 numbers, length one), if near enough."""
        if not self._details.get(entity):
            return None
        cosines = self._vectors[entity] @ vector
        best = int(np.argmax(cosines))
        return self._details[entity][best] if cosines[best] >= self._least[entity] else None
