"""Sorts wrong replies by what went wrong, the gravest first. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from bot.content.subjects import DID_YOU_MEAN, FALLBACK
from bot.evaluation.running import Outcome
from bot.evaluation.scoring import FBSS_SUBJECTS, URGENT_SUBJECTS

OUT_OF_SCOPE = "out_of_scope"
OTHER_DETAIL = "other detail"


class Kind(Enum):
    """What went wrong, as a developer reads it. The order is the report's."""

    EMERGENCY_MISSED = "emergency missed"
    EMERGENCY_LATE = "emergency, but not said first"
    FALSE_ALARM = "false alarm"
    OUTSIDE_ANSWERED = "out of scope, but answered about FBSS"
    NOT_ANSWERED = "should have been answered, but got the fallback"
    ASKED_BACK = "should have been answered, but was asked back"
    TURNED_AWAY = "should have been answered, but was taken as out of scope"
    OUTSIDE_OTHERWISE = "out of scope, but got another reply"
    OTHER_SUBJECT = "wrong subject"
    OTHER_DETAIL = "right subject, wrong detail"
    LACKING = "right subject, but facts are missing"


@dataclass(frozen=True)
class Group:
    """The wrong replies of one kind. `pairs`: how often (expected, got), most frequent first."""

    kind: Kind
    outcomes: tuple[Outcome, ...]
    pairs: tuple[tuple[str, str, int], ...]

    @property
    def shown(self) -> tuple[Outcome, ...]:
        """Those whose lines may be looked at."""
        return tuple(outcome for outcome in self.outcomes if not outcome.question.blind)


def group(wrong: Sequence[Outcome]) -> tuple[Group, ...]:
    """Wrong replies by kind; kinds without any are left out."""
    found: dict[Kind, list[Outcome]] = {kind: [] for kind in Kind}
    for outcome in wrong:
        found[kind_of(outcome)].append(outcome)
    return tuple(
        Group(kind, _by_pair(outcomes), _pairs(outcomes))
        for kind, outcomes in found.items()
        if outcomes
    )


def kind_of(outcome: Outcome) -> Kind:
    """What went wrong with a reply that is wrong."""
    expected, got = outcome.question.subject, outcome.reply.subject
    if expected in URGENT_SUBJECTS:
        return Kind.EMERGENCY_LATE if got in URGENT_SUBJECTS else Kind.EMERGENCY_MISSED
    if got in URGENT_SUBJECTS:
        return Kind.FALSE_ALARM
    if expected == OUT_OF_SCOPE:
        return Kind.OUTSIDE_ANSWERED if got in FBSS_SUBJECTS else Kind.OUTSIDE_OTHERWISE
    missed = {
        None: Kind.NOT_ANSWERED,
        FALLBACK: Kind.NOT_ANSWERED,
        DID_YOU_MEAN: Kind.ASKED_BACK,
        OUT_OF_SCOPE: Kind.TURNED_AWAY,
    }
    if got in missed:
        return missed[got]
    if got != expected and outcome.verdict.wrong != OTHER_DETAIL:
        return Kind.OTHER_SUBJECT
    return Kind.OTHER_DETAIL if outcome.verdict.wrong == OTHER_DETAIL else Kind.LACKING


def named(subject: str | None, detail: str | None) -> str:
    """`subject/detail`, or what there is of it."""
    return "/".join(part for part in (subject, detail) if part) or "(none)"


def pair(outcome: Outcome) -> tuple[str, str]:
    """What was expected and what came: details only where the subject is right."""
    question, reply = outcome.question, outcome.reply
    if question.subject == reply.subject:
        return named(question.subject, question.detail), named(reply.subject, reply.detail)
    return question.subject, named(reply.subject, None)


def _pairs(outcomes: Sequence[Outcome]) -> tuple[tuple[str, str, int], ...]:
    counted = Counter(pair(outcome) for outcome in outcomes)
    return tuple(sorted(((*names, n) for names, n in counted.items()), key=lambda p: (-p[2], p)))


def _by_pair(outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    places = {(expected, got): i for i, (expected, got, _) in enumerate(_pairs(outcomes))}
    return tuple(sorted(outcomes, key=lambda outcome: places[pair(outcome)]))
