"""Yes and no to what the bot offered."""

from __future__ import annotations

import dataclasses

import pytest

from bot.content.model import LIBRARY
from bot.content.subjects import FALLBACK
from tests.actions.driving import REFERENCE, Driver
from tests.nlu.contents import Fixed


def test_yes_takes_the_first_offer(visitor: Driver):
    offered = visitor.ask("definition").buttons[0]
    reply = visitor.ask("affirm")
    assert (reply.subject, reply.detail) == (offered.subject, offered.detail)


def test_yes_takes_an_offered_detail(visitor: Driver):
    offered = visitor.ask("causes").buttons[0]
    assert offered.detail
    reply = visitor.ask("affirm")
    assert (reply.subject, reply.detail) == (offered.subject, offered.detail)


def test_yes_takes_the_first_offer_that_was_shown(visitor: Driver, in_force: Fixed):
    """Staff archived the answer that the first offer leads to, so it has no button."""
    answers = {
        key: answer for key, answer in in_force.current.answers.items() if key[1] != "causes"
    }
    assert in_force.current.answers[(LIBRARY, "definition", None)].offers[0] == "causes"
    in_force.current = dataclasses.replace(in_force.current, answers=answers)
    offered = visitor.ask("definition").buttons[0]
    assert offered.subject == "symptoms"
    assert visitor.ask("affirm").subject == "symptoms"


def test_yes_to_nothing_is_admitted(visitor: Driver):
    assert visitor.ask("affirm").subject == FALLBACK
    visitor.ask("goodbye")
    assert not visitor.ask("goodbye").buttons
    assert visitor.ask("affirm").subject == FALLBACK


def test_no_to_an_offer_is_taken_and_a_second_one_is_a_goodbye(visitor: Driver):
    visitor.ask("definition")
    reply = visitor.ask("deny")
    assert reply.subject == "thanks"
    assert "welcome to ask me anything else" in reply.text
    assert visitor.ask("deny").subject == "goodbye"


@pytest.mark.parametrize("before", ["thanks", "help"])
def test_no_to_anything_else_is_a_goodbye(visitor: Driver, before: str):
    visitor.ask(before)
    assert visitor.ask("deny").subject == "goodbye"


def test_yes_to_anything_else_tells_what_there_is(visitor: Driver):
    visitor.ask("thanks")
    assert visitor.ask("affirm").subject == "help"


@pytest.mark.parametrize("act", ["affirm", "deny"])
def test_what_is_named_beside_a_yes_or_no_is_answered(visitor: Driver, act: str):
    visitor.ask("treatments")
    assert visitor.say(act, ("treatment", "botox")).detail == "botox"
    assert visitor.say(act, (REFERENCE, "last")).detail == "stimulation"


def test_yes_after_a_question_back_takes_the_first_guess(visitor: Driver):
    visitor.say("fallback", ranking=[("nlu_fallback", 0.6), ("causes", 0.3), ("symptoms", 0.25)])
    assert visitor.ask("affirm").subject == "causes"
