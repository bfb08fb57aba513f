"""What the engine promises whatever the model does; so the processor is a fake here."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from bot.conversations.model import Button, Conversation
from bot.engine import engine as engine_module
from bot.errors import (
    ContentError,
    Gone,
    NotFound,
    StoreUnavailable,
    TurnOvertaken,
)
from tests.conversations.wordings import broken_at, rows_of, save
from tests.engine.stage import SAFE_TEXT, Stage, wait_until

PORTAL = "myTempleHealth"
EMERGENCY = "911"

MakeFake = Callable[..., Stage]


@pytest.fixture
def conversation(fake: Stage) -> Conversation:
    return fake.begin()


def is_safe_reply(text: str) -> bool:
    return "Something went wrong." in text and PORTAL in text and EMERGENCY in text


async def test_a_reply_is_the_stored_one(fake: Stage, conversation: Conversation):
    [reply] = await fake.engine.answer(conversation, "hello")
    assert reply.text == "You said: hello"
    assert fake.log.messages(conversation.id)[-1] == reply


async def test_a_button_that_was_chosen_is_a_turn_with_its_title(
    fake: Stage, conversation: Conversation
):
    await fake.engine.choose(conversation, Button("b", "Scar tissue", "cause_detail"))
    assert fake.said(conversation) == ["Scar tissue", "You said: Scar tissue"]


async def test_messages_at_once_are_all_answered_in_the_order_in_which_they_came(
    fake: Stage, conversation: Conversation
):
    busy = threading.Lock()

    def alone(text: str) -> None:
        assert busy.acquire(blocking=False), "two turns of one conversation at a time"
        time.sleep(0.01)
        busy.release()

    fake.processor.before_storing = alone
    texts = [f"message {number}" for number in range(6)]
    replies = await asyncio.gather(*(fake.engine.answer(conversation, text) for text in texts))
    assert [reply.text for [reply] in replies] == [f"You said: {text}" for text in texts]
    assert fake.said(conversation) == [
        said for text in texts for said in (text, f"You said: {text}")
    ]


async def test_conversations_do_not_wait_for_each_other(fake: Stage):
    together = threading.Barrier(2, timeout=5)
    fake.processor.before_storing = lambda text: together.wait() and None
    one, two = fake.begin(), fake.begin()
    replies = await asyncio.gather(fake.engine.answer(one, "1"), fake.engine.answer(two, "2"))
    assert [reply.text for [reply] in replies] == ["You said: 1", "You said: 2"]


async def test_the_lock_of_a_conversation_is_forgotten_after_its_turn(
    fake: Stage, conversation: Conversation
):
    await fake.engine.answer(conversation, "hello")
    assert not fake.engine._locks


async def test_a_turn_that_raises_ends_in_the_safe_reply_which_is_stored(
    fake: Stage, conversation: Conversation
):
    def fail(text: str) -> None:
        raise RuntimeError(text)

    fake.processor.before_storing = fail
    [reply] = await fake.engine.answer(conversation, "hello")
    assert is_safe_reply(reply.text)
    assert reply.subject == "fallback"
    assert fake.said(conversation) == ["hello", reply.text]


async def test_an_error_of_ours_in_the_middle_of_a_turn_ends_in_the_safe_reply_too(
    fake: Stage, conversation: Conversation
):
    def fail(text: str) -> None:
        raise ContentError("an answer names a source that there is not")

    fake.processor.before_storing = fail
    [reply] = await fake.engine.answer(conversation, "hello")
    assert is_safe_reply(reply.text)


async def test_a_conversation_goes_on_after_the_safe_reply_with_its_slots_kept(
    fake: Stage, conversation: Conversation
):
    save(fake.log, conversation, 1, "why")
    fake.processor.before_storing = lambda text: 1 / 0 and None
    await fake.engine.answer(conversation, "again")
    fake.processor.before_storing = lambda text: None
    [reply] = await fake.engine.answer(conversation, "and now")
    assert reply.text == "You said: and now"
    state = fake.log.state(conversation.id)
    assert state is not None
    assert state.turns == 3
    assert state.slots == {"clinic": "temple", "number": 1}


async def test_a_turn_that_takes_too_long_ends_in_the_safe_reply_and_is_not_stored_late(
    make_fake: MakeFake, stocked: str
):
    stage = make_fake(stocked, turn_seconds=0.2)
    conversation, go_on = stage.begin(), threading.Event()
    stage.processor.before_storing = lambda text: go_on.wait(10) and None
    [reply] = await stage.engine.answer(conversation, "slow")
    assert is_safe_reply(reply.text)
    before = stage.log.messages(conversation.id)
    assert [message.text for message in before[1:]] == ["slow", reply.text]
    assert 200 <= rows_of(stage.database)["turns"][0]["milliseconds"] < 10_000
    go_on.set()
    await asyncio.to_thread(wait_until, lambda: stage.processor.gave_up == ["slow"])
    assert stage.log.messages(conversation.id) == before
    stage.processor.before_storing = lambda text: None
    [reply] = await stage.engine.answer(conversation, "quick")
    assert reply.text == "You said: quick"


async def test_a_turn_whose_time_ends_while_it_is_stored_is_answered_once(
    make_fake: MakeFake, stocked: str, monkeypatch: pytest.MonkeyPatch
):
    """Then the reply is the stored one: the safe reply would contradict it."""
    stage = make_fake(stocked, turn_seconds=0.2)
    conversation, save_turn = stage.begin(), stage.log.save_turn

    def slow_disk(*arguments, **options):
        time.sleep(0.5)
        return save_turn(*arguments, **options)

    monkeypatch.setattr(stage.log, "save_turn", slow_disk)
    [reply] = await stage.engine.answer(conversation, "hello")
    assert reply.text == "You said: hello"
    assert stage.said(conversation) == ["hello", "You said: hello"]


async def test_a_request_that_comes_again_while_it_is_answered_is_answered_once(
    fake: Stage, conversation: Conversation
):
    fake.processor.before_storing = lambda text: time.sleep(0.2)
    asked = (fake.engine.answer(conversation, "hello", request_key="one") for _ in range(3))
    first, *others = await asyncio.gather(*asked)
    assert others == [first, first]
    assert fake.said(conversation) == ["hello", "You said: hello"]


async def test_a_request_whose_safe_reply_is_stored_gets_it_again(
    fake: Stage, conversation: Conversation
):
    def broken(text: str) -> None:
        raise RuntimeError(text)

    fake.processor.before_storing = broken
    first = await fake.engine.answer(conversation, "hello", request_key="one")
    fake.processor.before_storing = lambda text: None
    assert await fake.engine.answer(conversation, "hello", request_key="one") == first
    assert is_safe_reply(first[0].text)


async def test_turns_that_hang_do_not_keep_the_safe_reply_from_others(
    make_fake: MakeFake, stocked: str
):
    stage = make_fake(stocked, turn_seconds=0.2)
    go_on = threading.Event()
    stage.processor.before_storing = lambda text: go_on.wait(10) and None
    many = [stage.begin() for _ in range(3 * engine_module.THREADS)]
    try:
        asked = (stage.engine.answer(each, "hello") for each in many)
        replies = await asyncio.wait_for(asyncio.gather(*asked), timeout=5)
    finally:
        go_on.set()
    assert all(is_safe_reply(reply.text) for [reply] in replies)


async def test_nothing_is_replied_when_the_turn_could_not_be_stored(
    fake: Stage, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
):
    def full(*arguments, **options):
        raise StoreUnavailable("The database cannot be used right now.")

    monkeypatch.setattr(fake.log, "save_turn", full)
    with pytest.raises(StoreUnavailable):
        await fake.engine.answer(conversation, "hello")
    assert fake.said(conversation) == []


async def test_nothing_is_replied_when_even_the_safe_reply_could_not_be_stored(
    fake: Stage, conversation: Conversation
):
    with broken_at(fake.database, "INSERT INTO messages"), pytest.raises(RuntimeError):
        await fake.engine.answer(conversation, "hello")
    assert fake.said(conversation) == []
    [reply] = await fake.engine.answer(conversation, "hello")
    assert reply.text == "You said: hello"


@pytest.mark.parametrize("deleted", ["before", "meanwhile"])
async def test_a_turn_of_a_deleted_conversation_is_refused_and_leaves_nothing(
    fake: Stage, conversation: Conversation, deleted: str
):
    def forget(text: str) -> None:
        fake.log.delete(conversation.id)

    if deleted == "before":
        forget("")
        fake.processor.before_storing = lambda text: 1 / 0 and None
    else:
        fake.processor.before_storing = forget
    with pytest.raises((Gone, NotFound)):
        await fake.engine.answer(conversation, "hello")
    assert fake.log.messages(conversation.id) == []


async def test_a_turn_that_another_replica_overtook_is_begun_anew(
    fake: Stage, conversation: Conversation
):
    fake.processor.before_storing = _overtaken(fake, conversation, times=1)
    [reply] = await fake.engine.answer(conversation, "mine")
    assert reply.text == "You said: mine"
    assert fake.processor.heard == ["mine", "mine"]
    assert fake.said(conversation)[0] == "theirs 1"
    assert fake.said(conversation)[2:] == ["mine", "You said: mine"]


async def test_a_turn_that_is_always_overtaken_gives_up(fake: Stage, conversation: Conversation):
    fake.processor.before_storing = _overtaken(fake, conversation, times=engine_module.TRIES)
    with pytest.raises(TurnOvertaken):
        await fake.engine.answer(conversation, "mine")
    assert "mine" not in fake.said(conversation)


def _overtaken(stage: Stage, conversation: Conversation, times: int) -> Callable[[str], None]:
    left = list(range(times))

    def overtake(text: str) -> None:
        if left:
            left.pop()
            turns = stage.log.turns(conversation.id)
            assert turns is not None
            save(stage.log, conversation, turns + 1, f"theirs {turns + 1}")

    return overtake


async def test_a_visitor_who_left_does_not_keep_the_conversation_locked(
    fake: Stage, conversation: Conversation
):
    go_on = threading.Event()
    fake.processor.before_storing = lambda text: go_on.wait(10) and None
    asked = asyncio.create_task(fake.engine.answer(conversation, "first"))
    await asyncio.to_thread(wait_until, lambda: fake.processor.heard == ["first"])
    asked.cancel()
    with suppress(asyncio.CancelledError):
        await asked
    go_on.set()
    [reply] = await fake.engine.answer(conversation, "second")
    assert reply.text == "You said: second"


def test_a_greeting_is_the_clinic_s_own(fake: Stage):
    greeting = fake.engine.greet("temple")
    assert greeting.subject == "greeting"
    assert greeting.text
    with pytest.raises(NotFound):
        fake.engine.greet("elsewhere")


def test_the_safe_reply_is_said_even_for_a_clinic_that_is_not_known(fake: Stage):
    from bot.engine.safe_reply import safe_reply
    from bot.safety.model import RedFlag

    reply = safe_reply(fake.live.current, SAFE_TEXT, "elsewhere", RedFlag())
    assert "Something went wrong." in reply.text
    assert "{" not in reply.text
