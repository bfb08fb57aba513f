"""What points at something said before: "the second one", "the other", "what about shots"."""

from __future__ import annotations

import pytest

from bot.content.subjects import FALLBACK
from tests.actions.driving import REFERENCE, Driver

CAUSES = ["incorrect_diagnosis", "poor_surgery_results", "surgical_injury", "scar_tissue"]


@pytest.mark.parametrize(
    ("reference", "detail"),
    [("1", CAUSES[0]), ("2", CAUSES[1]), ("3", CAUSES[2]), ("4", CAUSES[3]), ("last", CAUSES[3])],
)
def test_a_place_in_the_list_shown_is_explained(visitor: Driver, reference: str, detail: str):
    visitor.ask("causes")
    reply = visitor.ask("follow_up", reference)
    assert (reply.subject, reply.detail) == ("cause_detail", detail)


@pytest.mark.parametrize("reference", ["5", "10"])
def test_a_place_beyond_the_list_shows_the_list_again(visitor: Driver, reference: str):
    visitor.ask("causes")
    reply = visitor.ask("follow_up", reference)
    assert (reply.subject, reply.detail) == ("causes", None)


@pytest.mark.parametrize(
    ("listing", "reference", "expected"),
    [
        ("symptoms", "2", ("symptom_check", "chronic_pain")),
        ("treatments", "last", ("treatment_detail", "stimulation")),
        ("cause_detail", "4", ("cause_detail", "scar_tissue")),
    ],
)
def test_each_list_leads_to_its_own_details(
    visitor: Driver, listing: str, reference: str, expected: tuple[str, str]
):
    visitor.ask(listing)
    reply = visitor.ask("follow_up", reference)
    assert (reply.subject, reply.detail) == expected


def test_a_clinic_s_own_list_counts(visitor: Driver):
    visitor.clinic = "twin-cities"
    visitor.ask("symptoms")
    assert visitor.ask("follow_up", "last").detail == "radicular_pain"


def test_a_kind_in_the_list_of_a_treatment_is_explained(visitor: Driver):
    visitor.ask("treatment_detail", "injections")
    assert visitor.ask("follow_up", "2").detail == "nerve_block"


def test_the_list_is_still_there_after_one_of_its_items(visitor: Driver):
    visitor.ask("causes")
    visitor.ask("follow_up", "1")
    assert visitor.ask("follow_up", "2").detail == CAUSES[1]
    visitor.ask("thanks")
    assert visitor.ask("follow_up", "3").detail == CAUSES[2]


def test_the_other_one_is_what_was_named_beside_what_was_answered(visitor: Driver):
    visitor.ask("treatment_detail", "botox", "opioids")
    reply = visitor.ask("follow_up", "other")
    assert (reply.subject, reply.detail) == ("treatment_detail", "botox")
    assert visitor.ask("follow_up", "other").detail == "opioids", "and back"


def test_the_other_one_of_another_kind_is_answered_as_what_it_is(visitor: Driver):
    visitor.say("treatment_detail", ("cause", "scar_tissue"), ("treatment", "botox"))
    reply = visitor.ask("follow_up", "other")
    assert (reply.subject, reply.detail) == ("cause_detail", "scar_tissue")


def test_where_there_is_no_other_one_the_last_is_said_again(visitor: Driver):
    visitor.ask("treatment_detail", "botox")
    assert visitor.ask("follow_up", "other").detail == "botox"


@pytest.mark.parametrize("reference", [None, "1", "last", "other"])
def test_a_follow_up_to_nothing_is_admitted(visitor: Driver, reference: str | None):
    entities = [(REFERENCE, reference)] if reference else []
    assert visitor.say("follow_up", *entities).subject == FALLBACK


def test_a_named_thing_is_what_is_pointed_at(visitor: Driver):
    visitor.ask("causes")
    reply = visitor.say("follow_up", ("treatment", "injections"), (REFERENCE, "1"))
    assert (reply.subject, reply.detail) == ("treatment_detail", "injections")


def test_a_named_thing_that_nobody_lists_is_said_to_be_unlisted(visitor: Driver):
    visitor.ask("treatments")
    reply = visitor.say("follow_up", ("treatment", "leeches"))
    assert (reply.subject, reply.detail) == ("treatment_detail", None)
    assert "do not see that one" in reply.text


def test_a_sign_of_an_emergency_leads_to_the_warning_signs(visitor: Driver):
    visitor.ask("symptoms")
    assert visitor.say("follow_up", ("emergency_sign", "cauda_equina")).subject == "redflag_general"


@pytest.mark.parametrize(
    ("before", "reference", "detail"),
    [
        (["2"], "next", CAUSES[2]),
        (["2"], "previous", CAUSES[0]),
        (["2"], "other", CAUSES[2]),
        ([], "next", CAUSES[0]),
    ],
)
def test_one_goes_through_a_list_step_by_step(
    visitor: Driver, before: list[str], reference: str, detail: str
):
    visitor.ask("causes")
    for each in before:
        visitor.ask("follow_up", each)
    assert visitor.ask("follow_up", reference).detail == detail


def test_beyond_the_end_of_a_list_the_last_item_is_said_again(visitor: Driver):
    visitor.ask("causes")
    visitor.ask("follow_up", "last")
    assert visitor.ask("follow_up", "next").detail == CAUSES[3]


def test_an_ordinal_counts_the_buttons_where_no_list_was_shown(visitor: Driver):
    second = visitor.ask("definition").buttons[1]
    assert visitor.ask("follow_up", "2").subject == second.subject


def test_a_question_about_what_was_said_gets_the_same_facts_and_who_knows_more(visitor: Driver):
    first = visitor.ask("cause_detail", "scar_tissue")
    again = visitor.ask("follow_up")
    assert (again.subject, again.detail) == ("cause_detail", "scar_tissue")
    assert "presses on the nerve" in again.text
    assert again.text != first.text
    assert "800-836-7536" in again.text


def test_small_talk_in_the_middle_does_not_change_what_is_talked_about(visitor: Driver):
    visitor.ask("treatment_detail", "botox")
    visitor.ask("thanks")
    assert visitor.ask("follow_up").detail == "botox"


@pytest.mark.parametrize(
    ("subject", "earlier", "answered"),
    [
        ("symptom_check", ("symptom_check", "numbness"), "numbness"),
        ("treatment_detail", ("treatment_detail", "botox"), "botox"),
        ("symptom_check", ("cause_detail", "scar_tissue"), None),
    ],
)
def test_that_is_what_was_talked_about_if_it_is_of_that_kind(
    visitor: Driver, subject: str, earlier: tuple[str, str], answered: str | None
):
    visitor.ask(*earlier)
    reply = visitor.say(subject, (REFERENCE, "that"), text="is that one too")
    assert (reply.subject, reply.detail) == (subject, answered)


def test_that_in_a_long_message_stands_for_nothing_said_before(visitor: Driver):
    visitor.ask("treatment_detail", "botox")
    long = "my neighbour said that they give leeches to people so do you do leeches"
    assert visitor.say("treatment_detail", (REFERENCE, "that"), text=long).detail is None


def test_the_other_one_in_a_list_is_no_name_of_an_earlier_message(visitor: Driver):
    visitor.ask("treatment_detail", "injections")
    visitor.ask("follow_up", "2")
    assert visitor.ask("follow_up", "other").detail == "sympathetic_block"


def test_the_other_one_of_two_that_were_asked_one_after_the_other(visitor: Driver):
    visitor.ask("treatment_detail", "botox")
    visitor.ask("treatment_detail", "opioids")
    assert visitor.ask("follow_up", "other").detail == "botox"


@pytest.mark.parametrize("reference", ["1", "2", "last"])
def test_an_ordinal_counts_what_was_named_together(visitor: Driver, reference: str):
    visitor.ask("causes")
    visitor.ask("treatment_detail", "botox", "opioids")
    expected = "botox" if reference == "1" else "opioids"
    assert visitor.ask("correction", reference).detail == expected


def test_a_list_shown_since_is_what_an_ordinal_counts(visitor: Driver):
    visitor.ask("treatment_detail", "botox", "injections")
    visitor.ask("causes")
    visitor.ask("treatment_detail", "injections")
    assert visitor.ask("follow_up", "2").detail == "nerve_block"


@pytest.mark.parametrize("before", ["definition", "prevalence", "symptoms"])
def test_a_bare_why_asks_for_the_causes(visitor: Driver, before: str):
    visitor.ask(before)
    assert visitor.ask("follow_up", "why").subject == "causes"
    assert visitor.ask("follow_up", "why").subject == "causes"


def test_a_guess_at_what_a_short_that_names_is_no_name(visitor: Driver):
    text = "is that a symptom too"
    guess = {"start": 0, "end": len(text)}
    visitor.ask("prevalence")
    found = [("symptom", "depression_anxiety"), (REFERENCE, "that")]
    assert visitor.say("symptom_check", *found, text=text, at=guess).detail is None
    visitor.ask("symptom_check", "numbness")
    assert visitor.say("symptom_check", *found, text=text, at=guess).detail == "numbness"


def test_the_other_one_of_two_that_were_named_one_after_the_other_after_a_list(visitor: Driver):
    visitor.ask("symptoms")
    visitor.ask("symptom_check", "numbness")
    visitor.ask("symptom_check", "spasms")
    assert visitor.ask("follow_up", "other").detail == "numbness"


def test_after_what_there_is_no_more_to_the_likely_question_is_answered(visitor: Driver):
    first = visitor.ask("medical_advice")
    ranking = [("follow_up", 0.7), ("definition", 0.3)]
    assert visitor.say("follow_up", ranking=ranking).subject == "definition"
    visitor.ask("medical_advice")
    again = visitor.ask("follow_up")
    assert again.subject == "medical_advice"
    assert len(again.text) < len(first.text)


def test_a_place_in_the_list_of_what_is_named_again(visitor: Driver):
    visitor.ask("treatment_detail", "injections")
    reply = visitor.say("follow_up", ("treatment", "injections"), (REFERENCE, "2"))
    assert reply.detail == "nerve_block"


def test_the_middle_one_is_the_one_in_the_middle(visitor: Driver):
    visitor.ask("treatment_detail", "stimulation")
    assert visitor.ask("follow_up", "middle").detail == "peripheral_nerve_stimulation"
