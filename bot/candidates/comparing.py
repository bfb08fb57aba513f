"""Holds the answers of two models to the same messages against each other. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.candidates.model import ChangedLine, Said, SetFigures


@dataclass(frozen=True)
class Asked:
    """One message and what a model made of it.

    `key` tells it from all others of its set. `urgent` where it needs emergency or crisis help.
    `text` is empty where nobody may look at it; of a correction it is empty too, and
    `correction_id` leads to it. `left_out` where there was nobody to ask: its clinic is not there.
    """

    key: str
    place: str
    text: str
    expected: Said
    got: Said
    right: bool
    urgent: bool
    correction_id: str | None = None
    left_out: bool = False


def compare(
    name: str, before: Sequence[Asked], after: Sequence[Asked]
) -> tuple[SetFigures, tuple[ChangedLine, ...]]:
    """Figures of a set, and every line whose reply changed.

    Raises `ValueError` where the two were not asked the same.
    """
    if [each.key for each in before] != [each.key for each in after]:
        raise ValueError("The two models were not asked the same.")
    pairs = [(one, other) for one, other in zip(before, after) if not one.left_out]
    urgent = [(one, other) for one, other in pairs if one.urgent]
    figures = SetFigures(
        name,
        lines=len(pairs),
        right_before=_right(one for one, _ in pairs),
        right_after=_right(other for _, other in pairs),
        better=sum(other.right > one.right for one, other in pairs),
        worse=sum(other.right < one.right for one, other in pairs),
        urgent=len(urgent),
        urgent_before=_right(one for one, _ in urgent),
        urgent_after=_right(other for _, other in urgent),
        urgent_lost=sum(one.right and not other.right for one, other in urgent),
        left_out=len(before) - len(pairs),
    )
    return figures, tuple(_changed(name, one, other) for one, other in pairs if _differ(one, other))


def _right(asked: Iterable[Asked]) -> int:
    return sum(each.right for each in asked)


def _differ(one: Asked, other: Asked) -> bool:
    return (one.got, one.right) != (other.got, other.right)


def _changed(name: str, one: Asked, other: Asked) -> ChangedLine:
    return ChangedLine(
        name,
        one.place,
        one.text,
        one.expected,
        one.got,
        other.got,
        one.right,
        other.right,
        one.urgent,
        one.correction_id,
    )
