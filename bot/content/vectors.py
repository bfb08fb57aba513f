"""Keeps what the sentence model makes of answers' texts, so that each is computed once.

A vector belongs to a text and a model, not to an answer: an edit computes only what is new, and
replicas of two versions can work side by side for as long as an update takes.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.content.answer_index import Vectors, eight_bits
from bot.content.tables import text_vectors
from bot.db.unit_of_work import UnitOfWork
from bot.db.upsert import insert_new
from bot.errors import StoreUnavailable

logger = logging.getLogger(__name__)

AT_ONCE = 500
"""Rows of one statement: SQLite takes no more than some thousand values."""


class VectorStore:
    """Vectors of texts, from the store where they are known, else computed and then kept.

    `model` names the sentence model in force, `encode` computes with it. May be called as a
    function of texts.
    """

    def __init__(self, engine: Engine, model: str, encode: Vectors):
        self._engine = engine
        self._model = model
        self._encode = encode

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors of texts, shape (texts, dimensions).

        Raises `StoreUnavailable` when the store cannot be read; one that cannot be written costs
        only time.
        """
        with UnitOfWork(self._engine, read_only=True) as unit:
            known = self._read(unit.connection, texts)
        new = self.compute(texts, known)
        if new:
            try:
                with UnitOfWork(self._engine) as unit:
                    self.keep(unit.connection, new)
                    unit.commit()
            except StoreUnavailable as error:
                logger.warning("vectors cannot be kept: %s", type(error).__name__)
        found = {**known, **new}
        return np.array([_unpacked(found[text]) for text in texts], dtype=np.float32)

    def missing(self, connection: Connection, texts: Sequence[str]) -> list[str]:
        """The texts that the store has no vector of, each once."""
        known = self._read(connection, texts)
        return [text for text in dict.fromkeys(texts) if text not in known]

    def compute(
        self, texts: Sequence[str], known: Collection[str] | Mapping[str, bytes] = ()
    ) -> dict[str, bytes]:
        """Vectors of the texts that are not known, in the form of the table; 1 ms a text."""
        new = [text for text in dict.fromkeys(texts) if text not in known]
        return dict(zip(new, _packed(self._encode(new)))) if new else {}

    def keep(self, connection: Connection, computed: Mapping[str, bytes]) -> None:
        """Write vectors inside a caller's transaction; those that are there already stay."""
        statement = insert_new(connection, text_vectors)
        values = [
            {"model": self._model, "text_hash": _hash(text), "vector": vector}
            for text, vector in computed.items()
        ]
        for start in range(0, len(values), AT_ONCE):
            connection.execute(statement, values[start : start + AT_ONCE])

    def forget_unused(self, texts: Collection[str]) -> int:
        """Delete the vectors of other models and of texts that no answer has; says how many.

        A replica that still needs one computes it again. Raises `StoreUnavailable`.
        """
        wanted = {(self._model, _hash(text)) for text in texts}
        columns = text_vectors.c.model, text_vectors.c.text_hash
        with UnitOfWork(self._engine) as unit:
            kept = unit.connection.execute(sa.select(*columns)).all()
            gone = [tuple(row) for row in kept if tuple(row) not in wanted]
            for model, text_hash in gone:
                this = sa.and_(columns[0] == model, columns[1] == text_hash)
                unit.connection.execute(text_vectors.delete().where(this))
            unit.commit()
        return len(gone)

    def _read(self, connection: Connection, texts: Sequence[str]) -> dict[str, bytes]:
        by_hash = {_hash(text): text for text in texts}
        found: dict[str, bytes] = {}
        for hashes in _portions(list(by_hash)):
            query = sa.select(text_vectors.c.text_hash, text_vectors.c.vector).where(
                text_vectors.c.model == self._model, text_vectors.c.text_hash.in_(hashes)
            )
            found.update({by_hash[h]: bytes(vector) for h, vector in connection.execute(query)})
        return found


def _portions(values: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _packed(vectors: np.ndarray) -> list[bytes]:
    """Each row as its scale (four bytes) and a byte a dimension."""
    rows, scales = eight_bits(vectors)
    return [scale.astype("<f4").tobytes() + row.tobytes() for row, scale in zip(rows, scales)]


def _unpacked(kept: bytes) -> np.ndarray:
    scale = np.frombuffer(kept, "<f4", count=1)
    return np.frombuffer(kept, np.int8, offset=scale.nbytes) * scale
