"""Not that, what else: what a visitor excludes is neither answered nor listed nor offered."""

from __future__ import annotations

import pytest

from tests.actions.driving import Driver

NO_SHOTS = ("treatment", "injections", "excluded")
NO_OPIOIDS = ("treatment", "opioids", "excluded")


@pytest.mark.parametrize(
    "intent", ["treatments", "more", "deny", "kinds", "follow_up", "correction"]
)
def test_the_treatments_are_listed_without_it(visitor: Driver, intent: str):
    visitor.ask("definition")
    reply = visitor.say(intent, NO_SHOTS)
    assert (reply.subject, reply.detail) == ("treatments", None)
    assert "- Injection therapies" not in reply.text
    assert "- Stimulation therapies" in reply.text
    assert "injections" not in {button.detail for button in reply.buttons}


def test_beside_a_kind_the_other_kinds_are_listed_while_they_are_talked_about(visitor: Driver):
    visitor.ask("treatment_detail", "medication")
    reply = visitor.say("treatment_detail", NO_OPIOIDS)
    assert (reply.subject, reply.detail) == ("treatment_detail", "medication")
    assert "pioids" not in reply.text
    assert "- Topical ointments" in reply.text
    visitor.ask("causes")
    assert visitor.say("kinds", NO_OPIOIDS).subject == "treatments"


def test_a_kind_asked_for_beside_it_is_answered(visitor: Driver):
    reply = visitor.say("treatment_detail", ("treatment", "medication"), NO_OPIOIDS)
    assert reply.detail == "medication"
    assert "pioids" not in reply.text


@pytest.mark.parametrize(
    ("subject", "entity", "detail", "listing"),
    [
        ("symptom_check", "symptom", "numbness", "symptoms"),
        ("cause_detail", "cause", "scar_tissue", "causes"),
    ],
)
def test_symptoms_and_causes_too(
    visitor: Driver, subject: str, entity: str, detail: str, listing: str
):
    visitor.ask(listing)
    reply = visitor.say(subject, (entity, detail, "excluded"))
    assert (reply.subject, reply.detail) == (listing, None)
    assert detail not in visitor.slots["listed"]


@pytest.mark.parametrize("before", [None, "causes", "definition"])
def test_a_question_that_names_nothing_but_it_is_answered(visitor: Driver, before: str | None):
    """ "Why not injections?" """
    if before:
        visitor.ask(before)
    reply = visitor.say("treatment_detail", NO_SHOTS)
    assert (reply.subject, reply.detail) == ("treatment_detail", "injections")
    assert "- Botox" in reply.text


def test_after_the_list_of_treatments_it_is_left_out_of_that(visitor: Driver):
    visitor.ask("treatments")
    reply = visitor.say("treatment_detail", NO_SHOTS)
    assert reply.subject == "treatments"
    assert "njection" not in reply.text


def test_what_was_excluded_once_is_there_again_when_asked_for(visitor: Driver):
    visitor.say("treatments", NO_SHOTS)
    assert visitor.ask("treatment_detail", "injections").detail == "injections"


def test_what_there_is_besides_is_introduced_as_such(visitor: Driver):
    first = visitor.ask("treatments")
    reply = visitor.say("treatments", NO_SHOTS)
    assert reply.text.startswith("Here is what there is besides that.")
    assert not first.text.startswith("Here")


def test_of_the_medicines_talked_about_the_others_are_listed(visitor: Driver):
    visitor.ask("treatment_detail", "medication")
    reply = visitor.say("treatments", NO_OPIOIDS)
    assert (reply.subject, reply.detail) == ("treatment_detail", "medication")
    assert "pioid" not in reply.text
