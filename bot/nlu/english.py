"""The words of English, to know which words of a message are spelt right.

The list comes with the package `symspellpy`: 82,765 words of SCOWL that Google Books' n-grams have
too, with their inflections. Only the list is used.
"""

from __future__ import annotations

import functools

from bot.nlu.encoder import packaged_file, sentence_encoder

WORD_LIST = (
    "symspellpy",
    "frequency_dictionary_en_82_765.txt",
    "68e9dc81c7e73bd7310b57e516ecaea0d8b6387ff71344a57c04174650a407a7",
)


def english_words() -> frozenset[str]:
    """All words of the list, in lower case; read anew each time (0.05 s)."""
    text = packaged_file(*WORD_LIST).read_text(encoding="utf-8-sig")
    return frozenset(line.partition(" ")[0] for line in text.splitlines())


@functools.lru_cache(maxsize=1)
def words_spelt_right() -> frozenset[str]:
    """Those of the list and those that the sentence model knows: 10 MB, shared by all who ask."""
    return english_words() | sentence_encoder().known_words
