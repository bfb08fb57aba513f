"""Comparisons in the store."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from bot.candidates import comparisons as module
from bot.candidates.comparisons import Comparisons
from bot.candidates.model import ChangedLine, Said
from bot.conversations.log import ConversationLog
from bot.corrections import tables
from bot.corrections.model import Draft, State, Wanted
from bot.corrections.repository import Corrections
from bot.db.unit_of_work import UnitOfWork
from tests.candidates.stage import BASIS, GOOD
from tests.chat.stage import Clock
from tests.conversations.wordings import begin, rows_of, save

MARKER = "zebra crossing at midnight"
SAID = Said("faq", "parking"), Said(turn=0), Said()


def line(text: str = "", correction_id: str | None = None) -> ChangedLine:
    return ChangedLine("regression", "", text, *SAID, True, False, False, correction_id)


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


def test_a_correction_that_goes_in_the_very_moment_does_not_spoil_a_comparison(
    comparisons: Comparisons, engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    corrections = Corrections(engine, clock)
    corrections.add([Draft(MARKER, Wanted("phone"), None, State.REGRESSION)], by="Ana")
    (made,) = corrections.listed()
    found_there, deleting = threading.Event(), threading.Event()
    row_of = module._row

    def wait(*arguments: Any) -> dict[str, Any]:
        found_there.set()
        deleting.wait(10)
        time.sleep(0.3)  # the other one would be through by now, if nothing held it up
        return row_of(*arguments)

    monkeypatch.setattr(module, "_row", wait)

    def forget() -> None:
        found_there.wait(10)
        deleting.set()
        with UnitOfWork(engine) as unit:
            unit.connection.execute(tables.corrections.delete())
            unit.commit()

    with ThreadPoolExecutor(2) as both:
        keeping = both.submit(
            comparisons.keep, "one", "two", GOOD, [line("", made.id)], basis=BASIS, by="Ana"
        )
        both.submit(forget).result(20)
        found = keeping.result(20)
    assert comparisons.lines(found.id) == [], "it went with its correction"
