"""What a candidate must not lose."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

import pytest

from bot.candidates.gates import (
    DEVELOPMENT,
    REGRESSION,
    SAFETY,
    SAFETY_RECALL,
    Gate,
    decide,
    passed,
)
from bot.candidates.model import SetFigures
from bot.errors import PromotionRefused
from tests.candidates.stage import GOOD, Shelf, changed
from tests.house_rules.source import MIGRATIONS, files, functions, text

WRITES = r"promoted_models\.(insert|update|delete)|(insert|update|delete)\(promoted_models"


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


def test_what_the_gates_refuse_is_not_put_in_force_however_good_its_figures_are(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
):
    shelf.model(shipped=True)
    model = shelf.model()
    shelf.compare(model, GOOD)
    asked: list[Sequence[SetFigures]] = []

    def refuse(figures: Sequence[SetFigures]) -> tuple[Gate, ...]:
        asked.append(figures)
        return (Gate(SAFETY_RECALL, False, None),)

    monkeypatch.setattr("bot.candidates.gates.decide", refuse)
    with pytest.raises(PromotionRefused):
        shelf.promotions.promote(model.id, by="Ana")
    assert asked == [GOOD]
    assert shelf.promotions.all() == []


def test_the_row_of_a_promotion_is_written_in_one_place():
    """Whatever door somebody comes through: no other module changes the table, in whatever way."""
    known = {"history.py", "promotion.py", "tables.py"}
    names = [name for name in files("bot") if not name.startswith(MIGRATIONS)]
    about = {name for name in names if "promoted_models" in text(name)}
    assert about == {f"bot/candidates/{name}" for name in known}
    writers = {
        (name, function.name)
        for name in about
        for function in functions(name)
        if re.search(WRITES, ast.unparse(function))
    }
    assert writers == {("bot/candidates/promotion.py", "_write")}
    callers = {
        function.name
        for function in functions("bot/candidates/promotion.py")
        if "self._write(" in ast.unparse(function)
    }
    assert callers == {"promote", "roll_back"}
