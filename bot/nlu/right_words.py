"""The words that are spelt right: English ones, and those that the sentence model knows."""

from __future__ import annotations

import functools

from bot.nlu.encoder import sentence_encoder
from bot.nlu.english import english_words


@functools.lru_cache(maxsize=1)
def words_spelt_right() -> frozenset[str]:
    """In lower case, shared by all who ask."""
    return english_words() | sentence_encoder().known_words
