"""What happens to the chat is told; a wish to have it deleted is asked back first."""

from __future__ import annotations

import pytest

from tests.actions.driving import Driver

TYPED = [("privacy", 0.9), ("help", 0.1)]


def test_a_question_gets_the_facts_and_a_way_to_delete(visitor: Driver):
    reply = visitor.say("privacy", ranking=TYPED)
    assert (reply.subject, reply.detail) == ("privacy", None)
    assert reply.buttons[0].title == "Delete this chat"


@pytest.mark.parametrize("named", ["forget", "forgotten", "kept"])
def test_a_typed_wish_is_asked_back_whatever_it_names(visitor: Driver, named: str):
    reply = visitor.say("privacy", ("wish", named), ranking=TYPED, text="please delete this " * 3)
    assert (reply.subject, reply.detail) == ("privacy", "forget")
    assert [button.title for button in reply.buttons] == ["Yes, delete it", "No, keep it"]


@pytest.mark.parametrize("chosen", ["forget", "forgotten", "kept"])
def test_a_button_is_taken_at_its_word(visitor: Driver, chosen: str):
    assert visitor.say("privacy", ("wish", chosen)).detail == chosen


@pytest.mark.parametrize(("answer", "detail"), [("affirm", "forgotten"), ("deny", None)])
def test_only_a_yes_to_the_question_says_that_it_is_deleted(
    visitor: Driver, answer: str, detail: str | None
):
    visitor.say("privacy", ("wish", "forget"))
    assert visitor.say(answer).detail == detail


def test_a_yes_after_the_facts_is_asked_back_as_well(visitor: Driver):
    visitor.say("privacy", ranking=TYPED)
    assert visitor.say("affirm").detail == "forget"


@pytest.mark.parametrize("act", ["more", "repeat", "shorter", "simpler", "follow_up", "kinds"])
def test_other_words_to_the_question_delete_nothing(visitor: Driver, act: str):
    visitor.say("privacy", ("wish", "forget"))
    assert visitor.say(act).detail != "forgotten"
