"""Visitors are told once that personal details were masked, and where to share them safely."""

from __future__ import annotations

import dataclasses

import pytest

from bot.content.model import LIBRARY, Answer, Snapshot
from bot.content.subjects import CONTACT, MASKED
from bot.replies.model import Reply
from tests.actions.driving import Driver
from tests.nlu.contents import Fixed

URGENT = ["emergency", "crisis"]


def words(shipped: Snapshot) -> str:
    """How the notice begins."""
    found = shipped.answer("temple", MASKED)
    assert isinstance(found, Answer)
    return found.text.partition("{")[0].strip()


def notices(visitor: Driver, shipped: Snapshot) -> list[Reply]:
    return [reply for reply in visitor.heard if reply.text.startswith(words(shipped))]


def test_it_is_a_short_message_after_the_reply(visitor: Driver, shipped: Snapshot):
    visitor.say("causes", masked=True)
    reply, notice = visitor.heard
    assert reply.subject == "causes"
    assert [notice] == notices(visitor, shipped)
    assert (notice.subject, notice.detail, notice.buttons) == ("privacy", None, ())
    assert len(notice.text.split()) < 70


@pytest.mark.parametrize(
    ("clinic", "way"), [("temple", "myTempleHealth"), ("twin-cities", "952-841-2345")]
)
def test_it_names_the_way_that_is_in_force(
    visitor: Driver, in_force: Fixed, with_outage: Snapshot, clinic: str, way: str
):
    in_force.current = with_outage
    visitor.clinic = clinic
    notice = visitor.say("causes", masked=True)
    assert way in notice.text
    assert "Call 800" not in notice.text


def test_it_is_told_once_in_a_conversation(visitor: Driver, shipped: Snapshot):
    visitor.say("causes", masked=True)
    for intent in ("definition", "treatments", "appointment"):
        visitor.say(intent, masked=True)
        assert notices(visitor, shipped) == []


def test_it_is_told_of_a_later_message_too(visitor: Driver, shipped: Snapshot):
    visitor.say("causes")
    assert notices(visitor, shipped) == []
    visitor.say("definition", masked=True)
    assert len(notices(visitor, shipped)) == 1


def test_a_placeholder_that_a_visitor_typed_is_none(visitor: Driver, shipped: Snapshot):
    visitor.say("causes", text="I am [name], call [phone], what causes it")
    assert notices(visitor, shipped) == []


def test_it_leaves_what_is_talked_about_as_it_was(visitor: Driver):
    visitor.say("treatments", masked=True)
    assert visitor.slots["last_subject"] == "treatments"
    assert visitor.ask("follow_up", "2").detail == "injections"


@pytest.mark.parametrize("urgent", URGENT)
def test_in_an_emergency_it_waits_until_the_visitor_moves_on(
    visitor: Driver, shipped: Snapshot, urgent: str
):
    visitor.say(urgent, masked=True)
    assert len(visitor.heard) == 1
    for staying in ("thanks", "medical_advice", *sorted(CONTACT)):
        visitor.say(staying, masked=True)
        assert len(visitor.heard) == 1, staying
    visitor.say("causes")
    assert [reply.subject for reply in visitor.heard] == ["causes", "privacy"]
    visitor.say("definition", masked=True)
    assert notices(visitor, shipped) == []


@pytest.mark.parametrize("urgent", URGENT)
def test_what_was_told_before_an_emergency_is_not_told_after_it(visitor: Driver, urgent: str):
    visitor.say("causes", masked=True)
    for intent in (urgent, "thanks", "causes"):
        visitor.say(intent, masked=True)
        assert len(visitor.heard) == 1


def test_a_store_without_the_words_tells_nothing(
    visitor: Driver, shipped: Snapshot, in_force: Fixed
):
    answers = {key: a for key, a in shipped.answers.items() if key != (LIBRARY, MASKED, None)}
    in_force.current = dataclasses.replace(shipped, answers=answers)
    visitor.say("causes", masked=True)
    assert len(visitor.heard) == 1
