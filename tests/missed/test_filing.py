"""Filing questions into groups: by several replicas, by two versions, and where something fails."""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.conversations.log import ConversationLog
from bot.missed.filing import Filing
from bot.missed.keeper import MissedKeeper
from bot.missed.model import GroupFilter, Reason, State
from bot.missed.repository import MissedQuestions
from bot.missed.tables import missed_questions
from tests.chat.stage import Clock
from tests.conversations.wordings import broken_at
from tests.missed.stage import TOPICS, ask, keeper, vectors

TEMPLE = GroupFilter(("temple",))


def places(engine: Engine) -> dict[str, int]:
    """The group of each question."""
    query = sa.select(missed_questions.c.message_id, missed_questions.c.group_id)
    with engine.connect() as connection:
        return {row.message_id: row.group_id for row in connection.execute(query)}


def test_a_hundred_new_questions_move_no_old_one(
    log: ConversationLog, engine: Engine, clock: Clock
):
    words = random.Random(7)
    ask(log, *(f"{words.choice(TOPICS)} {n}" for n in range(100)))
    grouping = keeper(engine, clock)
    grouping.once()
    before = places(engine)
    clock.move(minutes=5)
    ask(log, *(f"{words.choice(TOPICS)} {words.choice(TOPICS)} {n}" for n in range(100)))
    grouping.once()
    after = places(engine)
    assert len(before) == 100
    assert len(after) == 200
    assert {id_: after[id_] for id_ in before} == before


def test_two_replicas_at_once_file_each_question_once(
    log: ConversationLog, store: MissedQuestions, engine: Engine, clock: Clock
):
    for _ in range(30):
        ask(log, *(f"{topic} please" for topic in TOPICS))

    def run(_: int) -> None:
        filing = Filing(engine, clock, vectors, "test")
        for reason in Reason:
            while filing.batch(reason, most=10):
                pass

    with ThreadPoolExecutor(2) as replicas:
        list(replicas.map(run, range(2)))
    page = store.page(TEMPLE)
    assert page.questions_in_all == 120
    assert [group.count for group in page.groups] == [30] * 4


def test_a_replica_sees_the_groups_that_another_made_meanwhile(
    log: ConversationLog, store: MissedQuestions, engine: Engine, clock: Clock
):
    one, other = (Filing(engine, clock, vectors, "test") for _ in range(2))
    for filing, question in (
        (one, "parking"),
        (other, "price"),
        (one, "price!"),
        (other, "price?"),
    ):
        clock.move(minutes=1)
        ask(log, question)
        assert filing.batch(Reason.MISSED) == 1
    assert [group.count for group in store.page(TEMPLE).groups] == [3, 1]


def test_a_question_that_is_forgotten_while_it_is_read_is_left_out(
    log: ConversationLog, store: MissedQuestions, engine: Engine, clock: Clock
):
    conversation, _ = ask(log, "where is parking")
    ask(log, "what is the price")

    def and_forget(texts):
        log.delete(conversation)
        return vectors(texts)

    filing = Filing(engine, clock, and_forget, "test")
    assert filing.batch(Reason.MISSED) == 2
    assert store.page(TEMPLE).questions_in_all == 1


def test_alike_groups_become_one_under_the_older_id_but_not_two_that_staff_dealt_with(
    log: ConversationLog, store: MissedQuestions, engine: Engine, clock: Clock
):
    ask(log, "where is parking")
    keeper(engine, clock).once()
    clock.move(minutes=1)
    ask(log, "what about parking")
    ask(log, "price of it")
    apart = Filing(engine, clock, lambda texts: -vectors(texts), "test")
    apart.batch(Reason.MISSED)  # each far from all, as if meant by something else
    with engine.begin() as connection:
        turned = missed_questions.update().where(missed_questions.c.group_id > 1)
        row = connection.execute(sa.select(missed_questions.c.vector).limit(1)).scalar()
        connection.execute(turned.values(vector=row))
    older, younger = sorted(group.id for group in store.page(TEMPLE).groups)[:2]
    for id_ in (older, younger):
        store.decide(id_, State.IGNORED, by="Ann", clinics=["temple"])
    filing = Filing(engine, clock, vectors, "test")
    merged = filing.merge()
    assert {older, younger} <= {group.id for group in store.page(TEMPLE).groups}
    store.decide(younger, State.OPEN, by="Ann", clinics=["temple"])
    assert merged + filing.merge() >= 1
    assert store.group(younger, ["temple"]).id == older
    assert store.page(TEMPLE).groups[0].state is State.IGNORED


def test_vectors_of_another_model_are_computed_anew_and_groups_stay(
    log: ConversationLog, engine: Engine, clock: Clock
):
    ask(log, "where is parking", "what is the price", "parking please")
    keeper(engine, clock).once()
    before = places(engine)
    newer = Filing(engine, clock, vectors, "newer")
    newer.lead()
    assert newer.refresh() == 3
    assert newer.refresh() == 0
    ask(log, "parking")
    newer.batch(Reason.MISSED)
    assert {**places(engine), **before} == places(engine)
    assert len(set(places(engine).values())) == 2


def test_of_two_versions_only_the_one_that_began_last_files_and_merges(
    log: ConversationLog, store: MissedQuestions, engine: Engine, clock: Clock
):
    computed: list[str] = []

    def replica(name: str) -> MissedKeeper:
        def compute(texts: Sequence[str]) -> np.ndarray:
            computed.append(name)
            return vectors(texts)

        return MissedKeeper(Filing(engine, clock, compute, name), clock)

    ask(log, "where is parking")
    old, new = replica("old"), replica("new")
    assert [old.once(), new.once()] == [1, 0]
    ask(log, "what is the price")
    assert [old.once(), new.once()] == [0, 1]
    assert computed == ["old", "new", "new"]
    with engine.connect() as connection:
        models = connection.execute(sa.select(missed_questions.c.model)).scalars().all()
    assert models == ["new", "new"]


def test_a_version_that_another_one_overtakes_changes_nothing_any_more(
    log: ConversationLog, engine: Engine, clock: Clock
):
    ask(log, "where is parking", "what is the price")
    keeper(engine, clock).once()
    newer = Filing(engine, clock, vectors, "newer")

    def while_another_begins(texts: Sequence[str]) -> np.ndarray:
        newer.lead()
        return vectors(texts)

    older = Filing(engine, clock, while_another_begins, "older")
    older.lead()
    assert older.refresh() == 0
    older.lead()
    ask(log, "parking please")
    assert older.batch(Reason.MISSED) == 0
    assert older.merge() == 0
    assert len(places(engine)) == 2


def test_a_batch_that_fails_is_filed_the_next_time_into_the_groups_as_they_are(
    log: ConversationLog, store: MissedQuestions, engine: Engine, clock: Clock
):
    filing = Filing(engine, clock, vectors, "test")
    for topic in ("parking", "price", "weather"):
        ask(log, *(f"{topic} {number}" for number in range(3)))
        clock.move(hours=1)
    assert filing.batch(Reason.MISSED, most=3) == 3
    with pytest.raises(RuntimeError), broken_at(engine, "UPDATE missed_questions"):
        filing.batch(Reason.MISSED, most=3)
    while filing.batch(Reason.MISSED, most=3):
        pass
    assert sorted(group.count for group in store.page(TEMPLE).groups) == [3, 3, 3]


def test_after_a_failure_nothing_of_visitors_stays_in_memory(
    log: ConversationLog, engine: Engine, clock: Clock
):
    ask(log, "where is parking")
    filing = Filing(engine, clock, vectors, "test")
    with pytest.raises(RuntimeError), broken_at(engine, "INSERT INTO missed_questions"):
        MissedKeeper(filing, clock).once()
    assert "parking" not in str(vars(filing))
