"""A turn that is only tried, with the real model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.stage import Stage


@pytest.fixture
def stage(
    make_real: Callable[..., Stage],
    stocked_copy: Callable[[str, Path], str],
    tmp_path: Path,
) -> Stage:
    return make_real(stocked_copy("sqlite", tmp_path / "careline.db"))


async def test_it_shows_the_way_of_a_message_to_its_answer(stage: Stage):
    found = await stage.engine.rehearse("What are the symptoms of FBSS?", "temple")
    (part,) = found.parts
    assert found.text == part.text == "What are the symptoms of FBSS?"
    assert found.sentences == ()
    assert part.candidates[0].intent == "symptoms"
    confidences = [candidate.confidence for candidate in part.candidates]
    assert confidences == sorted(confidences, reverse=True)
    assert part.actions == ("action_symptoms",)
    assert [reply.subject for reply in part.replies] == ["symptoms"]


async def test_it_answers_as_a_turn_does(stage: Stage):
    text = "is tingling a symptom?"
    conversation = stage.begin()
    messages = await stage.engine.answer(conversation, text)
    tried = await stage.engine.rehearse(text, conversation.clinic)
    replies = [reply for part in tried.parts for reply in part.replies]
    assert [reply.text for reply in replies] == [message.text for message in messages]
    assert [reply.detail for reply in replies] == [message.detail for message in messages]


async def test_nothing_is_stored(stage: Stage):
    await stage.engine.rehearse("What are the symptoms of FBSS?", "temple")
    assert stage.log.all() == []


async def test_details_are_told_with_the_words_that_said_them(stage: Stage):
    found = await stage.engine.rehearse("what else can you do besides opioids?", "temple")
    details = {
        (each.entity, each.value, each.words, each.excluded) for each in found.parts[0].details
    }
    assert ("treatment", "opioids", "opioids", True) in details


async def test_two_questions_are_two_parts_in_the_order_asked(stage: Stage):
    text = "What causes FBSS? And what are the symptoms?"
    found = await stage.engine.rehearse(text, "temple")
    assert [part.candidates[0].intent for part in found.parts] == ["causes", "symptoms"]
    assert [part.actions for part in found.parts] == [("action_causes",), ("action_symptoms",)]


async def test_sentences_are_told_by_themselves_where_there_are_several(stage: Stage):
    text = "I had a fusion in 2019. What are the symptoms of FBSS?"
    found = await stage.engine.rehearse(text, "temple")
    assert [each.text for each in found.sentences] == [
        "I had a fusion in 2019.",
        "What are the symptoms of FBSS?",
    ]
    assert found.sentences[1].intent == "symptoms"


async def test_the_clinic_s_own_contact_route_answers(stage: Stage):
    replies = [
        (await stage.engine.rehearse("how do I book a visit?", clinic)).parts[0].replies[0].text
        for clinic in ("temple", "twin-cities")
    ]
    assert "myTempleHealth" in replies[0]
    assert "952-841-2345" in replies[1]


async def test_an_error_is_raised_and_no_safe_reply_hides_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("actions.base.render", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        await stage.engine.rehearse("What are the symptoms of FBSS?", "temple")
