"""How well the intents are learnt: each part of the training data is asked of a model that learnt
from the other parts only.

On its own the development set says little about messages that nobody has seen: a method can be
tuned to its lines. Cross-validation cannot be tuned to lines, but its messages were written by the
same hands as those that were learnt. The gap between both is what to look at.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.evaluation.calibration import Calibration, calibrate
from bot.evaluation.figures import DEVELOPMENT_SET, DEVELOPMENT_SET_NAME, macro_f1
from bot.evaluation.reading import Question
from bot.evaluation.scoring import subject_right
from bot.evaluation.shares import Share


@dataclass(frozen=True)
class Example:
    """A training message with its intent."""

    text: str
    intent: str


@dataclass(frozen=True)
class Guess:
    """The likeliest intent of a message, and its probability."""

    intent: str
    confidence: float


Reader = Callable[[Sequence[str]], Sequence[Guess]]
"""What learnt messages make of others."""


class Learner(Protocol):
    """Learns from training messages as `careline train` does."""

    @property
    def examples(self) -> Sequence[Example]:
        """All training messages."""

    def learn(self, numbers: Sequence[int]) -> Reader:
        """Learn from the examples with these numbers only."""


@dataclass(frozen=True)
class Judged:
    """A message that was not learnt, and what it was taken for."""

    expected: str
    guess: Guess

    @property
    def right(self) -> bool:
        return self.guess.intent == self.expected

    @property
    def answered_right(self) -> bool:
        """As `right`, but subjects that answer for each other count as one."""
        return subject_right(self.expected, self.guess.intent)


@dataclass(frozen=True)
class CrossValidation:
    """`expected` is the per cent of right answers that cross-validation promises for the
    development set's mix of subjects; `reached`, the share that a model of all training messages
    reaches there, by file and together. Both count subjects that answer for each other as one, and
    look at the likeliest intent alone: neither at details nor at words.
    """

    total: Share
    folds: tuple[Share, ...]
    subjects: tuple[Share, ...]
    macro_f1: float
    calibration: Calibration
    confusion: Mapping[tuple[str, str], int]
    files: tuple[Share, ...]
    reached: Share | None
    expected: float | None

    @property
    def gap(self) -> float | None:
        """Points by which the development set is better (above 0) or worse than promised."""
        if self.reached is None or self.expected is None:
            return None
        return self.reached.percent - self.expected


def cross_validate(
    learner: Learner, questions: Sequence[Question], folds: int, step: Callable[[], None]
) -> CrossValidation:
    """Learn `folds` times from all but one part, and once from everything for the questions.

    `step` is called after each of these.
    """
    examples = learner.examples
    judged: list[list[Judged]] = []
    for part in split(examples, folds):
        inside = set(part)
        read = learner.learn([n for n in range(len(examples)) if n not in inside])
        guesses = read([examples[n].text for n in part])
        judged.append([Judged(examples[n].intent, guess) for n, guess in zip(part, guesses)])
        step()
    asked: list[Judged] = []
    if questions:
        guesses = learner.learn(range(len(examples)))([each.text for each in questions])
        asked = [Judged(each.subject, guess) for each, guess in zip(questions, guesses)]
    step()
    return _count(judged, questions, asked)


def split(examples: Sequence[Example], folds: int) -> list[list[int]]:
    """Numbers of examples in parts that have every intent alike.

    An example's place depends on its text, so a file's neighbours, which are often alike, are not
    kept together, and no random number is drawn.
    """
    parts: list[list[int]] = [[] for _ in range(folds)]
    by_intent: dict[str, list[int]] = {}
    for number in sorted(range(len(examples)), key=lambda n: _digest(examples[n].text)):
        by_intent.setdefault(examples[number].intent, []).append(number)
    dealt = (number for intent in sorted(by_intent) for number in by_intent[intent])
    for place, number in enumerate(dealt):
        parts[place % folds].append(number)
    return [sorted(part) for part in parts]


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _count(
    folds: Sequence[Sequence[Judged]], questions: Sequence[Question], asked: Sequence[Judged]
) -> CrossValidation:
    every = [each for fold in folds for each in fold]
    confusion = Counter((each.expected, each.guess.intent) for each in every)
    developed = [j for q, j in zip(questions, asked) if q.file in DEVELOPMENT_SET]
    return CrossValidation(
        total=_right("total", every),
        folds=tuple(_right(f"part {n}", fold) for n, fold in enumerate(folds, start=1)),
        subjects=tuple(_by_subject(every)),
        macro_f1=macro_f1(confusion),
        calibration=calibrate(
            "cross-validation", [(each.guess.confidence, each.right) for each in every]
        ),
        confusion=confusion,
        files=tuple(_by_file(questions, asked)),
        reached=_answered(DEVELOPMENT_SET_NAME, developed) if developed else None,
        expected=_promised(every, developed),
    )


def _right(name: str, judged: Sequence[Judged]) -> Share:
    return Share(name, sum(each.right for each in judged), len(judged))


def _answered(name: str, judged: Sequence[Judged]) -> Share:
    return Share(name, sum(each.answered_right for each in judged), len(judged))


def _by_subject(judged: Sequence[Judged]) -> Iterator[Share]:
    for intent in sorted({each.expected for each in judged}):
        yield _right(intent, [each for each in judged if each.expected == intent])


def _by_file(questions: Sequence[Question], asked: Sequence[Judged]) -> Iterator[Share]:
    for file in sorted({question.file for question in questions}):
        yield _answered(file, [j for q, j in zip(questions, asked) if q.file == file])


def _promised(learnt: Sequence[Judged], asked: Sequence[Judged]) -> float | None:
    """Each subject's share in cross-validation, weighing as much as it is asked for."""
    shares = {
        subject: _answered(subject, [each for each in learnt if each.expected == subject])
        for subject in {each.expected for each in asked}
    }
    known = [shares[each.expected].percent for each in asked if shares[each.expected].of]
    return sum(known) / len(known) if known else None
