"""Two things of one kind, asked about in one message."""

from __future__ import annotations

import pytest

from tests.actions.driving import Driver

BOTOX, OPIOIDS = ("treatment", "botox"), ("treatment", "opioids")


@pytest.mark.parametrize(
    "text",
    [
        "botox or opioids?",
        "do you have botox, opioids",
        "botox and the opioids",
        "botox/opioids",
        "botox? and do you have opioids",
    ],
)
def test_both_are_answered_in_the_order_asked(visitor: Driver, text: str):
    visitor.say("treatment_detail", BOTOX, OPIOIDS, text=text)
    assert [reply.detail for reply in visitor.heard] == ["botox", "opioids"]
    assert visitor.ask("follow_up", "1").detail == "botox"


@pytest.mark.parametrize(
    "text", ["i had botox and now they want opioids", "opioids", "botox opioids", "not told"]
)
def test_what_only_tells_how_it_came_up_is_not(visitor: Driver, text: str):
    visitor.say("treatment_detail", BOTOX, OPIOIDS, text=text)
    assert [reply.detail for reply in visitor.heard] == ["opioids"]


def test_a_kind_and_what_it_is_a_kind_of_are_one_thing(visitor: Driver):
    named = [("treatment", "injections"), ("treatment", "botox")]
    visitor.say("treatment_detail", *named, text="injections, botox")
    assert [reply.detail for reply in visitor.heard] == ["botox"]


def test_what_is_excluded_is_not_answered_beside_the_other(visitor: Driver):
    visitor.say("treatment_detail", BOTOX, (*OPIOIDS, "excluded"), text="botox, not opioids")
    assert [reply.detail for reply in visitor.heard] == ["botox"]


def test_two_signs_of_an_emergency_get_one_reply(visitor: Driver):
    named = [("emergency_sign", "cardiac"), ("emergency_sign", "breathing")]
    visitor.say("emergency", *named, text="cardiac and breathing")
    assert len(visitor.heard) == 1


def test_two_symptoms_are_told_apart(visitor: Driver):
    named = [("symptom", "numbness"), ("symptom", "tingling")]
    visitor.say("symptom_check", *named, text="are numbness and tingling symptoms")
    assert [reply.detail for reply in visitor.heard] == ["numbness", "tingling"]


def test_someone_to_talk_to_may_be_a_therapy_where_treatments_are_talked_about(visitor: Driver):
    named, ranking = ("treatment", "behavioral_health"), [("human", 0.7), ("treatment_detail", 0.2)]
    visitor.say("human", named, ranking=ranking)
    assert [reply.subject for reply in visitor.heard] == ["human"]
    visitor.ask("treatments")
    visitor.say("human", named, ranking=ranking)
    assert [r.subject for r in visitor.heard] == ["treatment_detail", "human"]
    visitor.ask("treatments")
    visitor.say("human", named, ranking=[("human", 0.99)])
    assert [reply.subject for reply in visitor.heard] == ["human"]


def test_what_may_ask_about_a_treatment_is_not_refused_while_they_are_talked_about(visitor: Driver):
    named, ranking = ("treatment", "botox"), [("out_of_scope", 0.5), ("treatment_detail", 0.3)]
    assert visitor.say("out_of_scope", named, ranking=ranking).subject == "out_of_scope"
    visitor.ask("treatments")
    assert visitor.say("out_of_scope", named, ranking=ranking).detail == "botox"
    visitor.ask("treatments")
    assert visitor.say("out_of_scope", named, ranking=ranking[:1]).subject == "out_of_scope"


def test_an_ordinal_then_counts_the_two_also_where_both_have_a_list(visitor: Driver):
    named = [("treatment", "injections"), ("treatment", "stimulation")]
    visitor.say("treatment_detail", *named, text="injections or stimulation")
    assert visitor.ask("follow_up", "1").detail == "injections"


def test_of_two_names_of_which_one_is_answered_its_list_is_what_an_ordinal_counts(visitor: Driver):
    named = [("treatment", "injections"), ("treatment", "stimulation")]
    visitor.say("treatment_detail", *named, text="not told")
    assert visitor.ask("follow_up", "2").detail == "peripheral_nerve_stimulation"
