"""Two things that happen to one message at once, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.conversations.log import ConversationLog
from bot.corrections.model import State, Wanted
from bot.corrections.repository import Corrections
from bot.errors import NotFound
from tests.conversations.wordings import rows_of
from tests.corrections.stage import say

T = TypeVar("T")
HEADSTART_SECONDS = 0.5
"""For what is not held back: it is over long before."""


@contextmanager
def meanwhile(engine: Engine, statement: str, work: Callable[[], T]) -> Iterator[Future[T]]:
    """Begin some work in another thread just before the first statement that begins like this.

    Where a lock holds the work back it goes on when the lock is gone, else it is over first.
    """
    begun: list[Future[T]] = []

    def begin(connection: Any, cursor: Any, sql: str, *_: Any) -> None:
        if sql.startswith(statement) and not begun:
            begun.append(promised)
            other.submit(lambda: _keep(promised, work))
            wait([promised], HEADSTART_SECONDS)

    promised: Future[T] = Future()
    with ThreadPoolExecutor(1) as other:
        event.listen(engine, "before_cursor_execute", begin)
        try:
            yield promised
        finally:
            event.remove(engine, "before_cursor_execute", begin)
    assert begun


def _keep(promised: Future[T], work: Callable[[], T]) -> None:
    try:
        promised.set_result(work())
    except Exception as error:  # noqa: BLE001  who asks for the result gets it
        promised.set_exception(error)


@pytest.mark.parametrize("at", ["SELECT messages", "DELETE FROM corrections", "INSERT INTO corr"])
def test_of_two_who_correct_a_message_at_once_one_correction_stays_and_both_are_recorded(
    corrections: Corrections,
    log: ConversationLog,
    engine: Engine,
    recorded: Callable[[], list[Any]],
    at: str,
):
    _, message = say(log, "where to park")

    def correct() -> Any:
        return corrections.correct(message, Wanted("portal"), by="Ben")

    with meanwhile(engine, at, correct) as other:
        mine = corrections.correct(message, Wanted("phone"), by="Ana")
    both = {"Ana": mine, "Ben": other.result()}
    assert [(made.by, made.wanted.subject) for made in both.values()] == [
        ("Ana", "phone"),
        ("Ben", "portal"),
    ]
    entries = recorded()
    assert sorted(entry.target for entry in entries) == sorted(made.id for made in both.values())
    assert corrections.listed() == [both[entries[-1].by]]


@pytest.mark.parametrize("at", ["SELECT messages", "DELETE FROM corrections", "INSERT INTO corr"])
def test_of_a_message_that_is_forgotten_while_it_is_corrected_nothing_stays(
    corrections: Corrections,
    log: ConversationLog,
    engine: Engine,
    recorded: Callable[[], list[Any]],
    at: str,
):
    conversation, message = say(log, "where to go zorbing")
    with meanwhile(engine, at, lambda: log.delete(conversation)) as forgotten:
        try:
            made = corrections.correct(message, Wanted("phone"), by="Ana").id
        except NotFound:
            made = None  # it was forgotten first
    assert forgotten.result()
    assert [entry.target for entry in recorded()] == ([made] if made else [])
    assert [name for name, rows in rows_of(engine).items() if "zorbing" in str(rows)] == []


def test_what_is_replaced_while_its_use_is_chosen_is_not_there_or_was_chosen_for(
    corrections: Corrections, log: ConversationLog, engine: Engine
):
    _, message = say(log, "where to park")
    first = corrections.correct(message, Wanted("portal"), by="Ana")

    def correct() -> Any:
        return corrections.correct(message, Wanted("phone"), by="Ben")

    with meanwhile(engine, "UPDATE corrections", correct) as other:
        decided = corrections.decide(first.id, State.REGRESSION, by="Ana")
    assert (decided.id, decided.state) == (first.id, State.REGRESSION)
    assert corrections.listed() == [other.result()]
