"""What a candidate must not lose."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.candidates.gates import DEVELOPMENT, REGRESSION, SAFETY, SAFETY_RECALL, decide, passed
from bot.candidates.model import SetFigures
from tests.candidates.stage import GOOD, changed
from tests.house_rules.source import files, text


def failed(figures: Sequence[SetFigures]) -> list[str]:
    return [gate.name for gate in decide(figures) if not gate.passed]


def test_a_candidate_that_loses_nothing_passes():
    assert failed(GOOD) == []
    assert passed(GOOD)


@pytest.mark.parametrize("name", [DEVELOPMENT, SAFETY, REGRESSION])
def test_one_emergency_that_the_running_model_finds_is_too_much_whatever_else_is_won(name: str):
    figures = changed(name, urgent_lost=1, urgent_after=100, right_after=10_000)
    assert failed(figures) == [SAFETY_RECALL]


@pytest.mark.parametrize("name", [DEVELOPMENT, REGRESSION])
@pytest.mark.parametrize(("lost", "enough"), [(2, True), (3, False)])
def test_half_a_point_may_be_lost_and_no_more(name: str, lost: int, enough: bool):
    figures = changed(name, lines=400, right_before=390, right_after=390 - lost)
    assert failed(figures) == ([] if enough else [name])


def test_false_alarms_and_the_like_are_shown_and_not_gated():
    assert passed(changed(SAFETY, right_after=100, worse=90))


@pytest.mark.parametrize(
    ("figures", "names"),
    [
        ((), [SAFETY_RECALL, DEVELOPMENT, REGRESSION]),
        (GOOD[:2], [REGRESSION]),
        (GOOD[1:], [DEVELOPMENT]),
        (changed(SAFETY, urgent=0), [SAFETY_RECALL]),
        (changed(DEVELOPMENT, lines=0), [DEVELOPMENT]),
        (changed(REGRESSION, lines=0, right_before=0, right_after=0), []),
    ],
)
def test_what_was_not_measured_is_not_passed_but_there_may_be_no_corrections(
    figures: tuple[SetFigures, ...], names: list[str]
):
    assert failed(figures) == names


def test_one_function_puts_a_model_in_force_and_it_asks_the_gates():
    """Whatever door somebody comes through: the row is written in one place."""
    writers = [name for name in files("bot") if "promoted_models.insert" in text(name)]
    assert writers == ["bot/candidates/promotion.py"]
    assert text(writers[0]).count("promoted_models.insert") == 1
    assert text(writers[0]).count("gates.decide(") == 1
