"""Tries a written answer before visitors meet it: would it be found, and what would it take away?

The same two distances decide here as in `bot/nlu/written_answers.py`. An example counts as found
when the answer's other examples find it, because visitors will not use the very same words. Pure:
vectors are handed in.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bot.content.answer_index import AnswerIndex, Match, Vectors
from bot.content.model import LIBRARY, Answer
from bot.content.subjects import FAQ

NEAREST_OWN = 5
"""Training messages whose mean distance counts, as in `bot/nlu/written_answers.py`."""

LOOKED_AT = 300
"""Training messages nearest to the answer that are tried; farther ones are never taken."""

MOST_TAKEN = 30
"""Questions shown that it would take: nobody reads more to see that something is wrong."""


@dataclass(frozen=True)
class Weights:
    """How two distances become the probability that an answer is meant, and how much is enough.

    `never`: subjects that no answer takes a message from.
    """

    nearness: float
    own: float
    bias: float
    least: float
    never: frozenset[str]

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Weights:
        """From the component's part of `config.yml`."""
        nearness, own, bias, least = (
            float(config[name]) for name in ("nearness", "own", "bias", "least")
        )
        return cls(nearness, own, bias, least, frozenset(config["never"]))

    def enough(self, match: Match | None, own: float) -> bool:
        """Whether a message goes to the answer that it is nearest to."""
        if match is None:
            return False
        score = self.nearness * match.nearness + self.own * own + self.bias
        return 1 / (1 + math.exp(-score)) >= self.least


class OwnMessages:
    """The messages that the bot is trained on: text, subject and unit vector of each."""

    def __init__(self, texts: Sequence[str], subjects: Sequence[str], vectors: np.ndarray):
        self.texts, self.subjects = tuple(texts), tuple(subjects)
        self.vectors = vectors

    def nearness(self, vector: np.ndarray, without: int | None = None) -> tuple[float, str]:
        """The mean cosine of a message and its nearest training messages, and the subject of the
        nearest. `without`: the row of a training message that is not to find itself.
        """
        cosines = self.vectors @ vector
        if without is not None:
            cosines[without] = -1.0
        most = min(NEAREST_OWN, len(cosines))
        if not most:
            return 0.0, ""
        best = np.argpartition(cosines, -most)[-most:]
        nearest = best[np.argmax(cosines[best])]
        return float(cosines[best].mean()), self.subjects[nearest]

    def near(self, vectors: np.ndarray) -> np.ndarray:
        """Rows of the messages nearest to any of some vectors."""
        if not len(self.vectors):
            return np.zeros(0, int)
        cosines = (self.vectors @ vectors.T).max(axis=1)
        most = min(LOOKED_AT, len(cosines))
        rows = np.argpartition(cosines, -most)[-most:]
        return np.asarray(rows[np.argsort(-cosines[rows])])


@dataclass(frozen=True)
class Tried:
    """A question and what would answer it: `found`, else another written answer (`detail`) or a
    subject of the bot's own.
    """

    text: str
    found: bool
    detail: str = ""
    subject: str = ""


@dataclass(frozen=True)
class Taken:
    """A question that this answer would take from another one (`detail`) or from a `subject`."""

    text: str
    detail: str = ""
    subject: str = ""


@dataclass(frozen=True)
class Trial:
    """What an answer would find and take. `tried` are questions that somebody made up to try."""

    examples: tuple[Tried, ...]
    tried: tuple[Tried, ...]
    taken: tuple[Taken, ...]


class Finder:
    """Tries answers among others: those that visitors of the same clinics can be given."""

    def __init__(self, weights: Weights, own: OwnMessages, vectors: Vectors):
        self._weights = weights
        self._own = own
        self._vectors = vectors

    def try_out(
        self, answer: Answer, others: Collection[Answer], questions: Sequence[str] = ()
    ) -> Trial:
        """Try an answer (of `faq`, with examples) beside `others`, one of its own key excepted."""
        rest = [a for a in others if (a.clinic, a.detail) != (answer.clinic, answer.detail)]
        without = AnswerIndex.of(rest, self._vectors)
        owners = {answer.clinic, LIBRARY, *(each.clinic for each in rest)}
        examples = tuple(
            self._tried(answer, text, self._index(_lacking(answer, text), rest, without), owners)
            for text in answer.examples
        )
        whole = self._index(answer, rest, without)
        tried = tuple(self._tried(answer, text, whole, owners) for text in questions)
        taken = [
            *self._from_written(answer, rest, without, whole, owners),
            *self._from_training(answer, without, whole, owners),
        ]
        return Trial(examples, tried, tuple(taken[:MOST_TAKEN]))

    def _index(self, answer: Answer, rest: list[Answer], without: AnswerIndex) -> AnswerIndex:
        return AnswerIndex.of([*rest, answer], self._vectors, without)

    def _vector(self, text: str) -> np.ndarray:
        vector: np.ndarray = self._vectors([text])[0]
        return vector

    def _tried(self, answer: Answer, text: str, index: AnswerIndex, owners: set[str]) -> Tried:
        vector = self._vector(text)
        own, subject = self._own.nearness(vector)
        match = _first(index, vector, owners)
        if not self._weights.enough(match, own) or match is None:
            return Tried(text, found=False, subject=subject)
        if match.detail == answer.detail:
            return Tried(text, found=subject not in self._weights.never, subject=subject)
        return Tried(text, found=False, detail=match.detail)

    def _from_written(
        self,
        answer: Answer,
        rest: list[Answer],
        without: AnswerIndex,
        whole: AnswerIndex,
        owners: set[str],
    ) -> list[Taken]:
        """Examples of other written answers that this one is nearer to."""
        found = []
        for other in rest:
            for text in other.examples:
                vector = self._vector(text)
                before, after = _first(without, vector, owners), _first(whole, vector, owners)
                moved = before and after and before.detail == other.detail != after.detail
                if moved and self._weights.enough(after, self._own.nearness(vector)[0]):
                    found.append(Taken(text, detail=other.detail or ""))
        return found

    def _from_training(
        self, answer: Answer, without: AnswerIndex, whole: AnswerIndex, owners: set[str]
    ) -> list[Taken]:
        """Messages that the bot is trained on for a subject of its own, and would be lost to it."""
        found = []
        for row in self._own.near(self._vectors(list(answer.examples))):
            vector, subject = self._own.vectors[row], self._own.subjects[row]
            if subject in self._weights.never:
                continue
            after = _first(whole, vector, owners)
            if after is None or after.detail != answer.detail:
                continue
            own, _ = self._own.nearness(vector, without=int(row))
            before = _first(without, vector, owners)
            if self._weights.enough(after, own) and not self._weights.enough(before, own):
                found.append(Taken(self._own.texts[row], subject=subject))
        return found


def _lacking(answer: Answer, example: str) -> Answer:
    """The answer without one of its examples; with only that one it stays as it is."""
    rest = tuple(text for text in answer.examples if text != example)
    return replace(answer, examples=rest or answer.examples)


def _first(index: AnswerIndex, vector: np.ndarray, owners: Collection[str]) -> Match | None:
    found = index.nearest(vector, owners) if len(index) else []
    return found[0] if found else None


def beside(answers: Collection[Answer], clinic: str) -> list[Answer]:
    """The written answers that visitors may be given where this owner's are: the clinic's and the
    library's; beside an answer of the library those of every clinic.
    """
    return [
        answer
        for answer in answers
        if answer.subject == FAQ
        and answer.examples
        and (clinic == LIBRARY or answer.clinic in (clinic, LIBRARY))
    ]
