"""Our tracker store under the trained model: warm or cold, short or long, the same dialogue."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.engine import Engine

from bot.content import live as live_content
from bot.conversations.log import WINDOW, ConversationLog
from bot.conversations.model import Button, Conversation, Message
from bot.errors import NotFound, TurnOvertaken
from tests.chat.stage import Clock
from tests.conversations.wordings import begin, counted_statements, rows_of

if TYPE_CHECKING:
    from bot.conversations.tracker_store import ConversationTrackerStore, TurnTracker
    from bot.engine.processor import TurnProcessor

SCRIPT: list[str | Button] = [
    "hello",
    "What causes failed back surgery syndrome?",
    "tell me about the second one",
    "and the last one",
    "xkcd qwrt plmn",
    "What are nerve blocks and botox?",
    "and the other one?",
    Button("b", "Scar tissue", "cause_detail", "scar_tissue"),
    "yes",
    "How do I make an appointment?",
    "no",
    "is numbness a symptom?",
]


@pytest.fixture(autouse=True)
def _shipped_content() -> Iterator[None]:
    live_content.use(None)
    yield
    live_content.use(None)


@pytest.fixture
def new_processor(processor: TurnProcessor, log: ConversationLog) -> Callable[[], TurnProcessor]:
    """Makes the processor of a process that has just started."""
    import copy

    from bot.conversations.tracker_store import ConversationTrackerStore

    def make() -> TurnProcessor:
        own = copy.copy(processor)
        own.tracker_store = ConversationTrackerStore(log, own.domain)
        return own

    return make


def say(processor: TurnProcessor, conversation: Conversation, said: str | Button) -> list[Message]:
    from bot.engine.ticket import Ticket

    return asyncio.run(processor.turn(conversation.id, said, Ticket()))


def tracker_of(store: ConversationTrackerStore, conversation: Conversation) -> TurnTracker:
    return asyncio.run(store.retrieve(conversation.id))


def dialogue_state(tracker: TurnTracker) -> dict[str, Any]:
    """All that a tracker holds; its first event is the listening that every tracker begins with."""
    first, *rest = tracker.events
    listening = {**first.as_dict(), "timestamp": None}
    return {
        "events": [listening, *(event.as_dict() for event in rest)],
        "slots": tracker.current_slot_values(),
        "latest_action": tracker.latest_action_name,
        "latest_intent": tracker.latest_message.intent if tracker.latest_message else None,
        "followup": tracker.followup_action,
        "loop": tracker.active_loop_name,
        "paused": tracker.is_paused(),
        "state": tracker.state,
    }


def words(messages: list[Message]) -> list[tuple[Any, ...]]:
    """What was said, without the ids that are made anew each time."""
    return [
        (m.sender, m.text, m.subject, m.detail, m.source, m.links, [b.title for b in m.buttons])
        for m in messages
    ]


def test_a_cold_tracker_equals_a_warm_one_after_each_turn(
    log: ConversationLog, new_processor: Callable[[], TurnProcessor]
):
    conversation, warm = begin(log), new_processor()
    for said in SCRIPT:
        say(warm, conversation, said)
        state = dialogue_state(tracker_of(warm.tracker_store, conversation))
        cold = dialogue_state(tracker_of(new_processor().tracker_store, conversation))
        assert cold == state
        assert len(state["events"]) > 3
    assert warm.tracker_store._warm[conversation.id].turns == len(SCRIPT)


def test_a_process_that_was_started_anew_for_each_turn_replies_the_same(
    log: ConversationLog, new_processor: Callable[[], TurnProcessor]
):
    steady, restarted, lasting = begin(log), begin(log), new_processor()
    for said in SCRIPT:
        expected = words(say(lasting, steady, said))
        assert words(say(new_processor(), restarted, said)) == expected
    assert _without_time(log, restarted) == _without_time(log, steady)


def _without_time(log: ConversationLog, conversation: Conversation) -> Any:
    state = log.state(conversation.id)
    assert state is not None
    turns = [[{**event, "timestamp": None} for event in turn] for turn in state.recent]
    return state.turns, state.slots, turns


def test_the_window_is_wide_enough_for_every_reply(
    log: ConversationLog,
    new_processor: Callable[[], TurnProcessor],
    monkeypatch: pytest.MonkeyPatch,
):
    """A tracker with the whole conversation in it would reply the same."""
    conversation, windowed = begin(log), new_processor()
    replies = [words(say(windowed, conversation, said)) for said in SCRIPT]
    monkeypatch.setattr("bot.conversations.log.WINDOW", 1_000)
    whole, everything = begin(log), new_processor()
    for said, expected in zip(SCRIPT, replies, strict=True):
        assert words(say(everything, whole, said)) == expected
    assert len(everything.tracker_store._warm[whole.id].recent) == len(SCRIPT) > WINDOW


def test_a_turn_costs_the_same_however_long_the_conversation_is(
    log: ConversationLog, engine: Engine, new_processor: Callable[[], TurnProcessor]
):
    conversation, processor = begin(log), new_processor()
    costs: dict[int, tuple[list[str], int]] = {}
    for number in range(1, 61):
        with counted_statements(engine) as statements, _replayed(processor) as replayed:
            say(processor, conversation, "What are the symptoms?")
        costs[number] = (statements, sum(replayed))
    warm = [costs[number] for number in (WINDOW + 1, 10, 60)]
    assert warm[0] == warm[1] == warm[2]
    assert len(costs[60][0]) <= 10
    cold = new_processor()
    with counted_statements(engine) as statements, _replayed(cold) as replayed:
        say(cold, conversation, "What are the symptoms?")
    assert sum(replayed) == costs[60][1]
    assert len(statements) <= len(costs[60][0]) + 2


@contextmanager
def _replayed(processor: TurnProcessor) -> Iterator[list[int]]:
    """How many events were replayed into each tracker that was asked for."""
    store, counts = processor.tracker_store, []
    retrieve = store.retrieve

    async def counting(sender_id: str) -> TurnTracker:
        tracker = await retrieve(sender_id)
        counts.append(tracker.replayed)
        return tracker

    store.retrieve = counting  # type: ignore[method-assign]
    yield counts
    store.retrieve = retrieve  # type: ignore[method-assign]


def test_a_button_is_found_with_one_statement_however_long_the_conversation_is(
    log: ConversationLog, engine: Engine, new_processor: Callable[[], TurnProcessor]
):
    conversation, processor = begin(log), new_processor()
    say(processor, conversation, "What are the symptoms?")
    for _ in range(12):
        [*_, reply] = say(processor, conversation, "What causes failed back surgery syndrome?")
    with counted_statements(engine) as statements:
        assert log.offered(conversation.id, reply.buttons[0].id) == reply.buttons[0]
    assert len([sql for sql in statements if sql.startswith("SELECT")]) == 1


def test_a_warm_state_is_not_trusted_after_another_replica_went_on(
    log: ConversationLog, new_processor: Callable[[], TurnProcessor]
):
    conversation, ours, theirs = begin(log), new_processor(), new_processor()
    say(ours, conversation, "What are the symptoms?")
    say(theirs, conversation, "What causes failed back surgery syndrome?")
    [*_, reply] = say(ours, conversation, "tell me about the first one")
    assert reply.subject == "cause_detail"
    assert log.turns(conversation.id) == 3


def test_of_two_replicas_that_began_the_same_turn_one_is_told(
    log: ConversationLog, new_processor: Callable[[], TurnProcessor]
):
    from rasa.shared.core.events import UserUttered

    conversation, ours, theirs = begin(log), new_processor(), new_processor()
    late = tracker_of(ours.tracker_store, conversation)
    say(theirs, conversation, "What are the symptoms?")
    late.update(UserUttered("too late", {"name": "greet"}, []), ours.domain)
    with pytest.raises(TurnOvertaken):
        asyncio.run(ours.tracker_store.save(late))
    assert [*rows_of(log._engine)["turns"]][0]["number"] == log.turns(conversation.id) == 1


def test_only_the_latest_conversations_are_kept_warm_and_the_others_go_on_all_the_same(
    log: ConversationLog,
    new_processor: Callable[[], TurnProcessor],
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("bot.conversations.tracker_store.WARM", 2)
    processor, many = new_processor(), [begin(log) for _ in range(4)]
    for conversation in many:
        say(processor, conversation, "What causes failed back surgery syndrome?")
    assert list(processor.tracker_store._warm) == [many[2].id, many[3].id]
    [*_, reply] = say(processor, many[0], "tell me about the second one")
    assert reply.subject == "cause_detail"


def test_a_conversation_that_there_is_not_has_no_tracker(
    log: ConversationLog, new_processor: Callable[[], TurnProcessor], clock: Clock
):
    processor, conversation = new_processor(), begin(log)
    say(processor, conversation, "What are the symptoms?")
    log.delete(conversation.id)
    for gone in (conversation, Conversation("unknown", "temple", clock(), clock(), 0)):
        with pytest.raises(NotFound):
            tracker_of(processor.tracker_store, gone)


def test_a_tracker_that_is_not_ours_is_not_stored(
    log: ConversationLog, engine: Engine, new_processor: Callable[[], TurnProcessor]
):
    """Rasa makes such trackers for itself, to understand a text without a conversation."""
    from rasa.shared.core.trackers import DialogueStateTracker

    before = rows_of(engine)
    asyncio.run(new_processor().tracker_store.save(DialogueStateTracker("", [])))
    assert rows_of(engine) == before
