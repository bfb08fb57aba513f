"""The vectors of answers' texts, computed by the sentence model in force and kept in the store."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.content.vectors import VectorStore
from bot.nlu import eight_bits, encoder

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine


def vector_store(engine: Engine) -> VectorStore:
    """Vectors in a database. The model is loaded when a text without a vector comes."""
    return VectorStore(engine, model_name(), _encode)


@functools.lru_cache(maxsize=1)
def model_name() -> str:
    """Names the sentence model by what its vectors depend on: two files and how they are run."""
    digest = hashlib.sha256()
    for part in (*encoder.MODEL, *encoder.TOKENIZER, str(encoder.MAX_TOKENS)):
        digest.update(part.encode())
    for module in (eight_bits, encoder):
        assert module.__file__ is not None
        digest.update(Path(module.__file__).read_bytes())
    return digest.hexdigest()


def _encode(texts: Sequence[str]) -> np.ndarray:
    return encoder.sentence_encoder().encode(texts)
