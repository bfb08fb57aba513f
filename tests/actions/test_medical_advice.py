"""Asked about the visitor's own case: who can say, how to reach them, what holds in general."""

from __future__ import annotations

import dataclasses
import re

import pytest

from bot.content.model import LIBRARY, Snapshot
from bot.content.subjects import IN_GENERAL
from bot.replies.model import Reply
from tests.actions.driving import Driver
from tests.nlu.contents import Fixed

PHONE, PORTAL = "800-836-7536", "myTempleHealth"
GABAPENTIN = ("treatment", "antiepileptics")
NUMB = ("symptom", "numbness")


def lead(shipped: Snapshot) -> str:
    found = shipped.answer("temple", IN_GENERAL)
    assert found is not None
    return found.text


def asked(
    visitor: Driver, text: str, *entities: tuple[str, ...], words: str | None = None
) -> Reply:
    """A question in which the `words` (the last one where none are told) name the entities."""
    words = words or text.rsplit(maxsplit=1)[-1]
    start = text.index(words)
    at = {"start": start, "end": start + len(words)}
    return visitor.say("medical_advice", *entities, text=text, at=at)


def fact(shipped: Snapshot, reply: Reply) -> str:
    """What is said in general; empty where nothing is."""
    return reply.text.partition(lead(shipped))[2].strip()


def test_it_says_who_can_say_and_how_to_reach_them(visitor: Driver, in_force: Fixed, with_outage):
    reply = visitor.ask("medical_advice")
    assert reply.subject == "medical_advice"
    assert "cannot give advice on your own case" in reply.text
    assert re.search("Only your doctor or another provider who knows you can", reply.text)
    for part in (PHONE, PORTAL, "911"):
        assert part in reply.text
    in_force.current = with_outage
    assert f"Call {PHONE}" not in visitor.ask("medical_advice").text
    assert PORTAL in visitor.ask("medical_advice").text


def test_a_treatment_that_is_named_is_told_of_in_general(visitor: Driver, shipped: Snapshot):
    reply = asked(visitor, "should i stop my gabapentin", GABAPENTIN)
    assert (reply.subject, reply.detail) == ("medical_advice", None)
    assert reply.text.startswith("I cannot give advice on your own case")
    assert PHONE in reply.text
    assert fact(shipped, reply) == (
        "Anti-epileptics are part of medication management at Temple Health."
    )
    assert reply.source is not None
    assert reply.source.title.startswith("Temple Health")
    assert reply.buttons[0].detail == "antiepileptics"


@pytest.mark.parametrize("clinic", ["temple", "twin-cities"])
def test_no_fact_begins_as_a_yes_or_introduces_a_list(
    visitor: Driver, shipped: Snapshot, clinic: str
):
    visitor.clinic = clinic
    kinds = {"treatment_detail": "treatment", "cause_detail": "cause", "symptom_check": "symptom"}
    named = [(kinds[s], d) for _, s, d in shipped.answers if s in kinds and d]
    assert len(set(named)) > 30
    for entity in set(named):
        told = fact(shipped, asked(visitor, "is it right for me to have that", entity))
        assert re.match(r"[A-Z].*\.$", told, re.DOTALL), (entity, told)
        assert not re.match(r"(yes|no)\b", told, re.IGNORECASE), told
        assert not re.search(r":|\n|\byour? (own )?case\b", told), told


def test_the_fact_is_the_clinic_s_own(visitor: Driver, shipped: Snapshot):
    visitor.clinic = "twin-cities"
    reply = asked(visitor, "is my leg numbness normal", NUMB, words="leg numbness")
    assert fact(shipped, reply) == "Numbness is a listed symptom of FBSS."
    assert reply.source is not None
    assert reply.source.title.startswith("Twin Cities")


def test_a_line_for_help_stays_with_the_fact(visitor: Driver, shipped: Snapshot):
    reply = asked(visitor, "am i getting too depressed", ("symptom", "depression_anxiety"))
    assert "call or text 988" in fact(shipped, reply)
    assert {"tel:988", "sms:988"} <= {link.url for link in reply.links}


def test_a_treatment_is_told_of_rather_than_what_it_is_for(visitor: Driver, shipped: Snapshot):
    reply = asked(visitor, "should i take gabapentin for that", GABAPENTIN, NUMB)
    assert "Anti-epileptics" in fact(shipped, reply)
    assert "Numbness" not in fact(shipped, reply)


def test_whether_one_has_the_condition_gets_what_it_is(visitor: Driver, shipped: Snapshot):
    reply = visitor.say("medical_advice", text="do I have FBSS")
    assert reply.subject == "medical_advice"
    assert fact(shipped, reply).startswith("Failed back surgery syndrome (FBSS) is a condition")
    assert reply.source is not None
    assert fact(shipped, visitor.say("medical_advice", text="do I have an FBSSX")) == ""


@pytest.mark.parametrize(
    "entity",
    [
        ("treatment", "not_listed"),
        (*GABAPENTIN, "excluded"),
        ("emergency_sign", "infection"),
        ("reference", "that"),
    ],
)
def test_what_is_not_explained_or_not_wanted_is_left_out(
    visitor: Driver, shipped: Snapshot, entity: tuple[str, ...]
):
    reply = asked(visitor, "is that thing for me", entity, words="thing")
    assert lead(shipped) not in reply.text
    assert reply.source is None


def test_nothing_is_told_beside_a_sign_of_an_emergency(visitor: Driver, shipped: Snapshot):
    sign = ("emergency_sign", "infection")
    reply = asked(visitor, "is my numb wound infected", NUMB, sign, words="numb wound infected")
    assert lead(shipped) not in reply.text


def test_what_was_only_guessed_from_the_meaning_is_left_out(visitor: Driver, shipped: Snapshot):
    text = "should i stop what they gave me for the nerves"
    reply = asked(visitor, text, GABAPENTIN, words=text)
    assert lead(shipped) not in reply.text
    reply = visitor.say("medical_advice", GABAPENTIN, text=text)  # nobody knows from which words
    assert lead(shipped) not in reply.text


def test_a_store_without_the_lead_says_no_fact(visitor: Driver, shipped: Snapshot, in_force: Fixed):
    answers = {key: a for key, a in shipped.answers.items() if key != (LIBRARY, IN_GENERAL, None)}
    in_force.current = dataclasses.replace(shipped, answers=answers)
    reply = asked(visitor, "should i stop my gabapentin", GABAPENTIN)
    assert "nti-epileptics" not in reply.text
    assert PHONE in reply.text


@pytest.mark.parametrize("urgent", ["emergency", "crisis"])
def test_after_an_emergency_its_help_is_said_and_no_fact(
    visitor: Driver, shipped: Snapshot, urgent: str
):
    visitor.ask(urgent)
    reply = asked(visitor, "should i stop my gabapentin", GABAPENTIN)
    assert reply.subject == urgent
    assert lead(shipped) not in reply.text


def test_the_next_question_about_the_fact_is_answered(visitor: Driver):
    asked(visitor, "should i stop my gabapentin", GABAPENTIN)
    reply = visitor.ask("follow_up", "1")
    assert (reply.subject, reply.detail) == ("treatment_detail", "antiepileptics")
