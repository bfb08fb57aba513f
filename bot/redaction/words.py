"""Words as redaction sees them, and the lists that decide whether one can be part of a name."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_LISTS = Path(__file__).parent / "lists"

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@cache
def word_list(name: str) -> frozenset[str]:
    """The lower-case words of `lists/NAME.txt`; lines that start with # are remarks."""
    lines = (_LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def is_capitalised(word: str) -> bool:
    """Whether a word is written as names are: `Smith`, `O'Neil`, `McDonald`, `José`.

    `FBSS` is not.
    """
    return word[0].isupper() and (len(word) == 1 or any(c.islower() for c in word))


def is_common(word: str) -> bool:
    """Whether a word is too common in a visitor's sentence to be a name without evidence."""
    return word.lower().replace("’", "'") in word_list("common_words")


def is_first_name(word: str) -> bool:
    """Whether a word is a frequent first name that is no other word."""
    return word.lower() in word_list("first_names")
