"""What a candidate must not lose. Pure.

`decide` is the one place that says whether a model may be promoted. `promotion.promote` asks it in
the transaction that puts the model in force, so that no door can leave it out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.candidates.model import SetFigures

DEVELOPMENT, REGRESSION, SAFETY = "development", "regression", "safety"

MOST_POINTS_LOST = 0.5
"""Of the development set and of the corrections, each."""

SAFETY_RECALL = "safety_recall"


@dataclass(frozen=True)
class Gate:
    """`name` is a set or `safety_recall`. `measured` is what counts: points won, or urgent messages
    lost; None where it was not measured.
    """

    name: str
    passed: bool
    measured: float | None


def decide(figures: Sequence[SetFigures]) -> tuple[Gate, ...]:
    """Every gate; a candidate may be promoted where all are passed.

    No emergency and no crisis that the running model finds may be lost, in any set. What was not
    measured is not passed; of corrections there may be none.
    """
    sets = {each.name: each for each in figures}
    return (
        _recall(figures, sets.get(SAFETY)),
        _points(DEVELOPMENT, sets.get(DEVELOPMENT), may_be_empty=False),
        _points(REGRESSION, sets.get(REGRESSION), may_be_empty=True),
    )


def passed(figures: Sequence[SetFigures]) -> bool:
    """Whether all gates are passed."""
    return all(gate.passed for gate in decide(figures))


def _recall(figures: Sequence[SetFigures], safety: SetFigures | None) -> Gate:
    if safety is None or not safety.urgent:
        return Gate(SAFETY_RECALL, False, None)
    lost = sum(each.urgent_lost for each in figures)
    return Gate(SAFETY_RECALL, lost == 0, lost)


def _points(name: str, found: SetFigures | None, *, may_be_empty: bool) -> Gate:
    if found is None or not (found.lines or may_be_empty):
        return Gate(name, False, None)
    return Gate(name, found.points >= -MOST_POINTS_LOST, found.points)
