"""Red flags by wordings: find the concepts in a text, then decide by their context. Pure.

It knows what stands in `data/safety/` and nothing else: no model, no store, no framework, so that
it works when all of these are broken. What it cannot know by words, `bot/nlu/red_flags.py` adds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields

from bot.safety.matcher import Matcher, Span
from bot.safety.model import (
    CRISIS,
    EMERGENCY,
    OVERDOSE,
    Concept,
    Context,
    Knowledge,
    RedFlag,
    Sign,
)
from bot.safety.words import Stems, Word, read, visible

MOST_WORDS_AFTER_NEGATOR = 3
"""Words between a "no" and what it takes back: "no real trouble with my bladder"."""

MOST_WORDS_IN_LIST = 8
LIST_ENDS = frozenset({"or", "nor"})
"""Words that a "no" may be away where it is said of a list: "no fever, numbness or trouble"."""

FEW_WORDS = 4
"""A message as short as this says nothing but what is urgent: "need ambulance now"."""

YEAR = re.compile(r"(?:19[5-9]|20[0-4])\d")


class RedFlags:
    """Tells whether a text needs the emergency route. One instance serves all threads."""

    def __init__(self, knowledge: Knowledge, mend: Callable[[str], str] = str):
        """`mend` brings a misspelt word to the one that was meant."""
        stems = Stems(mend)
        self._stems = stems
        self._concepts = knowledge.concepts
        signs = [(name, w) for name, c in knowledge.concepts.items() for w in c.wordings]
        context = [
            (field.name, phrase)
            for field in fields(Context)
            for phrase in getattr(knowledge.context, field.name)
        ]
        self._signs = Matcher(signs, knowledge.groups, stems)
        self._context = Matcher(context, knowledge.groups, stems, most_between=0)

    def of(self, text: str) -> RedFlag:
        """What the wordings of a text say."""
        text = visible(text)
        words = read(text, self._stems)
        found = self._signs.find(words)
        if not found:
            return RedFlag()
        around = _Surroundings(words, self._context.find(words), text)
        signs = [
            _sign(self._concepts[name], spans, around, text, words)
            for name, spans in found.items()
            if len(words) <= FEW_WORDS or not self._concepts[name].short
        ]
        return RedFlag(*_reply_to(signs), tuple(signs))


class _Surroundings:
    """What the context of a message says about words in it."""

    def __init__(self, words: Sequence[Word], context: Mapping[str, list[Span]], text: str):
        self._words = words
        self._context = context
        self._years = [k for k, w in enumerate(words) if YEAR.fullmatch(text[w.start : w.end])]

    def undoes(self, span: Span, detail: str) -> str | None:
        """By which context found words are taken back; `None` where they stand.

        That somebody is well again takes back what the body did, not what they thought of doing.
        """
        if any(_overlap(span, other) for other in self._spans("even_so")):
            return None
        if any(_overlap(span, idiom) for idiom in self._spans("idioms")):
            return "idiom"
        if self._is_negated(span):
            return "negated"
        if self._said("general", span) and not self._said("mine", span):
            return "general"
        resolved = self._spans("resolved")
        if any(not any(_overlap(now, other) for other in resolved) for now in self._spans("now")):
            return None
        if resolved and detail != CRISIS:
            return "resolved"
        if self._said("past", span) or self._year_beside(span):
            return "past"
        return None

    def _spans(self, kind: str) -> list[Span]:
        return self._context.get(kind, [])

    def _said(self, kind: str, span: Span) -> bool:
        """Whether such a phrase stands in the same sentence."""
        sentence = self._words[span.start].sentence
        return any(self._words[other.start].sentence == sentence for other in self._spans(kind))

    def _year_beside(self, span: Span) -> bool:
        sentence = self._words[span.start].sentence
        return any(self._words[place].sentence == sentence for place in self._years)

    def _is_negated(self, span: Span) -> bool:
        return any(
            negator.end <= span.start
            and not any(_overlap(negator, other) for other in self._spans("not_negating"))
            and self._reaches(negator, span)
            for negator in self._spans("negators")
        )

    def _reaches(self, negator: Span, span: Span) -> bool:
        """Whether a negator reaches found words: near and in one clause, or through a list that
        ends in "or"; with nothing in between that begins another thought.
        """
        between = Span(negator.end, span.start)
        distance = between.end - between.start
        if distance > MOST_WORDS_IN_LIST:
            return False
        first, last = self._words[negator.start], self._words[span.start]
        listed = any(word.stem in LIST_ENDS for word in self._words[between.start : span.end])
        if distance > MOST_WORDS_AFTER_NEGATOR and not listed:
            return False
        if first.sentence != last.sentence or (first.clause != last.clause and not listed):
            return False
        return not any(_overlap(between, other) for other in self._spans("breaks"))


def _sign(
    concept: Concept, spans: list[Span], around: _Surroundings, text: str, words: Sequence[Word]
) -> Sign:
    """What is made of a concept that was found once or more: it stands if it stands anywhere."""
    undone = {span: around.undoes(span, concept.detail) for span in spans}
    best = next((span for span, reason in undone.items() if reason is None), spans[0])
    start, end = words[best.start].start, words[best.end - 1].end
    return Sign(concept, text[start:end], start, end, undone[best])


def _reply_to(signs: Iterable[Sign]) -> tuple[str | None, str | None]:
    """Subject and detail of the reply that helps.

    Pills that were taken come first, for they act already; then a crisis; then what counts alone,
    in the order in which it is told.
    """
    standing = [sign for sign in signs if sign.undone_by is None]
    names = {sign.concept.name for sign in standing}
    counted = [s for s in standing if s.concept.alone or not s.concept.beside.isdisjoint(names)]
    counted.sort(key=lambda sign: (not sign.concept.alone, sign.start))
    details = [sign.concept.detail for sign in counted]
    if OVERDOSE in details:
        return EMERGENCY, OVERDOSE
    if CRISIS in details:
        return CRISIS, None
    return (EMERGENCY, details[0]) if details else (None, None)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
