"""The same again: simpler, shorter, more, which kinds, once more, back to what was before."""

from __future__ import annotations

import dataclasses

import pytest

from bot.content.model import LIBRARY, Answer, Snapshot
from bot.content.subjects import DIALOGUE_ACTS, FALLBACK, FAQ
from tests.actions.driving import REFERENCE, Driver
from tests.nlu.contents import Fixed

PHONE = "800-836-7536"


def simple_words(shipped: Snapshot, subject: str, detail: str | None = None) -> str:
    answer = shipped.answer("temple", subject, detail)
    assert answer is not None
    assert answer.simpler
    return answer.simpler


@pytest.mark.parametrize("act", sorted(DIALOGUE_ACTS - {"deny", "correction"}))
def test_an_act_that_points_at_nothing_is_admitted(visitor: Driver, act: str):
    assert visitor.ask(act).subject == FALLBACK


def test_simpler_says_the_simpler_words_then_who_can_explain(visitor: Driver, shipped: Snapshot):
    visitor.ask("definition")
    simple = visitor.ask("simpler")
    assert simple.subject == "definition"
    assert simple.text == simple_words(shipped, "definition")
    again = visitor.ask("simpler")
    assert again.text.startswith(simple.text)
    assert PHONE in again.text


def test_simpler_keeps_the_list(visitor: Driver):
    assert "- Scar tissue" in visitor.ask("causes").text
    assert "- Scar tissue" in visitor.ask("simpler").text


def test_simpler_of_one_item_of_a_list(visitor: Driver, shipped: Snapshot):
    visitor.ask("causes")
    reply = visitor.ask("simpler", "4")
    assert (reply.subject, reply.detail) == ("cause_detail", "scar_tissue")
    assert reply.text == simple_words(shipped, "cause_detail", "scar_tissue")


def test_what_has_no_simpler_words_is_said_with_who_can_explain(visitor: Driver):
    plain = visitor.ask("privacy")
    reply = visitor.ask("simpler")
    assert reply.subject == "privacy"
    assert reply.text.startswith(plain.text)
    assert PHONE in reply.text


def test_shorter_is_the_first_sentence(visitor: Driver):
    whole = visitor.ask("cause_detail", "scar_tissue").text
    short = visitor.ask("shorter")
    assert short.detail == "scar_tissue"
    assert whole.startswith(short.text)
    assert len(short.text) < len(whole)


def test_shorter_keeps_a_list_and_a_contact_route(visitor: Driver):
    visitor.ask("treatments")
    text = visitor.ask("shorter").text
    assert text.startswith("Temple Health offers:\n- ")
    visitor.ask("appointment")
    assert PHONE in visitor.ask("shorter").text


def test_signs_of_an_emergency_are_never_shortened(visitor: Driver):
    whole = visitor.ask("redflag_general").text
    assert visitor.ask("shorter").text == whole


def test_more_after_a_list_begins_with_its_first_item(visitor: Driver):
    visitor.ask("causes")
    reply = visitor.ask("more")
    assert (reply.subject, reply.detail) == ("cause_detail", "incorrect_diagnosis")


def test_more_where_there_is_no_more_says_so_in_other_words(visitor: Driver):
    first = visitor.ask("prevalence")
    more = visitor.ask("more")
    assert more.subject == "prevalence"
    assert more.text != first.text
    assert "minority" in more.text
    assert PHONE in more.text
    assert more.buttons == first.buttons


@pytest.mark.parametrize(
    ("before", "shown"),
    [
        (("treatment_detail", "injections"), ("treatment_detail", "injections")),
        (("treatment_detail", "botox"), ("treatment_detail", "injections")),
        (("treatment_detail", "medication"), ("treatment_detail", "medication")),
        (("cause_detail", "scar_tissue"), ("causes", None)),
        (("symptoms",), ("symptoms", None)),
    ],
)
def test_kinds_are_those_of_what_is_talked_about(
    visitor: Driver, before: tuple[str, ...], shown: tuple[str, str | None]
):
    visitor.ask(*before)
    reply = visitor.ask("kinds")
    assert (reply.subject, reply.detail) == shown
    assert "\n- " in reply.text


def test_repeat_says_it_word_for_word(visitor: Driver):
    said = visitor.ask("cause_detail", "scar_tissue")
    assert visitor.ask("repeat") == said
    asked_back = visitor.say("fallback", ranking=[("causes", 0.3), ("symptoms", 0.3)])
    assert visitor.ask("repeat") == asked_back


def test_back_goes_to_what_was_talked_about_before_and_to_and_fro(visitor: Driver):
    visitor.ask("treatment_detail", "injections")
    visitor.ask("prevalence")
    visitor.ask("thanks")
    assert visitor.ask("back").detail == "injections"
    assert visitor.ask("back").subject == "prevalence"
    assert visitor.say("back", ("treatment", "injections")).detail == "injections"


def test_the_same_question_twice_gets_other_words_then_who_can_tell_more(
    visitor: Driver, shipped: Snapshot
):
    first = visitor.ask("prevalence")
    second = visitor.ask("prevalence")
    third = visitor.ask("prevalence")
    assert {first.subject, second.subject, third.subject} == {"prevalence"}
    lead = shipped.answers[(LIBRARY, "other_words", None)].text
    assert second.text == f"{lead}\n{simple_words(shipped, 'prevalence')}"
    assert third.text.startswith(first.text)
    assert PHONE in third.text


@pytest.mark.parametrize(
    "subject", ["symptom_check", "treatment_detail", "appointment", "redflag_general", "greet"]
)
def test_what_may_be_another_question_is_answered_as_ever(visitor: Driver, subject: str):
    assert visitor.ask(subject) == visitor.ask(subject)


def test_an_ordinal_beats_the_act(visitor: Driver):
    visitor.ask("causes")
    for act in ("more", "repeat", "kinds", "shorter", "correction", "back"):
        assert visitor.say(act, (REFERENCE, "3")).detail == "surgical_injury", act


def test_shorter_of_what_helps_on_with_a_list_leaves_the_list_out(visitor: Driver):
    visitor.ask("symptom_check")
    text = visitor.ask("shorter").text
    assert text.startswith("I do not see that one on the list of FBSS symptoms.")
    assert PHONE in text
    assert "\n- " not in text


def test_which_kinds_just_after_the_list_shows_the_list_alone(visitor: Driver):
    whole = visitor.ask("treatment_detail", "injections").text
    again = visitor.ask("kinds").text
    assert "- Botox" in again
    assert len(again) < len(whole)


def test_a_written_answer_can_be_asked_for_again_in_other_ways(
    visitor: Driver, in_force: Fixed, shipped: Snapshot
):
    dogs = Answer(9_001, 1, LIBRARY, FAQ, "dogs", "Dogs", "Dogs are welcome. Keep them on a leash.")
    key = (LIBRARY, FAQ, "dogs")
    in_force.current = dataclasses.replace(shipped, answers={**shipped.answers, key: dogs})
    first = visitor.ask(FAQ, "dogs")
    assert visitor.ask("repeat") == first
    assert visitor.ask("shorter").text == "Dogs are welcome."
    for act in ("simpler", "more", "follow_up", "kinds"):
        reply = visitor.ask(act)
        assert (reply.subject, reply.detail) == (FAQ, "dogs")
        assert PHONE in reply.text
    visitor.ask("causes")
    assert visitor.ask("back").detail == "dogs"


@pytest.mark.parametrize("before", ["more_surgery", "medical_advice", "definition"])
def test_options_for_what_has_none_of_its_own_are_the_treatments(visitor: Driver, before: str):
    visitor.ask(before)
    assert visitor.ask("kinds").subject == "treatments"
