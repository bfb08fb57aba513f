"""A text as words that can be compared: lower case, no apostrophes, mended, stemmed. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import Stemmer

MOST_WORDS = 2_000
"""A message is shorter; what comes after is not read, so that a flood cannot hold us up."""

MOST_REMEMBERED = 20_000

_TOKEN = re.compile(r"\d+[.,]\d+|[^\W_]+(?:['’`´][^\W_]+){0,3}|[.!?;:,\n]")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_APOSTROPHES = str.maketrans("", "", "'’`´")
SENTENCE_ENDS = frozenset(".!?\n")
CLAUSE_ENDS = frozenset(",;:")


@dataclass(frozen=True)
class Word:
    """A word's stem, its place in the text, and in which sentence and clause it stands."""

    stem: str
    start: int
    end: int
    sentence: int
    clause: int


class Stems:
    """Stems of words by the Snowball rules for English; unknown words are mended first.

    `mend` brings a misspelt word, in lower case without apostrophes, to the one that was meant.
    """

    def __init__(self, mend: Callable[[str], str] = str):
        self._stemmer = Stemmer.Stemmer("english")
        self._mend = mend
        self._known: dict[str, str] = {}

    def of(self, word: str) -> str:
        """The stem of one word."""
        plain = word.lower().translate(_APOSTROPHES)
        if plain not in self._known:
            if len(self._known) > MOST_REMEMBERED:
                self._known.clear()
            self._known[plain] = self._stemmer.stemWord(self._mend(plain))
        return self._known[plain]

    def of_phrase(self, phrase: str) -> tuple[str, ...]:
        """The stems of a phrase's words."""
        return tuple(self.of(match.group()) for match in _TOKEN.finditer(phrase))


def visible(text: str) -> str:
    """A text without characters that nobody sees, in the common form of its letters."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def read(text: str, stems: Stems) -> list[Word]:
    """The words of a text that `visible` has been over."""
    words: list[Word] = []
    sentence = clause = 0
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token in SENTENCE_ENDS:
            sentence, clause = sentence + 1, clause + 1
        elif token in CLAUSE_ENDS:
            clause += 1
        else:
            words.append(Word(stems.of(token), match.start(), match.end(), sentence, clause))
            if len(words) == MOST_WORDS:
                break
    return words
