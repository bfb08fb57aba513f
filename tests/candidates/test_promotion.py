"""Which models can be put in force, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NoReturn

import pytest
from sqlalchemy.engine import Engine

from bot.candidates.gates import DEVELOPMENT, REGRESSION, SAFETY
from bot.candidates.model import Refusal, SetFigures
from bot.candidates.promotion import Promotions
from bot.candidates.tables import models
from bot.corrections.model import Draft, State, Wanted
from bot.corrections.tables import corrections
from bot.errors import CarelineError, EditOvertaken, NotFound, PromotionRefused
from tests.candidates.stage import GOOD, Shelf, changed
from tests.chat.stage import Clock


def test_a_candidate_that_passes_is_put_in_force(
    shelf: Shelf, promotions: Promotions, clock: Clock, recorded: Callable[[], list[Any]]
):
    shelf.model(shipped=True)
    model = shelf.model()
    shelf.compare(model)
    promotion = promotions.promote(model.id, by="Ana")
    assert (promotion.number, promotion.model, promotion.by) == (1, model, "Ana")
    assert (promotion.at, promotion.figures) == (clock.now, GOOD)
    assert promotions.running() == model
    assert promotions.newest() == 1
    (entry,) = recorded()
    assert (entry.by, entry.action, entry.target) == ("Ana", "model.promoted", model.id)


@contextmanager
def refused(why: Refusal) -> Iterator[None]:
    with pytest.raises(PromotionRefused) as caught:
        yield
    assert caught.value.why is why


@pytest.mark.parametrize(
    "figures",
    [
        changed(SAFETY, urgent_lost=1),
        changed(REGRESSION, urgent_lost=1),
        changed(DEVELOPMENT, right_after=387),
        changed(REGRESSION, right_after=3),
        GOOD[:1],
    ],
)
def test_one_that_does_not_pass_cannot_be(
    shelf: Shelf, promotions: Promotions, figures: tuple[SetFigures, ...]
):
    shipped, model = shelf.model(shipped=True), shelf.model()
    shelf.compare(model, figures)
    with refused(Refusal.DOES_NOT_PASS):
        promotions.promote(model.id, by="Ana")
    assert promotions.running() == shipped
    assert promotions.all() == []


def test_the_last_comparison_counts(shelf: Shelf, promotions: Promotions):
    shelf.model(shipped=True)
    model = shelf.model()
    shelf.compare(model)
    shelf.compare(model, changed(SAFETY, urgent_lost=1))
    with refused(Refusal.DOES_NOT_PASS):
        promotions.promote(model.id, by="Ana")


def test_a_comparison_with_another_model_than_the_one_in_force_does_not_count(
    shelf: Shelf, promotions: Promotions
):
    shelf.model(shipped=True)
    late = shelf.model()
    shelf.compare(late)
    shelf.promoted()
    with refused(Refusal.NOT_COMPARED):
        promotions.promote(late.id, by="Ana")


def test_a_comparison_of_another_archive_does_not_count(
    shelf: Shelf, promotions: Promotions, engine: Engine
):
    shelf.model(shipped=True)
    model = shelf.model()
    shelf.compare(model)
    with engine.begin() as connection:
        connection.execute(models.update().where(models.c.id == model.id).values(sha256="e" * 64))
    with refused(Refusal.NOT_COMPARED):
        promotions.promote(model.id, by="Ana")


def test_what_is_not_there_or_not_usable_is_told(
    shelf: Shelf, promotions: Promotions, engine: Engine
):
    with pytest.raises(NotFound, match="no such model"):
        promotions.promote("nothing", by="Ana")
    lonely = shelf.model()
    with refused(Refusal.NOT_COMPARED):
        promotions.promote(lonely.id, by="Ana")
    with pytest.raises(NotFound, match="nothing to go back to"):
        promotions.roll_back(by="Ana")
    shelf.model(shipped=True)
    shelf.compare(lonely)
    with refused(Refusal.OTHER_DATA):
        promotions.promote(shelf.model(based_on="of last year").id, by="Ana")
    with engine.begin() as connection:
        connection.execute(models.update().where(models.c.id == lonely.id).values(kept=False))
    with refused(Refusal.ARCHIVE_GONE):
        promotions.promote(lonely.id, by="Ana")


EMERGENCY = Draft("my legs went numb", Wanted("emergency"), "temple", State.REGRESSION)


def test_a_correction_that_came_after_the_comparison_has_to_be_asked_first(
    shelf: Shelf, promotions: Promotions
):
    shipped, model = shelf.model(shipped=True), shelf.model()
    shelf.compare(model)
    shelf.corrections.add([replace(EMERGENCY, state=State.NEW)], by="Ana")
    assert promotions.judge([model])[0].refusal is None, "nobody has looked at it: it is not asked"
    (late,) = shelf.corrections.listed()
    shelf.corrections.decide(late.id, State.REGRESSION, by="Ana")
    with refused(Refusal.CORRECTIONS_CHANGED):
        promotions.promote(model.id, by="Ana")
    assert promotions.running() == shipped
    shelf.compare(model)
    assert promotions.promote(model.id, by="Ana").model == model


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "crisis"},
        {"clinic": None},
        {"text": "other words"},
        {"detail": "epidural"},
        {"state": "withdrawn"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_correction_that_changed_since_has_to_be_asked_again(
    shelf: Shelf, promotions: Promotions, engine: Engine, change: dict[str, Any]
):
    shelf.corrections.add([EMERGENCY], by="Ana")
    shelf.model(shipped=True)
    model = shelf.model()
    shelf.compare(model)
    with engine.begin() as connection:
        connection.execute(corrections.update().values(decided_by="Ben", state="training"))
    assert promotions.judge([model])[0].refusal is None, "asked it was, learnt or not"
    with engine.begin() as connection:
        connection.execute(corrections.update().values(change))
    with refused(Refusal.CORRECTIONS_CHANGED):
        promotions.promote(model.id, by="Ana")


def test_after_the_safety_rules_changed_it_has_to_be_compared_again(
    shelf: Shelf, promotions: Promotions, monkeypatch: pytest.MonkeyPatch
):
    shipped, model = shelf.model(shipped=True), shelf.model()
    shelf.compare(model)
    monkeypatch.setattr("bot.candidates.promotion.hash_of_files", lambda: "of other files")
    with refused(Refusal.FILES_CHANGED):
        promotions.promote(model.id, by="Ana")
    assert promotions.running() == shipped


def test_the_model_in_force_is_not_promoted_again(shelf: Shelf, promotions: Promotions):
    model = shelf.promoted()
    shelf.compare(model)
    with refused(Refusal.IN_FORCE):
        promotions.promote(model.id, by="Ana")


def test_a_roll_back_goes_to_the_one_before_and_the_next_one_farther(
    shelf: Shelf, promotions: Promotions, recorded: Callable[[], list[Any]]
):
    shipped = shelf.model(shipped=True)
    one, two = shelf.promoted(), shelf.promoted()
    assert promotions.before() == one
    back = promotions.roll_back(by="Ben")
    assert (back.number, back.model, back.rolled_back, back.by) == (3, one, 2, "Ben")
    three = shelf.promoted()
    assert promotions.running() == three
    ways = [promotions.roll_back(by="Ben").model for _ in range(2)]
    assert ways == [one, shipped]
    assert promotions.running() == shipped
    assert promotions.before() is None
    with pytest.raises(NotFound, match="nothing to go back to"):
        promotions.roll_back(by="Ben")
    assert [each.rolled_back for each in promotions.all()] == [1, 4, None, 2, None, None]
    assert [entry.action for entry in recorded()].count("model.rolled_back") == 3
    assert two.kept


def test_a_roll_back_of_what_somebody_else_replaced_meanwhile_is_refused(
    shelf: Shelf, promotions: Promotions
):
    shelf.promoted()
    seen = promotions.newest()
    two = shelf.promoted()
    with pytest.raises(EditOvertaken, match="look again"):
        promotions.roll_back(by="Ben", of=seen)
    assert promotions.running() == two


def test_nothing_is_in_force_that_was_not_recorded(
    shelf: Shelf, promotions: Promotions, monkeypatch: pytest.MonkeyPatch
):
    shipped, model = shelf.model(shipped=True), shelf.model()
    shelf.compare(model)

    def fail(*_: object) -> NoReturn:
        raise OSError("the record cannot be written")

    monkeypatch.setattr("bot.candidates.promotion.record", fail)
    with pytest.raises(OSError, match="record"):
        promotions.promote(model.id, by="Ana")
    assert promotions.running() == shipped


def test_after_an_update_of_the_shipped_data_the_model_that_ships_is_in_force(
    shelf: Shelf, engine: Engine, clock: Clock
):
    shelf.promoted()
    updated = Promotions(engine, clock, "new data 1.1")
    assert updated.running() is None
    shipped = shelf.model(shipped=True, based_on="new data 1.1")
    assert updated.running() == shipped
    with pytest.raises(NotFound, match="nothing to go back to"):
        updated.roll_back(by="Ana")


def test_of_two_people_who_promote_at_the_same_moment_one_does(
    shelf: Shelf, engine: Engine, clock: Clock, promotions: Promotions
):
    shelf.model(shipped=True)
    candidates = [shelf.model() for _ in range(4)]
    for model in candidates:
        shelf.compare(model)

    def promote(model_id: str) -> str:
        try:
            Promotions(engine, clock, promotions.based_on).promote(model_id, by="Ana")
        except CarelineError as error:
            return type(error).__name__
        return "promoted"

    with ThreadPoolExecutor(4) as people:
        found = list(people.map(promote, [model.id for model in candidates]))
    assert found.count("promoted") == 1
    assert set(found) - {"promoted"} <= {"EditOvertaken", "PromotionRefused"}, "before or after it"
    assert promotions.newest() == 1


def test_what_became_of_it_in_each_server_is_kept_for_a_while(
    shelf: Shelf, promotions: Promotions, clock: Clock
):
    shelf.promoted()
    promotions.took_over("one", 1, "failed", "SetupError")
    promotions.took_over("one", 1, "loaded")
    promotions.took_over("two", 1, "outdated")
    assert [(t.replica, t.state, t.reason) for t in promotions.takeovers(1)] == [
        ("one", "loaded", None),
        ("two", "outdated", None),
    ]
    clock.move(days=31)
    promotions.took_over("three", 1, "loaded")
    assert [t.replica for t in promotions.takeovers(1)] == ["three"]
