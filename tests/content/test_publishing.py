"""Drafts of answers and their way to visitors, on both databases."""

from __future__ import annotations

import contextlib
import dataclasses
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy.engine import Engine

from bot.content.approval import ApprovalNeeded, ApprovalSetting
from bot.content.differences import GONE, NEW, SAME, pieces
from bot.content.drafts import NO_EDIT, Draft, DraftState
from bot.content.editing import AnswerRefusedError, write_answer
from bot.content.model import LIBRARY
from bot.content.opening import Desk
from bot.content.publishing import OwnWords, Publishing
from bot.content.review_dates import overdue
from bot.content.store import ContentStore
from bot.content.vectors import VectorStore
from bot.errors import EditOvertaken
from bot.staff.audit import AuditFilter, AuditLog
from tests.content.conftest import Clock
from tests.content.test_answer_index import vectors
from tests.content.test_editing import DOGS


@pytest.fixture
def publishing(engine: Engine, clock: Clock) -> Publishing:
    return Publishing(engine, clock, VectorStore(engine, "model", vectors))


def kept(publishing: Publishing, by: str = "kim", edit: int = NO_EDIT, **changes: object) -> Draft:
    record = dataclasses.replace(DOGS, **changes)  # type: ignore[arg-type]
    return publishing.save(record, by=by, read_version=0, read_edit=edit)


def said(engine: Engine, clock: Clock) -> str | None:
    answer = ContentStore(engine, clock).snapshot().answer(LIBRARY, "faq", "dogs")
    return answer.text if answer else None


def test_a_draft_may_be_wrong_but_is_not_published_then(
    engine: Engine, clock: Clock, publishing: Publishing
) -> None:
    draft = kept(publishing, text="", source=None)
    with pytest.raises(AnswerRefusedError):
        publishing.publish(draft, by="kim")
    assert said(engine, clock) is None
    right = kept(publishing, edit=draft.edit)
    publishing.publish(right, by="kim")
    assert said(engine, clock) == DOGS.text


def test_two_who_change_one_draft_do_not_overwrite_each_other(publishing: Publishing) -> None:
    draft = kept(publishing)
    kept(publishing, by="lee", edit=draft.edit, text="No dogs.")
    with pytest.raises(EditOvertaken):
        kept(publishing, edit=draft.edit, text="All dogs.")
    with pytest.raises(EditOvertaken):
        publishing.publish(draft, by="kim")


def test_no_way_leads_around_the_second_pair_of_eyes(
    engine: Engine, clock: Clock, publishing: Publishing
) -> None:
    ApprovalSetting(engine, clock).set("temple", True, by="ada")
    draft = kept(publishing)
    with pytest.raises(ApprovalNeeded):
        publishing.publish(draft, by="lee")
    with pytest.raises(ApprovalNeeded):
        publishing.schedule(draft, clock() + timedelta(days=1), by="lee")
    store = VectorStore(engine, "model", vectors)
    with pytest.raises(ApprovalNeeded):
        write_answer(engine, DOGS, clock, store, by="kim", read_version=0)
    publishing.ask(draft, None, by="kim")
    waiting = Desk(engine).open(f"d{draft.id}").draft
    assert waiting
    with pytest.raises(OwnWords):
        publishing.approve(waiting, by="kim")
    assert said(engine, clock) is None
    number = publishing.approve(waiting, by="lee")
    assert number is not None
    assert said(engine, clock) == DOGS.text
    newest = Desk(engine).history(number)[0]
    assert (newest.edited_by, newest.approved_by) == ("kim", "lee")


def test_what_cannot_be_published_at_its_time_goes_back_with_the_reason(
    engine: Engine, clock: Clock, publishing: Publishing
) -> None:
    draft = kept(publishing)
    publishing.schedule(draft, clock() + timedelta(hours=1), by="kim")
    ApprovalSetting(engine, clock).set("temple", True, by="ada")
    clock.pass_by(hours=2)
    assert publishing.publish_due() == 0
    back = Desk(engine).open(f"d{draft.id}").draft
    assert back
    assert back.state is DraftState.RETURNED
    assert "approve" in back.note


def test_what_is_due_is_published_once_by_whichever_server_comes_first(
    stocked: str, make_engine: Callable[[str], Engine], clock: Clock, publishing: Publishing
) -> None:
    due = [kept(publishing), kept(publishing, detail="cats", title="Cats")]
    for draft in due:
        publishing.schedule(draft, clock() + timedelta(hours=1), by="kim")
    clock.pass_by(hours=2)
    both_have_read_it = threading.Barrier(2)

    def when_both_are_here(texts: Sequence[str]) -> np.ndarray:
        with contextlib.suppress(threading.BrokenBarrierError):
            both_have_read_it.wait(timeout=2)
        return vectors(texts)

    def server() -> Publishing:
        store = make_engine(stocked)
        return Publishing(store, clock, VectorStore(store, "model", when_both_are_here))

    with ThreadPoolExecutor() as threads:
        done = [threads.submit(server().publish_due) for _ in range(2)]
        assert sum(each.result() for each in done) == len(due)
    recorded = AuditLog(make_engine(stocked), clock).page(AuditFilter(action="answer."))
    actions = [entry.action for entry in recorded.entries]
    assert actions.count("answer.published") == len(due)
    assert "answer.not_published" not in actions


def test_answers_are_overdue_the_day_after_their_review_date(
    engine: Engine, clock: Clock, publishing: Publishing
) -> None:
    today = clock().date()
    publishing.publish(kept(publishing, review_by=today), by="kim")
    assert overdue(engine, [LIBRARY], today) == ()
    (found,) = overdue(engine, [LIBRARY], today + timedelta(days=1))
    assert (found.title, found.review_on) == ("Dogs", today)


def test_what_counts_is_the_review_date_of_what_visitors_read(
    engine: Engine, clock: Clock, publishing: Publishing
) -> None:
    today = clock().date()

    def draft(version: int, days: int) -> Draft:
        record = dataclasses.replace(DOGS, review_by=today + timedelta(days=days))
        return publishing.save(record, by="kim", read_version=version, read_edit=NO_EDIT)

    def marks() -> tuple[bool, bool, bool]:
        opened = Desk(engine).begin(DOGS)
        listed = bool(overdue(engine, [LIBRARY], today))
        return opened.is_overdue(today), listed, opened.is_due_soon(today)

    publishing.publish(draft(0, -1), by="kim")
    soon = draft(1, 9)
    assert marks() == (True, True, False)
    publishing.publish(soon, by="kim")
    draft(2, 300)
    assert marks() == (False, False, True)


def test_differences_are_told_word_by_word() -> None:
    assert pieces("Call the desk.", "Call our desk.") == (
        (SAME, "Call "),
        (GONE, "the"),
        (NEW, "our"),
        (SAME, " desk."),
    )
