"""Whole turns in which personal details were masked: told once, last, and stored."""

from __future__ import annotations

import pytest

from bot.content.subjects import MASKED
from bot.conversations.model import Button, Conversation
from tests.engine.stage import Stage

SAID = "For your privacy, I took out"


@pytest.fixture
def conversation(real: Stage) -> Conversation:
    return real.begin()


async def test_the_processor_is_told_whether_something_was_masked(fake: Stage):
    conversation = fake.begin()
    await fake.engine.answer(conversation, "I am [name]", masked=True)
    await fake.engine.answer(conversation, "I am [name]")
    await fake.engine.choose(conversation, Button("b", "I am [name]", "causes"))
    assert fake.processor.masked == [True, False, False]


async def test_it_is_told_after_the_reply_and_stored_with_the_turn(
    real: Stage, conversation: Conversation
):
    text = "I am [name]. What is failed back surgery syndrome?"
    *replies, notice = await real.engine.answer(conversation, text, masked=True)
    assert "definition" in [reply.subject for reply in replies]
    assert (notice.subject, notice.text[: len(SAID)]) == ("privacy", SAID)
    assert real.log.messages(conversation.id)[-1] == notice
    again = await real.engine.answer(conversation, text, masked=True)
    assert not any(reply.text.startswith(SAID) for reply in again)
    state = real.log.state(conversation.id)
    assert state is not None
    assert state.slots[MASKED] == "told"


async def test_two_questions_are_answered_before_it(real: Stage, conversation: Conversation):
    text = "What are the symptoms? How do I make an appointment?"
    said = await real.engine.answer(conversation, text, masked=True)
    assert [reply.subject for reply in said] == ["symptoms", "appointment", "privacy"]


async def test_a_placeholder_that_was_typed_is_not_taken_for_a_masked_detail(
    real: Stage, conversation: Conversation
):
    said = await real.engine.answer(conversation, "[name] asks what are the symptoms?")
    assert not any(reply.text.startswith(SAID) for reply in said)


async def test_an_emergency_stands_alone(real: Stage, conversation: Conversation):
    text = "I am [name] and I lost control of my bladder"
    [reply] = await real.engine.answer(conversation, text, masked=True)
    assert reply.subject == "emergency"
