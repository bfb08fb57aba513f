"""Honest when unsure: asks back, admits a miss, gives the contact first after two."""

from __future__ import annotations

import pytest

from bot.content.subjects import FALLBACK
from tests.actions.driving import REFERENCE, Driver

PHONE = "800-836-7536"
MISS = ("nlu_fallback", 0.6)


def offered(reply) -> list[tuple[str, str | None]]:
    return [(button.subject, button.detail) for button in reply.buttons]


def test_two_close_subjects_are_offered_as_buttons(visitor: Driver):
    reply = visitor.say("fallback", ranking=[MISS, ("causes", 0.35), ("why_surgery", 0.3)])
    assert reply.subject == "did_you_mean"
    assert offered(reply) == [("causes", None), ("why_surgery", None)]


def test_a_named_detail_is_in_the_offer_and_else_the_list(visitor: Driver):
    ranking = [MISS, ("treatment_detail", 0.3), ("symptom_check", 0.3), ("symptoms", 0.2)]
    reply = visitor.say("fallback", ("treatment", "botox"), ranking=ranking)
    assert offered(reply) == [("treatment_detail", "botox"), ("symptoms", None)]


@pytest.mark.parametrize(
    "ranking",
    [
        [],
        [MISS, ("causes", 0.9)],
        [MISS, ("causes", 0.3), ("symptoms", 0.1)],
        [MISS, ("causes", 0.2), ("symptoms", 0.2)],
        [MISS, ("out_of_scope", 0.4), ("causes", 0.3)],
        [MISS, ("greet", 0.4), ("follow_up", 0.4)],
        [MISS, ("symptom_check", 0.4), ("symptoms", 0.4)],
    ],
    ids=["nothing", "one", "one likely", "unlikely", "other things", "small talk", "the same"],
)
def test_otherwise_a_miss_is_admitted_with_the_contact(
    visitor: Driver, ranking: list[tuple[str, float]]
):
    reply = visitor.say("fallback", ranking=ranking)
    assert reply.subject == FALLBACK
    assert PHONE in reply.text


def test_after_two_misses_the_contact_comes_first(visitor: Driver):
    first, second = visitor.say("fallback"), visitor.say("fallback")
    assert (first.subject, second.subject) == (FALLBACK, FALLBACK)
    assert second.text.index(PHONE) < first.text.index(PHONE)
    assert second.text.startswith("Please ask Temple Health")


def test_an_answer_between_two_misses_counts(visitor: Driver):
    first = visitor.say("fallback")
    visitor.ask("causes")
    assert visitor.say("fallback") == first


def test_no_to_the_question_back_is_a_second_miss(visitor: Driver):
    visitor.say("fallback", ranking=[MISS, ("causes", 0.3), ("symptoms", 0.3)])
    reply = visitor.ask("deny")
    assert reply.subject == FALLBACK
    assert reply.text.startswith("Please ask Temple Health")


def test_what_may_be_urgent_is_no_button_but_told_what_to_do(visitor: Driver):
    ranking = [MISS, ("emergency", 0.3), ("symptoms", 0.3), ("causes", 0.3)]
    reply = visitor.say("fallback", ranking=ranking)
    assert {subject for subject, _ in offered(reply)} == {"symptoms", "causes"}
    assert "911" in reply.text
    assert "911" in visitor.say("fallback", ranking=[MISS, ("crisis", 0.2)]).text


def test_a_correction_offers_what_else_the_question_may_have_meant(visitor: Driver):
    visitor.say("symptoms", ranking=[("symptoms", 0.6), ("causes", 0.2), ("thanks", 0.1)])
    reply = visitor.ask("correction")
    assert reply.subject == "feedback_negative"
    assert offered(reply) == [("causes", None)]
    assert visitor.ask("affirm").subject == "causes"


def test_a_correction_of_what_was_clear_offers_help(visitor: Driver):
    visitor.say("symptoms", ranking=[("symptoms", 0.99), ("causes", 0.01)])
    assert ("help", None) in offered(visitor.ask("correction"))


def test_a_correction_that_names_something_gets_that(visitor: Driver):
    visitor.ask("treatment_detail", "opioids", "botox")
    assert visitor.say("correction", (REFERENCE, "other")).detail == "opioids"
    reply = visitor.say("correction", ("treatment", "opioids", "excluded"), ("treatment", "nsaids"))
    assert reply.detail == "nsaids"


def test_the_other_guess_is_the_other_one(visitor: Driver):
    visitor.say("fallback", ranking=[MISS, ("causes", 0.3), ("symptoms", 0.3)])
    visitor.ask("affirm")
    assert visitor.say("correction", (REFERENCE, "other")).subject == "symptoms"


@pytest.mark.parametrize("act", ["correction", "feedback_negative", "deny", "affirm"])
def test_what_is_asked_beside_a_yes_a_no_or_a_complaint_is_answered(visitor: Driver, act: str):
    visitor.ask("symptoms")
    assert visitor.say(act, ranking=[(act, 0.6), ("causes", 0.3)]).subject == "causes"


def test_a_second_message_in_a_row_about_other_things_gets_the_contact_first(visitor: Driver):
    first, second = visitor.ask("out_of_scope"), visitor.ask("out_of_scope")
    assert (first.subject, second.subject) == ("out_of_scope", "out_of_scope")
    assert second.text.startswith("Please ask Temple Health")
    assert visitor.say("fallback").text == second.text
    visitor.ask("causes")
    assert visitor.ask("out_of_scope") == first
