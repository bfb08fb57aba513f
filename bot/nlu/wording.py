"""The common form in which words are compared."""

from __future__ import annotations

SHORT_PLURAL = 3


def plain_word(word: str) -> str:
    """A word in lower case, without accents of typing (curly apostrophes, full stops) and without a
    plural s.

    Crude on purpose: both sides of a comparison go through it, so that it need only be the same,
    not right.
    """
    word = word.lower().replace("’", "'").strip(".,;:!?\"'")
    if len(word) > SHORT_PLURAL and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
