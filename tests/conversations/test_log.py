from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy.engine import Engine

from bot.conversations.log import WINDOW, ConversationLog
from bot.conversations.model import Button, DraftMessage, Message
from bot.errors import CarelineError, Gone, TurnOvertaken
from tests.chat.stage import START, Clock
from tests.conversations.wordings import begin, broken_at, drafts, rows_of, save

MARKER = "zebra crossing at midnight"


def test_a_conversation_begins_with_the_greeting_and_without_a_turn(log: ConversationLog):
    conversation = begin(log, token_hash="token")
    assert log.by_token_hash("token") == conversation
    assert (conversation.clinic, conversation.turns) == ("temple", 0)
    assert conversation.started_at == conversation.last_activity_at == START
    [greeting] = log.messages(conversation.id)
    assert (greeting.sender, greeting.text, greeting.at) == ("bot", "Welcome.", START)
    state = log.state(conversation.id)
    assert state is not None
    assert (state.turns, state.slots, state.recent) == (0, {"clinic": "temple"}, ())


def test_what_was_stored_is_read_back_whole_and_in_order(log: ConversationLog, clock: Clock):
    conversation = begin(log)
    stored = []
    for number in range(1, 12):
        clock.move(seconds=1)
        stored += save(log, conversation, number, f"question {number} \U0001f9b4 é \u2028 'x'; --")
    read = log.messages(conversation.id)[1:]
    assert read == stored
    assert [m.text.split()[1] for m in read if m.sender == "visitor"] == [
        str(number) for number in range(1, 12)
    ]
    assert read[-1].buttons[0] == Button("scars-11", "Scar tissue", "cause_detail", "scar_tissue")
    assert read[-1].at == START + timedelta(seconds=11)


def test_how_a_message_was_understood_is_kept_for_staff(log: ConversationLog, engine: Engine):
    save(log, begin(log), 1, "why")
    _, visitor, reply = sorted(
        rows_of(engine)["messages"], key=lambda row: (row["turn"], row["position"])
    )
    assert (visitor["intent"], visitor["confidence"]) == ("causes", 0.9)
    assert (visitor["runner_up"], visitor["runner_up_confidence"]) == ("definition", 0.05)
    assert (reply["action"], reply["answer_id"], reply["answer_version"]) == ("action_causes", 4, 2)
    assert (visitor["missed"], reply["missed"]) == (False, True)


def test_the_state_holds_the_slots_and_the_last_turns_oldest_first(log: ConversationLog):
    conversation = begin(log)
    for number in range(1, 6):
        save(log, conversation, number, "why")
    state = log.state(conversation.id)
    assert state is not None
    assert state.turns == log.turns(conversation.id) == 5
    assert state.slots == {"clinic": "temple", "number": 5}
    assert [events[0]["number"] for events in state.recent] == [1, 2, 3, 4, 5][-WINDOW:]


def test_an_unknown_conversation_has_no_state_and_no_messages(log: ConversationLog):
    assert log.state("unknown") is None
    assert log.turns("unknown") is None
    assert log.messages("unknown") == []
    assert log.by_token_hash("unknown") is None
    assert log.by_external_id("unknown") is None
    assert log.delete("unknown") is False


def test_a_turn_moves_the_last_activity(log: ConversationLog, clock: Clock):
    conversation = begin(log, token_hash="token")
    clock.move(minutes=5)
    save(log, conversation, 1, "why")
    found = log.by_token_hash("token")
    assert found is not None
    assert (found.turns, found.started_at) == (1, START)
    assert found.last_activity_at == START + timedelta(minutes=5)


@pytest.mark.parametrize(
    "statement", ["UPDATE conversations", "INSERT INTO turns", "INSERT INTO messages"]
)
def test_of_a_turn_that_breaks_in_the_middle_nothing_is_kept(
    log: ConversationLog, engine: Engine, statement: str
):
    conversation = begin(log)
    save(log, conversation, 1, "first")
    before = rows_of(engine)
    with broken_at(engine, statement), pytest.raises(RuntimeError):
        save(log, conversation, 2, "second")
    assert rows_of(engine) == before
    save(log, conversation, 2, "second again")
    assert len(log.messages(conversation.id)) == 5


def test_of_a_turn_that_was_not_committed_nothing_is_kept(
    log: ConversationLog, engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    conversation = begin(log)
    before = rows_of(engine)
    monkeypatch.setattr("bot.db.unit_of_work.UnitOfWork.commit", lambda unit: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        save(log, conversation, 1, "first")
    assert rows_of(engine) == before


def test_of_eight_writers_of_one_turn_exactly_one_wins(log: ConversationLog):
    conversation = begin(log)
    for number in range(1, 4):
        results = _all_at_once(log, conversation.id, number, writers=8)
        assert sorted(results) == ["TurnOvertaken"] * 7 + ["stored"]
        assert log.turns(conversation.id) == number
        assert len(log.messages(conversation.id)) == 1 + 2 * number


def _all_at_once(
    log: ConversationLog, conversation_id: str, number: int, writers: int
) -> list[str]:
    results: list[str] = []
    start = threading.Barrier(writers)

    def write(who: int) -> None:
        start.wait()
        try:
            log.save_turn(conversation_id, number, drafts(f"writer {who}"), events=[], slots={})
            results.append("stored")
        except CarelineError as error:
            results.append(type(error).__name__)

    threads = [threading.Thread(target=write, args=(who,)) for who in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.parametrize("number", [0, 1, 3, -1])
def test_a_turn_with_another_number_than_the_next_is_refused(log: ConversationLog, number: int):
    conversation = begin(log)
    save(log, conversation, 1, "first")
    with pytest.raises(TurnOvertaken):
        save(log, conversation, number, "again")
    assert len(log.messages(conversation.id)) == 3


def test_a_turn_of_a_deleted_conversation_is_refused(log: ConversationLog, engine: Engine):
    conversation = begin(log)
    log.delete(conversation.id)
    with pytest.raises(Gone):
        save(log, conversation, 1, MARKER)
    assert MARKER not in str(rows_of(engine))


def test_a_session_ends_at_its_time_and_not_before(log: ConversationLog, clock: Clock):
    begin(log, token_hash="token", expires_at=START + timedelta(hours=24))
    clock.move(hours=24, microseconds=-1)
    assert log.by_token_hash("token") is not None
    clock.move(microseconds=1)
    with pytest.raises(Gone):
        log.by_token_hash("token")


def test_a_conversation_of_another_system_is_found_by_its_name_and_does_not_end(
    log: ConversationLog, clock: Clock
):
    conversation = begin(log, external_id="sender")
    clock.move(days=1_000)
    assert log.by_external_id("sender") == conversation
    assert log.by_token_hash("sender") is None


def test_a_button_is_offered_where_it_was_shown_however_long_ago(log: ConversationLog):
    conversation, other = begin(log), begin(log)
    for number in range(1, 9):
        save(log, conversation, number, "why")
    scars = Button("scars-1", "Scar tissue", "cause_detail", "scar_tissue")
    assert log.offered(conversation.id, "scars-1") == scars
    assert log.offered(conversation.id, "greeting-0") == Button(
        "greeting-0", "What is FBSS?", "definition"
    )
    assert log.offered(conversation.id, "scars-9") is None
    assert log.offered(conversation.id, "%") is None
    assert log.offered(other.id, "scars-1") is None


def test_conversations_are_listed_with_the_latest_first(log: ConversationLog, clock: Clock):
    first, second = begin(log), begin(log)
    clock.move(minutes=1)
    third = begin(log)
    clock.move(minutes=1)
    save(log, first, 1, "why")
    assert [c.id for c in log.all()] == [first.id, third.id, second.id]


@pytest.mark.parametrize("subject", ["emergency", "crisis"])
def test_whoever_needed_help_stands_first_in_the_list_from_then_on(
    log: ConversationLog, clock: Clock, subject: str
):
    flagged, other = begin(log), begin(log)
    helped = DraftMessage("bot", "Call 911 now.", subject=subject)
    log.save_turn(flagged.id, 1, [DraftMessage("visitor", "help"), helped], events=(), slots={})
    needed = clock()
    clock.move(minutes=1)
    save(log, flagged, 2, "thanks")
    save(log, other, 1, "why")
    assert [(c.id, c.red_flag_at) for c in log.all()] == [(flagged.id, needed), (other.id, None)]


def test_messages_of_two_conversations_do_not_mix(log: ConversationLog):
    one, two = begin(log), begin(log)
    for number in range(1, 4):
        save(log, one, number, "of one")
        save(log, two, number, "of two")

    def said(messages: list[Message]) -> set[str]:
        return {m.text for m in messages if m.sender == "visitor"}

    assert said(log.messages(one.id)) == {"of one"}
    assert said(log.messages(two.id)) == {"of two"}
