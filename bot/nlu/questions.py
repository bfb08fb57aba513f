"""Finds the questions of a message that asks several.

Which of a message's sentences is the question the classifier knows by itself: it learnt from whole
stories, and scoring sentences one by one was right less often (decision 013). But only one
subject comes out of it, so a message is cut where a second question begins, and both are answered
where both are clear. Pure, no Rasa.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import spacy
from spacy.tokens import Span

MOST_QUESTIONS = 2
"""More answers at once are read by nobody on a phone."""

LEAST_CONFIDENCE = 0.6
"""Both halves must be as clear as this: a needless second answer is worse than none."""

LEAST_WORDS = 2

ASKING = frozenset(
    {
        "what", "whats", "why", "how", "hows", "who", "whos", "when", "where", "wheres", "which",
        "is", "are", "can", "could", "do", "does", "did", "will", "would", "should", "tell", "any",
    }
)  # fmt: skip
JOINING = frozenset({"and", "also", "plus", "then", "but", "so", "or"})
LEADING = frozenset({":", ",", ";", "-", "\N{EN DASH}"})
"""What stands between a lead and its question."""


class Questions:
    """Cuts messages into questions. One instance serves all threads."""

    def __init__(self) -> None:
        self._nlp = spacy.blank("en")
        self._nlp.add_pipe("sentencizer")

    def of(self, text: str) -> list[str]:
        """The parts of a text that ask, in order; a part has at least two words."""
        sentences = [sentence for line in text.splitlines() for sentence in self._nlp(line).sents]
        cut = (_without_lead(part) for sentence in sentences for part in _cut(sentence))
        parts = [part for part in cut if _asks(part)]
        return [part.text.strip(" ,;") for part in parts if len(part.text.split()) >= LEAST_WORDS]


def _cut(sentence: Span) -> Iterator[Span]:
    """A sentence, cut before each "and", "also" that a question word follows."""
    start = 0
    for place, token in enumerate(sentence):
        if token.lower_ in JOINING and place > start and _begins_with_question(sentence[place:]):
            yield sentence[start:place]
            start = place
    yield sentence[start:]


def _without_lead(part: Span) -> Span:
    """A part without what leads to its question: "Hi there, two things: what ..."."""
    if _begins_with_question(part):
        return part
    for place, token in enumerate(part):
        if token.text in LEADING and _begins_with_question(part[place:]):
            return part[place + 1 :]
    return part


def _asks(part: Span) -> bool:
    return any(token.text == "?" for token in part) or _begins_with_question(part)


def _begins_with_question(part: Span) -> bool:
    words = (token.lower_ for token in part if token.is_alpha)
    return next((word for word in words if word not in JOINING), "") in ASKING


def worth_answering_both(
    whole: dict[str, Any], parts: Sequence[dict[str, Any]], answerable: frozenset[str]
) -> bool:
    """Whether parts of a message are two clear questions about different things.

    `whole` and `parts` are what Rasa understands of a message and of its parts; `answerable` are
    the subjects that may be answered side by side. What the whole is about must be among them: a
    story that ends in "what is it, and should I worry?" asks one thing.
    """
    subjects = [part["intent"]["name"] for part in parts]
    return (
        len(parts) == MOST_QUESTIONS
        and len(set(subjects)) == len(parts)
        and whole["intent"]["name"] in subjects
        and answerable.issuperset(subjects)
        and min(part["intent"]["confidence"] for part in parts) >= LEAST_CONFIDENCE
    )
