"""A text as the words that are compared: plain, without articles, each with its place.

What people leave out, add or vary without changing the sense is taken away on both sides of a
comparison: case, plurals, hyphens, articles, "didn't" for "did not".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Token

from bot.nlu.wording import plain_word

NOT = "not"
"""spaCy splits "didnt" and "didn't" in two, and knows the second half by this."""

HALVES = {"ca": "can", "wo": "will", "sha": "shall"}
"""First halves of "can't", "won't", "shan't"."""

ARTICLES = frozenset(["a", "an", "the", "my", "your", "his", "her", "our", "their", "its"])
"""Left out: "pain down her leg" is "pain down the leg"."""

SEPARATORS = str.maketrans("-/’", "  '")
"""One character for one, so that places in the text stay the same."""


class Word(NamedTuple):
    """A plain word, and the characters of the text that it stands for."""

    text: str
    start: int
    end: int


class WordReader:
    """Reads texts into words. Pure but for spaCy's tokenizer."""

    def __init__(self, nlp: Language):
        self._nlp = nlp
        self._abbreviations: frozenset[str] = frozenset()

    def learn(self, phrases: Iterable[str]) -> None:
        """Take over words that are written in capitals: "TENS" is not the plural of "ten"."""
        capitals = (word for phrase in phrases for word in phrase.split() if word.isupper())
        self._abbreviations = frozenset(word.lower() for word in capitals if len(word) > 1)

    def read(self, text: str) -> list[Word]:
        """The words of a text; punctuation marks are words of their own, articles are left out."""
        return [
            Word(word, token.idx, token.idx + len(token))
            for token, word in self._plain(text.translate(SEPARATORS))
            if word not in ARTICLES
        ]

    def _plain(self, text: str) -> Iterator[tuple[Token, str]]:
        for token in self._nlp.tokenizer(text):
            if token.is_space:
                continue
            lower = token.lower_
            if token.norm_ == NOT:
                yield token, NOT
            elif lower in self._abbreviations:
                yield token, lower
            elif lower in HALVES and token.norm_ == HALVES[lower]:
                yield token, HALVES[lower]
            else:
                yield token, plain_word(lower) or lower
