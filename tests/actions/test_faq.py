"""What staff wrote is said for its question, with a button's way to it, and at its clinic only."""

from __future__ import annotations

import dataclasses

import pytest

from bot.content.model import LIBRARY, Answer, Snapshot
from bot.content.subjects import FALLBACK, FAQ
from tests.actions.driving import Driver
from tests.nlu.contents import Fixed

DOGS = Answer(
    9_001, 3, LIBRARY, FAQ, "dogs", "Dogs", "Trained service dogs are welcome at {clinic}.",
    examples=("Can my dog come?", "Are pets allowed?"), offers=("faq/cats", "phone"),
)  # fmt: skip
CATS = dataclasses.replace(
    DOGS, id=9_002, detail="cats", title="Cats", text="No cats.", clinic="twin-cities", offers=()
)


@pytest.fixture(autouse=True)
def written(in_force: Fixed, shipped: Snapshot) -> None:
    answers = {(a.clinic, a.subject, a.detail): a for a in (DOGS, CATS)}
    in_force.current = dataclasses.replace(shipped, answers={**shipped.answers, **answers})


def test_a_written_answer_is_said_for_its_key(visitor: Driver) -> None:
    reply = visitor.ask(FAQ, "dogs")
    assert reply.text == "Trained service dogs are welcome at Temple Health."
    assert (reply.subject, reply.detail) == (FAQ, "dogs")
    assert (reply.answer_id, reply.answer_version) == (9_001, 3)


def test_an_offer_of_a_written_answer_is_shown_where_the_clinic_has_it(visitor: Driver) -> None:
    assert [o.subject for o in visitor.ask(FAQ, "dogs").buttons] == ["phone"]
    visitor.clinic = "twin-cities"
    first, second = visitor.ask(FAQ, "dogs").buttons
    assert (first.title, first.subject, first.detail) == ("Cats", FAQ, "cats")
    assert second.subject == "phone"


@pytest.mark.parametrize("details", [("cats",), ("gone",), ()])
def test_an_answer_that_this_clinic_has_not_is_an_honest_miss(
    visitor: Driver, details: tuple[str, ...]
) -> None:
    assert visitor.ask(FAQ, *details).subject == FALLBACK
