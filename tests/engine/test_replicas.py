"""Several replicas on one PostgreSQL and one Redis, each with stores and locks of its own."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis

from bot.engine import engine as engine_module
from tests.engine.stage import Stage

MakeStage = Callable[..., Stage]


@pytest.fixture
def shared(stocked_copy: Callable[[str, Path], str], tmp_path: Path) -> str:
    return stocked_copy("postgresql", tmp_path)


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(redis_url) as client:
        yield client


async def test_replicas_that_take_turns_reply_as_one_would(
    make_real: MakeStage, shared: str, redis_url: str
):
    one, other = (make_real(shared, redis_url=redis_url) for _ in range(2))
    alone, together = one.begin(), one.begin()
    script = [
        "What causes failed back surgery syndrome?",
        "tell me about the second one",
        "and the last one",
        "What are nerve blocks and botox?",
        "and the other one?",
        "What are the symptoms?",
        "yes",
    ]
    for number, text in enumerate(script):
        expected = await one.engine.answer(alone, text)
        replies = await (one, other)[number % 2].engine.answer(together, text)
        assert [(reply.text, reply.subject, reply.detail) for reply in replies] == [
            (reply.text, reply.subject, reply.detail) for reply in expected
        ]
    assert one.said(together) == one.said(alone)


async def test_of_messages_to_replicas_at_once_none_is_lost_and_none_is_begun_twice(
    make_fake: MakeStage, shared: str, redis_url: str
):
    replicas = [make_fake(shared, redis_url=redis_url) for _ in range(2)]
    conversation = replicas[0].begin()
    for replica in replicas:
        replica.processor.before_storing = lambda text: time.sleep(0.02)
    texts = [f"message {number}" for number in range(6)]
    replies = await asyncio.gather(
        *(replicas[n % 2].engine.answer(conversation, text) for n, text in enumerate(texts))
    )
    assert [reply.text for [reply] in replies] == [f"You said: {text}" for text in texts]
    said = replicas[0].said(conversation)
    assert sorted(said[::2]) == texts
    assert said[1::2] == [f"You said: {text}" for text in said[::2]]
    assert sorted(text for replica in replicas for text in replica.processor.heard) == texts
    for replica in replicas:
        own = [text for text in said[::2] if text in replica.processor.heard]
        assert own == sorted(own), "the messages to one replica are answered in order"


async def test_without_redis_the_store_keeps_the_turns_apart(make_fake: MakeStage, shared: str):
    replicas = [make_fake(shared) for _ in range(2)]
    conversation = replicas[0].begin()
    replies = await asyncio.gather(
        *(replica.engine.answer(conversation, f"of {n}") for n, replica in enumerate(replicas))
    )
    assert [reply.text for [reply] in replies] == ["You said: of 0", "You said: of 1"]
    said = replicas[0].said(conversation)
    assert sorted(said[::2]) == ["of 0", "of 1"]
    assert said[1::2] == [f"You said: {text}" for text in said[::2]]


async def test_visitors_are_answered_while_redis_is_away(
    make_fake: MakeStage, stocked: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    stage = make_fake(stocked, redis_url=f"unix://{tmp_path / 'nothing-listens-here'}")
    [reply] = await stage.engine.answer(stage.begin(), "hello")
    assert reply.text == "You said: hello"
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


async def test_visitors_are_answered_while_redis_hangs(make_fake: MakeStage, stocked: str):
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"redis://127.0.0.1:{deaf.getsockname()[1]}/0"
        stage = make_fake(stocked, redis_url=url)
        asked = stage.engine.answer(stage.begin(), "hello")
        [reply] = await asyncio.wait_for(asked, timeout=5 * engine_module.REDIS_SECONDS)
    assert reply.text == "You said: hello"


async def test_a_lock_that_ran_out_during_the_turn_does_not_spoil_the_reply(
    make_fake: MakeStage, stocked: str, redis_url: str, redis: Redis
):
    stage = make_fake(stocked, redis_url=redis_url)
    conversation = stage.begin()
    stage.processor.before_storing = lambda text: redis.flushall() and None
    [reply] = await stage.engine.answer(conversation, "hello")
    assert reply.text == "You said: hello"


async def test_the_lock_of_a_replica_that_died_runs_out(
    make_fake: MakeStage,
    stocked: str,
    redis_url: str,
    redis: Redis,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(engine_module, "LOCK_SECONDS", 0.3)
    stage = make_fake(stocked, redis_url=redis_url)
    conversation = stage.begin()
    redis.set(f"careline:turn:{conversation.id}", "of the dead", px=200)
    started = time.monotonic()
    [reply] = await stage.engine.answer(conversation, "hello")
    assert reply.text == "You said: hello"
    assert 0.15 < time.monotonic() - started < 2


async def test_no_lock_is_left_in_redis_and_nothing_that_was_said(
    make_fake: MakeStage, stocked: str, redis_url: str, redis: Redis
):
    stage = make_fake(stocked, redis_url=redis_url)
    conversation, keys = stage.begin(), []

    def look(text: str) -> None:
        keys.extend(redis.keys("*"))

    stage.processor.before_storing = look
    await stage.engine.answer(conversation, "zebra")
    assert keys == [f"careline:turn:{conversation.id}".encode()]
    assert redis.keys("*") == []
