"""The words of English, to know which words of a message are spelt right.

The list comes with the package `symspellpy`: 82,765 words of SCOWL that Google Books' n-grams have
too, with their inflections. Only the list is used.
"""

from __future__ import annotations

import functools

from bot.nlu.packaged_file import packaged_file

WORD_LIST = (
    "symspellpy",
    "frequency_dictionary_en_82_765.txt",
    "68e9dc81c7e73bd7310b57e516ecaea0d8b6387ff71344a57c04174650a407a7",
)


@functools.lru_cache(maxsize=1)
def english_words() -> frozenset[str]:
    """All words of the list, in lower case; read when first asked for (0.05 s, 8 MB)."""
    text = packaged_file(*WORD_LIST).read_text(encoding="utf-8-sig")
    return frozenset(line.partition(" ")[0] for line in text.splitlines())
