"""Finds the details (a cause, a symptom, a treatment, an emergency sign) that a text names.

Find, then decide: spaCy's phrase matcher over the words of the content store, on tokens that were
first brought to a common form: lower case, no plural s, misspellings mended against the words that
the store itself uses. Pure: no Rasa, no database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import spacy
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Token
from spacy.util import filter_spans

from bot.content.model import Snapshot
from bot.content.wordings import wordings
from bot.nlu.wording import plain_word

SHORTEST_TO_MEND = 4
"""Shorter unknown words have too many neighbours to guess which one was meant."""

NOT = "not"
"""spaCy splits "didnt" and "didn't" in two, and knows the second half by this."""


@dataclass(frozen=True)
class Mention:
    """A detail named in a text: characters `start` to `end` of it."""

    entity: str
    detail: str
    start: int
    end: int


class DetailMatcher:
    """Built once for a snapshot of the content; answers for any number of texts."""

    def __init__(self, snapshot: Snapshot, known_words: frozenset[str]):
        """`known_words`: words that are spelt right and must not be mended into a near one."""
        self._nlp = spacy.blank("en")
        self._matchers: dict[str, PhraseMatcher] = {}
        phrases = set(wordings(snapshot))
        words = {word for phrase in phrases for word in self._plain_words(phrase.text)}
        self._known = known_words | words
        self._by_initial: dict[str, list[str]] = {}
        for word in sorted(words):
            self._by_initial.setdefault(word[:1], []).append(word)
        self._mended: dict[str, str] = {}
        for phrase in phrases:
            matcher = self._matchers.get(phrase.entity)
            if matcher is None:
                matcher = PhraseMatcher(self._nlp.vocab, attr="NORM")
                self._matchers[phrase.entity] = matcher
            matcher.add(phrase.detail, [self._read(phrase.text, mend=False)])

    def find(self, text: str) -> tuple[Mention, ...]:
        """All mentions in order of their place; the longest wins where two of one kind overlap."""
        doc = self._read(text, mend=True)
        mentions = []
        for entity, matcher in self._matchers.items():
            for span in filter_spans(matcher(doc, as_spans=True)):
                mentions.append(Mention(entity, span.label_, span.start_char, span.end_char))
        return tuple(sorted(mentions, key=lambda m: (m.start, m.entity)))

    def _plain_words(self, text: str) -> Sequence[str]:
        return [_plain(token) for token in self._nlp(text)]

    def _read(self, text: str, *, mend: bool) -> Doc:
        """Tokens with their plain form as NORM, which is what the matcher compares."""
        doc = self._nlp(text.replace("-", " ").replace("/", " ").replace("’", "'"))
        for token in doc:
            word = _plain(token)
            token.norm_ = self._mend(word) if mend else word
        return doc

    def _mend(self, word: str) -> str:
        """The store's word nearest to a misspelt one; first letters, seldom mistyped, agree."""
        if len(word) < SHORTEST_TO_MEND or word in self._known or not word.isalpha():
            return word
        if word not in self._mended:
            allowed = 1 if len(word) < 8 else 2
            found = process.extractOne(
                word,
                self._by_initial.get(word[0], []),
                scorer=DamerauLevenshtein.distance,
                score_cutoff=allowed,
            )
            if len(self._mended) > 20_000:
                self._mended.clear()
            self._mended[word] = found[0] if found else word
        return self._mended[word]


def _plain(token: Token) -> str:
    """A token's plain form; "didn't", "didnt" and "did not" say the same."""
    return NOT if token.norm_ == NOT else plain_word(token.text)
