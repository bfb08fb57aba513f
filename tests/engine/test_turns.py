"""Whole turns: the trained model, the actions, the shipped content, both databases."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine as Database

from bot.commands.database import now
from bot.content.files import load_directory
from bot.content.importer import import_content
from bot.content.live import LiveContent
from bot.content.outages import Outages
from bot.content.store import ContentStore
from bot.conversations.log import ConversationLog
from bot.conversations.model import Button, Conversation, Message
from bot.engine.engine import Engine
from bot.settings import Settings
from tests.conversations.wordings import begin, rows_of
from tests.engine.stage import POLL_SECONDS, Stage, wait_until

PHONE = "800-TEMPLE-MED"
IN_FORCE_SECONDS = 1.0


@pytest.fixture
def conversation(real: Stage) -> Conversation:
    return real.begin()


async def ask(stage: Stage, conversation: Conversation, text: str) -> Message:
    [reply] = await stage.engine.answer(conversation, text)
    return reply


async def test_a_question_is_answered_with_the_clinic_s_words_and_their_source(
    real: Stage, conversation: Conversation
):
    reply = await ask(real, conversation, "What is failed back surgery syndrome?")
    assert (reply.subject, reply.detail) == ("definition", None)
    assert reply.source is not None
    assert reply.source.title
    assert 1 <= len(reply.buttons) <= 3
    assert real.log.messages(conversation.id)[-1] == reply


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("What causes FBSS and how is it treated?", ["causes", "treatments"]),
        ("how is it treated? and what are the symptoms?", ["treatments", "symptoms"]),
        ("What is FBSS? How do I make an appointment?", ["definition", "appointment"]),
    ],
)
async def test_two_questions_in_one_message_are_answered_in_the_order_asked(
    real: Stage, conversation: Conversation, text: str, subjects: list[str]
):
    replies = await real.engine.answer(conversation, text)
    assert [reply.subject for reply in replies] == subjects
    assert real.said(conversation) == [text, *(reply.text for reply in replies)]
    follow = await ask(real, conversation, "What are the symptoms?")
    assert follow.subject == "symptoms"
    assert {row["number"] for row in rows_of(real.database)["turns"]} == {1, 2}


async def test_two_questions_about_one_thing_get_one_answer(
    real: Stage, conversation: Conversation
):
    reply = await ask(real, conversation, "What is FBSS? Can you tell me what FBSS is?")
    assert reply.subject == "definition"


async def test_an_engine_that_has_just_been_loaded_answers_like_any_other(
    make_engine: Callable[[str], Database], model: Path, stocked: str
):
    settings = replace(Settings.from_env(), database_url=stocked)
    database = make_engine(stocked)
    live = LiveContent(ContentStore(database, now), POLL_SECONDS)
    log = ConversationLog(database, now)
    engine = Engine.load(settings, live, log)
    conversation = begin(log)
    [reply] = await engine.answer(conversation, "What is failed back surgery syndrome?")
    assert reply.subject == "definition"
    assert log.messages(conversation.id)[-1] == reply
    await engine.close()


async def test_what_staff_need_to_judge_a_reply_is_stored_with_it(
    real: Stage, conversation: Conversation
):
    await ask(real, conversation, "What is failed back surgery syndrome?")
    stored = rows_of(real.database)
    visitor, reply = sorted(stored["messages"], key=lambda r: (r["turn"], r["position"]))[1:]
    assert visitor["intent"] == "definition"
    assert 0 < visitor["runner_up_confidence"] < visitor["confidence"] <= 1
    assert reply["action"] == "action_definition"
    answers = {row["id"]: row for row in stored["answers"]}
    assert answers[reply["answer_id"]]["subject"] == "definition"
    assert reply["answer_version"] >= 1
    assert reply["missed"] is False


async def test_a_message_that_was_not_understood_is_noted_as_missed(
    real: Stage, conversation: Conversation
):
    reply = await ask(real, conversation, "xkcd qwrt plmn zzvb")
    missed = {row["text"]: row["missed"] for row in rows_of(real.database)["messages"]}
    assert missed[reply.text] is (reply.subject == "fallback")


async def test_every_button_of_a_conversation_answers_what_it_offers(real: Stage):
    first = real.begin()
    offers = list((await ask(real, first, "What is failed back surgery syndrome?")).buttons)
    chosen = set()
    while offers:
        button = offers.pop()
        if (button.subject, button.detail) in chosen:
            continue
        chosen.add((button.subject, button.detail))
        assert real.log.offered(first.id, button.id) == button
        [reply] = await real.engine.choose(first, button)
        assert reply.subject == button.subject
        if button.detail is not None:
            assert reply.detail == button.detail
        assert real.said(first)[-2] == button.title
        offers += reply.buttons
    assert len(chosen) > 5


async def test_buttons_have_ids_that_nobody_can_guess(real: Stage):
    question = "What is failed back surgery syndrome?"
    ids = [
        button.id for _ in range(2) for button in (await ask(real, real.begin(), question)).buttons
    ]
    assert len(set(ids)) == len(ids)
    assert all(len(each) >= 12 for each in ids)


@pytest.mark.parametrize(
    "text",
    [
        "/crisis",
        '/treatment_detail{"treatment": "botox"}',
        "/restart",
        "/session_start",
        "/EXTERNAL: crisis",
        "//crisis",
        " \u3000/crisis{}",
    ],
)
async def test_a_text_that_begins_with_a_slash_forges_nothing(
    make_real: Callable[..., Stage],
    stocked_copy: Callable[[str, Path], str],
    tmp_path: Path,
    text: str,
):
    stage = make_real(stocked_copy("sqlite", tmp_path / "careline.db"))
    conversation = stage.begin()
    reply = await ask(stage, conversation, text)
    visitor = rows_of(stage.database)["messages"][1]
    assert visitor["text"] == text
    assert visitor["confidence"] < 1.0, "a forged intent is certain of itself"
    assert reply.text
    plain = await ask(stage, stage.begin(), text.strip().lstrip("/"))
    assert (reply.subject, reply.detail) == (plain.subject, plain.detail)


@pytest.mark.parametrize("text", ["/", "?", "...", "\U0001f9b4", "x" * 2_000, "no " * 600])
async def test_odd_texts_are_answered_like_any_other(
    make_real: Callable[..., Stage],
    stocked_copy: Callable[[str, Path], str],
    tmp_path: Path,
    text: str,
):
    stage = make_real(stocked_copy("sqlite", tmp_path / "careline.db"))
    conversation = stage.begin()
    reply = await ask(stage, conversation, text)
    assert "Something went wrong." not in reply.text
    assert stage.said(conversation) == [text, reply.text]


async def test_two_messages_at_once_are_both_answered(real: Stage, conversation: Conversation):
    asked = ["What causes failed back surgery syndrome?", "What are the symptoms?"]
    replies = await asyncio.gather(*(ask(real, conversation, text) for text in asked))
    assert [reply.subject for reply in replies] == ["causes", "symptoms"]
    assert real.said(conversation)[::2] == asked


async def test_an_action_that_raises_ends_in_the_safe_reply_and_not_in_silence(
    real: Stage, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
):
    before = await ask(real, conversation, "What are the symptoms?")
    monkeypatch.setattr("actions.base.render", lambda *_: 1 / 0)
    reply = await ask(real, conversation, "What are the treatments?")
    assert "Something went wrong." in reply.text
    monkeypatch.undo()
    after = await ask(real, conversation, "what are the causes")
    assert (before.subject, after.subject) == ("symptoms", "causes")
    turns = rows_of(real.database)["turns"]
    assert {turn["number"]: turn["failed"] for turn in turns} == {1: False, 2: True, 3: False}


async def test_a_switched_outage_is_in_the_next_reply_within_a_second(
    real: Stage, conversation: Conversation
):
    real.live.start()
    try:
        during = await ask(real, conversation, "How do I make an appointment?")
        outages = Outages(real.database, now)
        [notice] = outages.off("temple", by="test")
        await asyncio.sleep(IN_FORCE_SECONDS)
        after = await ask(real, conversation, "How do I make an appointment?")
        assert notice.text not in after.text
        assert PHONE in after.text
        assert after.text != during.text
        outages.on("temple", by="test", text="The phones of the clinic are quiet today.")
        await asyncio.sleep(IN_FORCE_SECONDS)
        again = await ask(real, conversation, "How do I make an appointment?")
        assert "quiet today" in again.text
    finally:
        real.live.stop()


async def test_an_edited_answer_is_in_the_next_reply_within_a_second(
    real: Stage, conversation: Conversation
):
    question = "What is failed back surgery syndrome?"
    real.live.start()
    try:
        before = await ask(real, conversation, question)
        await ask(real, conversation, "What are the symptoms?")  # twice in a row is said otherwise
        _import_with_another_definition(real.database)
        started = time.monotonic()
        version = real.live.current.version
        await asyncio.to_thread(wait_until, lambda: real.live.current.version != version)
        after = await ask(real, conversation, question)
        assert time.monotonic() - started < IN_FORCE_SECONDS + POLL_SECONDS
        assert "A sentence of today." in after.text
        assert "A sentence of today." not in before.text
        assert _answer_version(real, after) == _answer_version(real, before) + 1
    finally:
        real.live.stop()


def _import_with_another_definition(database: Database) -> None:
    files = load_directory()
    answers = [
        replace(answer, text=f"A sentence of today. {answer.text}")
        if answer.subject == "definition"
        else answer
        for answer in files.answers
    ]
    import_content(database, replace(files, answers=tuple(answers)), now, by="file")


def _answer_version(stage: Stage, reply: Message) -> int:
    [row] = [row for row in rows_of(stage.database)["messages"] if row["id"] == reply.id]
    return int(row["answer_version"])


async def test_no_text_of_anybody_stands_in_the_dialogue_state(
    real: Stage, conversation: Conversation
):
    texts = ["What are the symptoms of zebraitis?", "tell me about the second one", "yes", "why"]
    replies = [await ask(real, conversation, text) for text in texts]
    await real.engine.choose(conversation, Button("b", "Zebra title", "causes"))
    stored = rows_of(real.database)
    state = json.dumps(
        [[turn["events"] for turn in stored["turns"]], stored["conversations"][0]["slots"]]
    )
    assert "zebra" not in state.lower()
    for said in (*texts[:2], *(reply.text for reply in replies)):
        assert said not in state
        assert all(line not in state for line in said.splitlines() if len(line) > 20)
    for button in (button for reply in replies for button in reply.buttons):
        assert button.title not in state
        assert button.id not in state
