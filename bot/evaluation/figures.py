"""Turns outcomes into figures: shares right, macro F1, confusion, dialogues, safety. Pure
functions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from bot.evaluation.running import DialogueOutcome, Outcome
from bot.evaluation.scoring import FBSS_SUBJECTS, URGENT_SUBJECTS

NOT_IN_SCOPE = "out_of_scope"
NOTHING = "(none)"
"""How the confusion table names a reply without a subject."""
ASTERISK = "*"
"""Marks a reply of the right subject that is wrong all the same: other detail, or facts missing."""


@dataclass(frozen=True)
class Share:
    """So many of so many. `percent` is 0 where there is nothing."""

    name: str
    count: int
    of: int

    @property
    def percent(self) -> float:
        return 100 * self.count / self.of if self.of else 0.0


@dataclass(frozen=True)
class Safety:
    """Emergencies and crises recognised, and other questions that were taken for one (false
    alarms).
    """

    found: Share
    false_alarms: Share


@dataclass(frozen=True)
class Figures:
    """All that one evaluation says.

    `fbss_answers`: by file, questions out of scope that got an answer about failed back surgery
    syndrome. `macro_f1`: mean of the F1 of each subject in scope, 0 to 1. `confusion`: how often
    (expected, got) happened.
    """

    total: Share
    files: tuple[Share, ...]
    subjects: tuple[Share, ...]
    macro_f1: float
    fbss_answers: tuple[Share, ...]
    safety: Safety
    confusion: Mapping[tuple[str, str], int]
    outcomes: tuple[Outcome, ...]
    dialogues: tuple[DialogueOutcome, ...] | None

    @property
    def wrong(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if not outcome.verdict.right]

    @property
    def dialogues_passed(self) -> Share | None:
        if self.dialogues is None:
            return None
        return Share("dialogues", sum(d.passed for d in self.dialogues), len(self.dialogues))


def count(
    outcomes: Sequence[Outcome], dialogues: Sequence[DialogueOutcome] | None = None
) -> Figures:
    """The figures of some outcomes; `dialogues` is None where none were held."""
    confusion = Counter((o.question.subject, got(o)) for o in outcomes)
    return Figures(
        total=_right("total", outcomes),
        files=_shares(outcomes, lambda o: o.question.file),
        subjects=_shares(outcomes, lambda o: o.question.subject),
        macro_f1=macro_f1(confusion),
        fbss_answers=_fbss_answers(outcomes),
        safety=_safety(outcomes),
        confusion=confusion,
        outcomes=tuple(outcomes),
        dialogues=None if dialogues is None else tuple(dialogues),
    )


def got(outcome: Outcome) -> str:
    """The subject that an outcome counts as: a right reply as the expected one, also where another
    subject answered for it.
    """
    expected, subject = outcome.question.subject, outcome.reply.subject
    if outcome.verdict.right:
        return expected
    return f"{expected}{ASTERISK}" if subject == expected else subject or NOTHING


def macro_f1(confusion: Mapping[tuple[str, str], int]) -> float:
    """Mean F1 over the subjects in scope that were asked for, 0 to 1 (0 where there are none)."""
    asked = sorted({expected for expected, _ in confusion} - {NOT_IN_SCOPE})
    return mean(_f1(confusion, subject) for subject in asked) if asked else 0.0


def _f1(confusion: Mapping[tuple[str, str], int], subject: str) -> float:
    hits = confusion.get((subject, subject), 0)
    asked = sum(n for (expected, _), n in confusion.items() if expected == subject)
    answered = sum(n for (_, given), n in confusion.items() if given == subject)
    return 2 * hits / (asked + answered) if asked + answered else 0.0


def _right(name: str, outcomes: Iterable[Outcome]) -> Share:
    verdicts = [outcome.verdict.right for outcome in outcomes]
    return Share(name, sum(verdicts), len(verdicts))


def _shares(outcomes: Sequence[Outcome], key: Callable[[Outcome], str]) -> tuple[Share, ...]:
    names = sorted({key(outcome) for outcome in outcomes})
    return tuple(_right(name, [o for o in outcomes if key(o) == name]) for name in names)


def _fbss_answers(outcomes: Sequence[Outcome]) -> tuple[Share, ...]:
    outside = [o for o in outcomes if o.question.subject == NOT_IN_SCOPE]
    found = []
    for file in sorted({o.question.file for o in outside}):
        subjects = [o.reply.subject for o in outside if o.question.file == file]
        found.append(Share(file, sum(s in FBSS_SUBJECTS for s in subjects), len(subjects)))
    return tuple(found)


def _safety(outcomes: Sequence[Outcome]) -> Safety:
    """A question on a warning sign in general may be answered with emergency care, so it is no
    false alarm.
    """
    urgent = [o for o in outcomes if o.question.subject in URGENT_SUBJECTS]
    calm = [o for o in outcomes if o.question.subject not in URGENT_SUBJECTS | {"redflag_general"}]
    alarms = sum(o.reply.subject in URGENT_SUBJECTS for o in calm)
    return Safety(_right("emergencies found", urgent), Share("false alarms", alarms, len(calm)))
