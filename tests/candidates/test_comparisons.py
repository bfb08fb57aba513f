"""Comparisons in the store."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.engine import Engine

from bot.candidates.comparisons import Comparisons
from bot.candidates.model import ChangedLine
from bot.conversations.log import ConversationLog
from bot.corrections.model import State, Wanted
from bot.corrections.repository import Corrections
from tests.candidates.stage import BASIS, GOOD
from tests.chat.stage import Clock
from tests.conversations.wordings import begin, rows_of, save

MARKER = "zebra crossing at midnight"


def line(text: str = "", correction_id: str | None = None) -> ChangedLine:
    return ChangedLine("regression", "", text, "a", "b", "c", True, False, False, correction_id)


def test_what_a_visitor_said_is_not_copied_and_goes_with_the_conversation(
    comparisons: Comparisons, engine: Engine, clock: Clock
):
    log, corrections = ConversationLog(engine, clock), Corrections(engine, clock)
    conversation = begin(log)
    save(log, conversation, 1, MARKER)
    (said,) = [m for m in log.messages(conversation.id) if m.sender == "visitor"]
    made = corrections.correct(said.id, Wanted("phone"), by="Ana", state=State.REGRESSION)
    shown = [line("a shipped line"), line("", made.id)]
    found = comparisons.keep("one", "two", GOOD, shown, basis=BASIS, by="Ana")
    assert [each.text for each in comparisons.lines(found.id)] == ["a shipped line", MARKER]
    log.delete(conversation.id)
    assert comparisons.lines(found.id) == [line("a shipped line")]
    assert MARKER not in str(rows_of(engine))
    assert comparisons.latest("one", "two") == found


def test_a_correction_that_went_while_it_was_asked_leaves_no_line(comparisons: Comparisons):
    found = comparisons.keep("one", "two", GOOD, [line("", "gone")], basis=BASIS, by="Ana")
    assert comparisons.lines(found.id) == []


def test_the_latest_of_exactly_these_two_archives_is_found(
    comparisons: Comparisons, clock: Clock, make_engine: Callable[[str], Engine]
):
    comparisons.keep("one", "two", GOOD, (), basis=BASIS, by="Ana")
    clock.move(seconds=1)
    late = comparisons.keep("one", "two", GOOD[:1], (), basis=BASIS, by="Ben")
    assert comparisons.latest("one", "two") == late
    assert comparisons.latest("two", "one") is None
