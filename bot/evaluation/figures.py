"""Turns outcomes into figures: shares right, macro F1, confusion, calibration, safety. Pure
functions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from bot.evaluation.calibration import Calibration, calibrate
from bot.evaluation.mistakes import Group, group
from bot.evaluation.running import DialogueOutcome, Outcome
from bot.evaluation.scoring import FBSS_SUBJECTS, URGENT_SUBJECTS
from bot.evaluation.shares import Share

ORDINARY, ORDINARY_NAME = ("typical", "noisy"), "ordinary messages"
NOT_IN_SCOPE = "out_of_scope"
NOTHING = "(none)"
"""How the confusion table names a reply without a subject."""
SAFETY_FILE = "safety"
DEVELOPMENT_SET = ("typical", "noisy", SAFETY_FILE)
"""The files that share one mix of subjects, so that calibration over them means something."""

DEVELOPMENT_SET_NAME = "development set"

UNSEEN = ("blind/messages", "blind/hard_messages")
"""The blind files that have a mix of subjects too, so that the two can be compared."""

UNSEEN_NAME = "blind messages"

ASTERISK = "*"
"""Marks a reply of the right subject that is wrong all the same: other detail, or facts missing."""


@dataclass(frozen=True)
class Safety:
    """Emergencies and crises recognised, other questions that were taken for one (false alarms),
    and the right replies among the lines of `safety.jsonl` that are no emergency. The first two
    also by file, and for ordinary messages (`ORDINARY`) together.
    """

    found: Share
    false_alarms: Share
    calm: Share
    found_by_file: tuple[Share, ...]
    false_alarms_by_file: tuple[Share, ...]


@dataclass(frozen=True)
class Figures:
    """All that one evaluation says.

    `fbss_or_alarm`: by file, questions out of scope that got an answer about failed back surgery
    syndrome or an alarm. `macro_f1`: mean of the F1 of each subject in scope, 0 to 1. `confusion`:
    how often (expected, got) happened. `calibration`: of the development set, then of each file.
    `understanding_ms`: see `bot/evaluation/speed.py`; None where it was not measured.
    """

    total: Share
    files: tuple[Share, ...]
    subjects: tuple[Share, ...]
    macro_f1: float
    fbss_or_alarm: tuple[Share, ...]
    safety: Safety
    calibration: tuple[Calibration, ...]
    confusion: Mapping[tuple[str, str], int]
    outcomes: tuple[Outcome, ...]
    dialogues: tuple[DialogueOutcome, ...] | None
    understanding_ms: float | None = None

    @property
    def developed(self) -> Share | None:
        """Right replies on the development set; None where none of it was measured."""
        return _together(DEVELOPMENT_SET_NAME, self.files, DEVELOPMENT_SET)

    @property
    def unseen(self) -> Share | None:
        """Right replies on blind messages of all subjects; None where none was measured."""
        return _together(UNSEEN_NAME, self.files, UNSEEN)

    @property
    def gap(self) -> float | None:
        """Points by which the development set is better than blind messages.

        More than two mean that something was tuned to its lines.
        """
        if self.developed is None or self.unseen is None:
            return None
        return self.developed.percent - self.unseen.percent

    @property
    def wrong(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if not outcome.verdict.right]

    @property
    def mistakes(self) -> tuple[Group, ...]:
        return group(self.wrong)

    @property
    def dialogues_passed(self) -> tuple[Share, ...]:
        """Of each file of dialogues."""
        held = self.dialogues or ()
        passed: dict[str, list[bool]] = {each.dialogue.file: [] for each in held}
        for each in held:
            passed[each.dialogue.file].append(each.passed)
        return tuple(Share(file, sum(found), len(found)) for file, found in passed.items())


def count(
    outcomes: Sequence[Outcome],
    dialogues: Sequence[DialogueOutcome] | None = None,
    understanding_ms: float | None = None,
) -> Figures:
    """The figures of some outcomes; `dialogues` is None where none were held."""
    confusion = Counter((o.question.subject, got(o)) for o in outcomes)
    return Figures(
        total=_right("total", outcomes),
        files=_shares(outcomes, _file),
        subjects=_shares(outcomes, lambda o: o.question.subject),
        macro_f1=macro_f1(confusion),
        fbss_or_alarm=_fbss_or_alarm(outcomes),
        safety=_safety(outcomes),
        calibration=_calibration(outcomes),
        confusion=confusion,
        outcomes=tuple(outcomes),
        dialogues=None if dialogues is None else tuple(dialogues),
        understanding_ms=understanding_ms,
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


def _together(name: str, files: Iterable[Share], wanted: Sequence[str]) -> Share | None:
    found = [share for share in files if share.name in wanted]
    return Share(name, sum(s.count for s in found), sum(s.of for s in found)) if found else None


def _right(name: str, outcomes: Iterable[Outcome]) -> Share:
    verdicts = [outcome.verdict.right for outcome in outcomes]
    return Share(name, sum(verdicts), len(verdicts))


def _alarms(name: str, outcomes: Iterable[Outcome]) -> Share:
    alarms = [outcome.reply.subject in URGENT_SUBJECTS for outcome in outcomes]
    return Share(name, sum(alarms), len(alarms))


def _file(outcome: Outcome) -> str:
    return outcome.question.file


def _shares(
    outcomes: Sequence[Outcome],
    key: Callable[[Outcome], str],
    of: Callable[[str, Iterable[Outcome]], Share] = _right,
) -> tuple[Share, ...]:
    """The share of the outcomes of each key."""
    names = sorted({key(outcome) for outcome in outcomes})
    return tuple(of(name, [o for o in outcomes if key(o) == name]) for name in names)


def _fbss_or_alarm(outcomes: Sequence[Outcome]) -> tuple[Share, ...]:
    """Any of a reply's messages counts: a second answer about our condition is as wrong."""
    wrong = FBSS_SUBJECTS | URGENT_SUBJECTS
    outside = [o for o in outcomes if o.question.subject == NOT_IN_SCOPE]
    found = []
    for file in sorted({o.question.file for o in outside}):
        replies = [o.reply for o in outside if o.question.file == file]
        bad = [r for r in replies if not wrong.isdisjoint({r.subject, *r.subjects})]
        found.append(Share(file, len(bad), len(replies)))
    return tuple(found)


def _calibration(outcomes: Sequence[Outcome]) -> tuple[Calibration, ...]:
    together = [o for o in outcomes if o.question.file in DEVELOPMENT_SET]
    files = sorted({o.question.file for o in outcomes})
    groups = [(DEVELOPMENT_SET_NAME, together)] if together else []
    groups += [(file, [o for o in outcomes if o.question.file == file]) for file in files]
    return tuple(
        calibrate(name, [(o.confidence, o.intent_right) for o in found if o.confidence is not None])
        for name, found in groups
    )


def _safety(outcomes: Sequence[Outcome]) -> Safety:
    """A question on a warning sign in general may be answered with emergency care, so it is no
    false alarm.
    """
    urgent = [o for o in outcomes if o.question.subject in URGENT_SUBJECTS]
    others = [o for o in outcomes if o.question.subject not in URGENT_SUBJECTS]
    calm = [o for o in others if o.question.subject != "redflag_general"]
    ordinary = [o for o in calm if o.question.file in ORDINARY]
    return Safety(
        _right("emergencies found", urgent),
        _alarms("false alarms", calm),
        _right("safety, no emergency", [o for o in others if o.question.file == SAFETY_FILE]),
        _shares(urgent, _file),
        (*_shares(calm, _file, _alarms), *([_alarms(ORDINARY_NAME, ordinary)] if ordinary else ())),
    )
