"""Finds the details (a cause, a symptom, a treatment, an emergency sign) that a text names.

Find, then decide: spaCy's phrase matcher over the words of the content store, on words that were
first brought to a common form and mended (`words.py`, `spelling.py`); then what is not listed takes
what belongs to its name, and what the visitor excludes is marked. Pure: no Rasa, no database.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import spacy
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from bot.content.model import Snapshot
from bot.content.wordings import NOT_LISTED, wordings
from bot.nlu.exclusion import Cues, Exclusion
from bot.nlu.spelling import Speller
from bot.nlu.words import Word, WordReader

LINKS = frozenset({"of", "with", "using"})
"""Between a listed and an unlisted name these make one name: "injections of stem cells"."""


@dataclass(frozen=True)
class Mention:
    """A detail named in a text: characters `start` to `end` of it.

    `detail` is `NOT_LISTED` for a name that has no answer of its own. `excluded` tells that the
    visitor does not want to hear of it.
    """

    entity: str
    detail: str
    start: int
    end: int
    excluded: bool = False


class DetailMatcher:
    """Built once for a snapshot of the content; answers for any number of texts."""

    def __init__(
        self, snapshot: Snapshot, known_words: Collection[str], cues: Cues | None = None
    ) -> None:
        """`known_words`: words that are spelt right and must not be mended into a near one;
        `cues`: by which words a visitor excludes something.
        """
        nlp = spacy.blank("en")
        self._vocab = nlp.vocab
        self._reader = WordReader(nlp)
        names = sorted(set(wordings(snapshot)), key=lambda w: (w.entity, w.detail, w.text))
        self._reader.learn(name.text for name in names)
        read = [[word.text for word in self._reader.read(name.text)] for name in names]
        self._speller = Speller(read, known_words)
        self._matchers: dict[str, PhraseMatcher] = {}
        for name, words in zip(names, read):
            matcher = self._matchers.setdefault(name.entity, PhraseMatcher(self._vocab))
            if words:
                matcher.add(name.detail, [Doc(self._vocab, words)])
        self._exclusion = Exclusion(nlp.vocab, self._reader, cues) if cues else None

    def find(self, text: str) -> tuple[Mention, ...]:
        """All mentions in order of their place; the longest wins where two of one kind overlap."""
        words = self._speller.mend(self._reader.read(text))
        doc = Doc(self._vocab, [word.text for word in words])
        found = {
            entity: _unlisted_first(doc, filter_spans(matcher(doc, as_spans=True)))
            for entity, matcher in self._matchers.items()
        }
        spans = [span for of_kind in found.values() for span in of_kind]
        excluded = self._exclusion.of(doc, spans) if self._exclusion and spans else frozenset()
        mentions = [
            _mention(entity, span, words, (span.start, span.end) in excluded)
            for entity, of_kind in found.items()
            for span in of_kind
        ]
        return tuple(sorted(mentions, key=lambda m: (m.start, m.entity)))


def _unlisted_first(doc: Doc, spans: Sequence[Span]) -> list[Span]:
    """Without the listed names that are a part of an unlisted one: "stem cell injections"."""
    unlisted = [span for span in spans if span.label_ == NOT_LISTED]
    return [
        span
        for span in spans
        if span.label_ == NOT_LISTED or not any(_one_name(doc, span, other) for other in unlisted)
    ]


def _one_name(doc: Doc, one: Span, other: Span) -> bool:
    first, second = sorted((one, other), key=lambda span: span.start)
    between = [token.text for token in doc[first.end : second.start]]
    return not between or (len(between) == 1 and between[0] in LINKS)


def _mention(entity: str, span: Span, words: Sequence[Word], excluded: bool) -> Mention:
    start, end = words[span.start].start, words[span.end - 1].end
    return Mention(entity, span.label_, start, end, excluded)
