from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.content.tables import text_vectors
from bot.content.vectors import VectorStore
from bot.db.unit_of_work import UnitOfWork
from bot.errors import StoreUnavailable
from tests.content.test_answer_index import vectors

TEXTS = ["may my dog come", "is there a ramp"]


class Encoder:
    """Counts what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        self.asked += texts
        return vectors(texts)


@pytest.fixture
def encoder() -> Encoder:
    return Encoder()


def test_a_text_is_computed_once_for_all_replicas(engine: Engine, encoder: Encoder) -> None:
    first = VectorStore(engine, "model", encoder)(TEXTS)
    again = VectorStore(engine, "model", encoder)([*reversed(TEXTS), "new"])
    assert encoder.asked == [*TEXTS, "new"]
    assert np.array_equal(again[:2], first[::-1])
    assert (first @ vectors(TEXTS).T).diagonal() == pytest.approx([1, 1], abs=0.002)


def test_another_model_computes_anew_and_keeps_the_vectors_of_the_first(
    engine: Engine, encoder: Encoder
) -> None:
    for model in ("old", "new", "old"):
        VectorStore(engine, model, encoder)(TEXTS)
    assert encoder.asked == TEXTS * 2


def test_more_texts_than_a_statement_takes_values_are_read_and_kept(
    engine: Engine, encoder: Encoder
) -> None:
    many = [f"question {n}" for n in range(1_201)]
    store = VectorStore(engine, "model", encoder)
    first, again = store(many), store(many)
    assert np.array_equal(first, again)
    assert len(encoder.asked) == len(many)


def test_two_replicas_that_keep_the_same_text_do_not_clash(
    engine: Engine, encoder: Encoder
) -> None:
    store = VectorStore(engine, "model", encoder)
    computed = store.compute(TEXTS)
    for _ in range(2):
        with UnitOfWork(engine) as unit:
            store.keep(unit.connection, computed)
            unit.commit()
    with engine.connect() as connection:
        count = sa.select(sa.func.count()).select_from(text_vectors)
        assert connection.execute(count).scalar() == 2


def test_vectors_that_nobody_needs_any_more_are_forgotten(engine: Engine, encoder: Encoder) -> None:
    VectorStore(engine, "old", encoder)(TEXTS)
    store = VectorStore(engine, "new", encoder)
    store(TEXTS)
    assert store.forget_unused(TEXTS[:1]) == 3
    with UnitOfWork(engine, read_only=True) as unit:
        assert store.missing(unit.connection, TEXTS) == TEXTS[1:]


def test_a_store_that_cannot_be_written_costs_only_time(
    engine: Engine,
    encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refuse(*_: object) -> None:
        raise StoreUnavailable("not now")

    monkeypatch.setattr(VectorStore, "keep", refuse)
    assert VectorStore(engine, "model", encoder)(TEXTS).shape == (2, 64)
    assert caplog.messages == ["vectors cannot be kept: StoreUnavailable"]


def test_no_text_asks_nothing(make_engine: Callable[[str], Engine], encoder: Encoder) -> None:
    store = VectorStore(make_engine("sqlite:///:memory:"), "model", encoder)
    assert store.compute([]) == {}
    assert encoder.asked == []
