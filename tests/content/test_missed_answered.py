"""Missed questions are answered when the answer to them is published, and not before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, TimeoutError
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.content.approval import ApprovalSetting
from bot.content.drafts import NO_EDIT, Draft
from bot.content.opening import Desk
from bot.content.publishing import Publishing
from bot.content.vectors import VectorStore
from bot.db.unit_of_work import UnitOfWork
from bot.missed.model import State
from bot.missed.repository import MissedQuestions
from bot.missed.tables import missed_groups
from bot.staff.audit import AuditFilter, AuditLog, Recorded
from tests.content.conftest import Clock
from tests.content.test_answer_index import vectors
from tests.content.test_editing import DOGS


@pytest.fixture
def publishing(engine: Engine, clock: Clock) -> Publishing:
    return Publishing(engine, clock, VectorStore(engine, "model", vectors))


@pytest.fixture
def group(engine: Engine, clock: Clock) -> int:
    return group_of(engine, clock)


def group_of(engine: Engine, clock: Clock) -> int:
    """A new group of missed questions; its number."""
    made = missed_groups.insert().values(clinic="temple", made_at=clock(), state=State.OPEN.value)
    with UnitOfWork(engine) as unit:
        number = unit.connection.execute(made).inserted_primary_key[0]
        unit.commit()
    return int(number)


def merge(connection: Connection, goes: int, stays: int) -> None:
    this = missed_groups.update().where(missed_groups.c.id == goes)
    connection.execute(this.values(merged_into=stays))


def state_of(engine: Engine, number: int) -> str:
    query = sa.select(missed_groups.c.state).where(missed_groups.c.id == number)
    with UnitOfWork(engine, read_only=True) as unit:
        return str(unit.connection.execute(query).scalar_one())


def decided(engine: Engine, clock: Clock) -> tuple[Recorded, ...]:
    return AuditLog(engine, clock).page(AuditFilter(action="missed.decided")).entries


def drafted(publishing: Publishing, missed: int | None) -> Draft:
    return publishing.save(DOGS, by="kim", read_version=0, read_edit=NO_EDIT, missed=missed)


def again(engine: Engine, draft: Draft) -> Draft:
    """The draft as it is now."""
    found = Desk(engine).open(f"d{draft.id}").draft
    assert found
    return found


def test_they_are_answered_with_what_is_published_now_and_it_stands_in_the_record(
    engine: Engine, clock: Clock, publishing: Publishing, group: int
) -> None:
    draft = drafted(publishing, group)
    assert state_of(engine, group) == "open"
    publishing.publish(draft, by="kim")
    assert state_of(engine, group) == "answered"
    (entry,) = decided(engine, clock)
    assert (entry.by, entry.clinic, entry.target) == ("kim", "temple", str(group))
    assert entry.details == {"from": "open", "to": "answered"}


def test_they_are_open_until_a_planned_answer_is_due(
    engine: Engine, clock: Clock, publishing: Publishing, group: int
) -> None:
    publishing.schedule(drafted(publishing, group), clock() + timedelta(hours=1), by="kim")
    assert publishing.publish_due() == 0
    assert state_of(engine, group) == "open"
    clock.pass_by(hours=2)
    assert publishing.publish_due() == 1
    assert state_of(engine, group) == "answered"


def test_they_are_open_until_somebody_approves_the_answer(
    engine: Engine, clock: Clock, publishing: Publishing, group: int
) -> None:
    ApprovalSetting(engine, clock).set("temple", True, by="ada")
    draft = drafted(publishing, group)
    publishing.ask(draft, None, by="kim")
    assert state_of(engine, group) == "open"
    publishing.approve(again(engine, draft), by="lee")
    assert state_of(engine, group) == "answered"
    assert [entry.by for entry in decided(engine, clock)] == ["lee"]


def test_another_draft_of_the_same_answer_still_answers_them(
    engine: Engine, clock: Clock, publishing: Publishing, group: int
) -> None:
    first = drafted(publishing, group)
    changed = publishing.save(DOGS, by="lee", read_version=0, read_edit=first.edit)
    publishing.publish(changed, by="lee")
    assert state_of(engine, group) == "answered"


def test_where_they_were_merged_the_group_that_has_them_now_is_answered(
    engine: Engine, clock: Clock, publishing: Publishing, group: int
) -> None:
    other = group_of(engine, clock)
    draft = drafted(publishing, group)
    with UnitOfWork(engine) as unit:
        merge(unit.connection, group, other)
        unit.commit()
    publishing.publish(draft, by="kim")
    assert state_of(engine, other) == "answered"
    assert state_of(engine, group) == "open", "only an address of the other one"
    assert [entry.target for entry in decided(engine, clock)] == [str(other)]


def test_groups_that_are_merged_at_that_very_moment_are_answered_too(
    engine: Engine, clock: Clock, publishing: Publishing, group: int
) -> None:
    other = group_of(engine, clock)
    draft = drafted(publishing, group)
    with ThreadPoolExecutor() as threads:
        with UnitOfWork(engine) as unit:
            merge(unit.connection, group, other)
            publication = threads.submit(publishing.publish, draft, by="kim")
            with pytest.raises(TimeoutError):  # it waits for those who merge
                publication.result(timeout=1)
            unit.commit()
        publication.result()
    assert (state_of(engine, group), state_of(engine, other)) == ("open", "answered")


def test_what_somebody_decided_in_between_stays(
    engine: Engine, clock: Clock, publishing: Publishing, group: int
) -> None:
    draft = drafted(publishing, group)
    store = MissedQuestions(engine, clock)
    store.decide(group, State.IGNORED, by="lee", clinics=["temple"])
    publishing.publish(draft, by="kim")
    assert state_of(engine, group) == "ignored"
    assert [entry.by for entry in decided(engine, clock)] == ["lee"]


def test_an_answer_is_published_although_the_questions_are_gone(
    engine: Engine, clock: Clock, publishing: Publishing, group: int
) -> None:
    draft = drafted(publishing, group)
    with UnitOfWork(engine) as unit:
        unit.connection.execute(missed_groups.delete())
        unit.commit()
    assert publishing.publish(draft, by="kim")
    assert decided(engine, clock) == ()
