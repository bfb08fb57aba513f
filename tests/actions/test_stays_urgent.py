"""After an emergency or a crisis its help is said again until the visitor moves on."""

from __future__ import annotations

import pytest

from bot.content.subjects import CONTACT, STAYS_URGENT
from tests.actions.driving import Driver
from tests.nlu.contents import Fixed

HELP = {"emergency": "Call 911 now", "crisis": "Please call or text 988 now"}


@pytest.mark.parametrize("urgent", HELP)
@pytest.mark.parametrize("answer", sorted(STAYS_URGENT))
def test_no_thanks_or_doubt_ends_it(visitor: Driver, urgent: str, answer: str):
    first = visitor.ask(urgent)
    for _ in range(2):
        reply = visitor.say(answer)
        assert reply.subject == urgent
        assert reply.text.startswith(HELP[urgent])
        assert [link.url for link in reply.links] == [link.url for link in first.links]
        assert reply.source is not None


@pytest.mark.parametrize("urgent", HELP)
@pytest.mark.parametrize("subject", ["treatments", "causes", "greet"])
def test_a_question_of_its_own_moves_on(visitor: Driver, urgent: str, subject: str):
    visitor.ask(urgent)
    assert visitor.ask(subject).subject == subject
    assert visitor.ask("thanks").subject == "thanks"


@pytest.mark.parametrize("urgent", HELP)
@pytest.mark.parametrize("subject", sorted(CONTACT))
def test_the_way_to_the_clinic_comes_after_its_help(visitor: Driver, urgent: str, subject: str):
    first = visitor.ask(urgent)
    for _ in range(2):
        reply = visitor.ask(subject)
        assert reply.subject == subject
        assert reply.text.startswith(HELP[urgent])
        assert set(first.links) <= set(reply.links)
    assert visitor.ask("thanks").subject == urgent
    visitor.ask("causes")
    assert not visitor.ask(subject).text.startswith(HELP[urgent])


def test_waiting_gets_a_clear_no(visitor: Driver):
    visitor.ask("emergency", "cauda_equina")
    reply = visitor.say("follow_up")
    assert "please do not wait" in reply.text.partition(".")[0]
    assert reply.detail == "cauda_equina"


def test_it_is_said_first_even_when_the_phones_are_out(
    visitor: Driver, in_force: Fixed, with_outage
):
    in_force.current = with_outage
    visitor.ask("emergency")
    assert visitor.ask("thanks").text.startswith("Call 911 now")
