"""What points at something said before: "the second one", "the other one", "tell me more", yes."""

from __future__ import annotations

import dataclasses

import pytest

from bot.content.model import LIBRARY
from bot.content.subjects import FALLBACK
from tests.actions.driving import REFERENCE, Driver
from tests.nlu.contents import Fixed

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


def test_more_after_a_list_begins_with_its_first_item(visitor: Driver):
    visitor.ask("causes")
    assert visitor.ask("follow_up").detail == CAUSES[0]


def test_more_after_a_detail_says_it_again(visitor: Driver):
    visitor.ask("cause_detail", "scar_tissue")
    reply = visitor.ask("follow_up")
    assert (reply.subject, reply.detail) == ("cause_detail", "scar_tissue")


def test_more_after_a_subject_without_a_list_says_it_again(visitor: Driver):
    visitor.ask("prevalence")
    assert visitor.ask("follow_up").subject == "prevalence"


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


def test_no_tells_what_else_there_is(visitor: Driver):
    visitor.ask("definition")
    assert visitor.ask("deny").subject == "help"
