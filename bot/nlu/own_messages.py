"""The vectors of the messages that a model was trained on, kept in its archive.

By them a component tells what is ours (`bot/nlu/written_answers.py`), and the staff console what a
new answer would take away. Beside each stands a short hash of its words, never the words: what
visitors said may be among them.
"""

from __future__ import annotations

import io
import re
import tarfile
from collections.abc import Sequence
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

import numpy as np

from bot.content.answer_index import eight_bits

FILE = "own_messages.npz"
NEAREST = 5
"""The mean distance of this many training messages is steadier than that of the nearest."""


class OwnVectors:
    """The vectors of messages, and the hash of each message's words."""

    def __init__(self, bits: np.ndarray, scales: np.ndarray, keys: np.ndarray):
        self._bits, self._scales, self._keys = bits, scales, keys

    @cached_property
    def vectors(self) -> np.ndarray:
        """Shape (messages, 384), float32, of length one; 23 MB that are made once asked for."""
        whole: np.ndarray = self._bits * self._scales[:, np.newaxis]
        return whole

    def nearness(self, vector: np.ndarray) -> float:
        """The mean cosine of a message and its nearest training messages."""
        cosines = self.vectors @ vector
        most = min(NEAREST, len(cosines))
        return float(np.partition(cosines, -most)[-most:].mean())

    def rows(self, texts: Sequence[str]) -> list[int | None]:
        """The row of each text, None for one that the model was not trained on."""
        places = {int(key): row for row, key in enumerate(self._keys)}
        return [places.get(key_of(text)) for text in texts]


def key_of(text: str) -> int:
    """64 bits of a message's words, whatever its case and punctuation."""
    words = re.findall(r"\w+", re.sub("['’]", "", text.casefold())) or [text]
    return int.from_bytes(blake2b(" ".join(words).encode(), digest_size=8).digest(), "big")


def save(folder: Path, texts: Sequence[str], vectors: np.ndarray) -> None:
    """Write the vectors of a model's training messages into its folder, in eight bits."""
    bits, scales = eight_bits(vectors)
    keys = np.array([key_of(text) for text in texts], np.uint64)
    np.savez(folder / FILE, bits=bits, scales=scales, keys=keys)


def load(folder: Path) -> OwnVectors:
    """Read what `save` has written."""
    return _read((folder / FILE).read_bytes())


def of_archive(model: Path) -> OwnVectors:
    """The vectors of a model's archive. Raises `OSError` or `KeyError` where it has none."""
    with tarfile.open(model) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.name.endswith(FILE) else None
            if file is not None:
                return _read(file.read())
    raise KeyError(FILE)


def _read(content: bytes) -> OwnVectors:
    with np.load(io.BytesIO(content), allow_pickle=False) as kept:
        return OwnVectors(kept["bits"], kept["scales"], kept["keys"])
