"""What staff write is said by a running engine at once: no training, no restart, all replicas."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.commands.database import now
from bot.content import live as live_content
from bot.content.editing import NEW, write_answer
from bot.content.live import LiveContent
from bot.content.model import LIBRARY
from bot.content.records import ARCHIVED, AnswerRecord
from bot.content.store import ContentStore
from bot.nlu.answer_vectors import vector_store
from tests.engine.stage import POLL_SECONDS, Stage, wait_until

DOGS = AnswerRecord(
    LIBRARY,
    "faq",
    "dogs",
    "Trained service dogs are welcome in all rooms.",
    title="Dogs in the clinic",
    examples=("Are dogs allowed in the clinic?", "May my puppy come with me?"),
    source="temple",
)
ASKED = "are dogs allowed in your clinic"
WITHIN = 1.0
"""Seconds: one poll, reading what changed, and some room. The next message gets the new answer."""


@pytest.fixture
def running(make_real: Callable[..., Stage], stocked: str) -> Stage:
    """An engine whose content is kept up to date, as in a server."""
    stage = make_real(stocked)
    store = ContentStore(stage.database, now, vector_store(stage.database))
    live = LiveContent(store, POLL_SECONDS)
    live_content.use(live)
    live.start()
    stage.live = live
    return stage


async def said(stage: Stage, text: str) -> tuple[str | None, str | None, str]:
    (message,) = await stage.engine.answer(stage.begin(), text)
    return message.subject, message.detail, message.text


def known_within(stage: Stage, version: int) -> float:
    """Seconds until content newer than a version is in force."""
    return wait_until(lambda: stage.live.current.version > version)


@pytest.mark.asyncio
async def test_a_new_answer_is_said_within_a_second_and_an_archived_one_no_longer(
    running: Stage,
) -> None:
    vectors = vector_store(running.database)
    try:
        before = await said(running, ASKED)
        version = running.live.current.version
        write_answer(running.database, DOGS, now, vectors, by="kim", read_version=NEW)
        assert known_within(running, version) < WITHIN
        assert await said(running, ASKED) == ("faq", "dogs", DOGS.text)
        version = running.live.current.version
        gone = AnswerRecord(**{**vars(DOGS), "status": ARCHIVED})
        write_answer(running.database, gone, now, vectors, by="kim", read_version=1)
        assert known_within(running, version) < WITHIN
        assert before[0] != "faq"
        assert await said(running, ASKED) == before
    finally:
        running.live.stop()


@pytest.mark.asyncio
async def test_the_answer_of_one_clinic_is_not_said_at_another(
    make_real: Callable[..., Stage], stocked: str
) -> None:
    stage = make_real(stocked)
    own = AnswerRecord(**{**vars(DOGS), "clinic": "twin-cities"})
    write_answer(stage.database, own, now, vector_store(stage.database), by="kim", read_version=NEW)
    stage.live.refresh()
    assert (await said(stage, ASKED))[0] != "faq"  # conversations of the stage are at Temple
    processor = stage.processor
    parsed = processor.understand(ASKED, "twin-cities")  # type: ignore[union-attr]
    assert parsed["intent"]["name"] == "faq"
