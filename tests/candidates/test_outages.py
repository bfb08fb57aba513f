"""A database that is out of reach for a while ends no run."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.candidates import job
from bot.candidates.archives import Archives
from bot.candidates.job import carry_out
from bot.candidates.model import Kind, RunState
from bot.candidates.runs import Runs
from bot.candidates.workshop import Workshop
from bot.corrections.repository import Corrections
from bot.errors import StoreUnavailable
from tests.candidates.test_job import shop

__all__ = ["shop"]


def test_a_run_whose_database_is_away_for_a_while_goes_on(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
):
    calls: list[str] = []
    ended = threading.Event()

    def alive(self, run_id: str) -> bool:
        calls.append(run_id)
        if len(calls) > 2:
            ended.set()
        raise StoreUnavailable("away")

    monkeypatch.setattr(job, "ALIVE_SECONDS", 0.001)
    monkeypatch.setattr(Runs, "alive", alive)
    run = shop.runs.begin(Kind.TRAIN, by="Ana")
    job.watch(shop, run, ended, lambda: pytest.fail("it gave up"))
    assert len(calls) > 2


def away(times: int, work: Callable[..., Any]) -> Callable[..., Any]:
    """Does what it is given, after the database was out of reach so many times."""
    left = [times]

    def call(*arguments: Any, **named: Any) -> Any:
        if left[0] > 0:
            left[0] -= 1
            raise StoreUnavailable("away")
        return work(*arguments, **named)

    return call


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Runs, "step"),
        (Runs, "end"),
        (Archives, "keep"),
        (Archives, "forget_old"),
        (Corrections, "reviewed"),
    ],
    ids=lambda each: each if isinstance(each, str) else each.__name__,
)
def test_a_training_outlives_a_database_that_is_away_for_a_while(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, kind: type, name: str
):
    def train(archive: Path, more: Sequence[Path] = ()) -> None:
        archive.write_bytes(b"model")

    monkeypatch.setattr(job, "ALIVE_SECONDS", 0.001)
    monkeypatch.setattr(job.training, "train", train)
    monkeypatch.setattr(kind, name, away(2, getattr(kind, name)))
    run = shop.runs.begin(Kind.TRAIN, by="Ana")
    assert carry_out(shop, run, threading.Event()) is RunState.DONE
    done = shop.runs.get(run.id)
    assert done.state is RunState.DONE
    assert [model.id for model in shop.archives.all()] == [done.model_id]


def test_a_database_that_stays_away_ends_it(shop: Workshop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(job, "ALIVE_SECONDS", 0.001)
    with pytest.raises(StoreUnavailable):
        job.patiently(away(10**9, int), seconds=0.01)
    with pytest.raises(ValueError, match="invalid"):
        job.patiently(lambda: int("x"), seconds=600)
