"""One run at a time, and what can be seen of it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from bot.candidates.model import Kind, RunState
from bot.candidates.runs import DEAD_AFTER, Runs
from bot.errors import EditOvertaken, NotFound
from tests.chat.stage import Clock


def test_there_is_one_at_a_time(runs: Runs):
    first = runs.begin(Kind.TRAIN, by="Ana")
    assert runs.under_way() == first
    with pytest.raises(EditOvertaken, match="under way"):
        runs.begin(Kind.COMPARE, by="Ben")
    runs.end(first.id, RunState.DONE)
    assert runs.under_way() is None
    assert runs.begin(Kind.COMPARE, by="Ben").kind is Kind.COMPARE


def test_of_several_that_begin_at_the_same_moment_one_does(engine: Engine, clock: Clock):
    def begin(name: str) -> bool:
        try:
            return bool(Runs(engine, clock).begin(Kind.TRAIN, by=name))
        except EditOvertaken:
            return False

    with ThreadPoolExecutor(4) as people:
        assert sum(people.map(begin, ["Ana", "Ben", "Cam", "Dee"])) == 1


def test_its_steps_are_told_with_their_times(runs: Runs, clock: Clock):
    run = runs.begin(Kind.TRAIN, by="Ana")
    runs.step(run.id, "train")
    clock.move(seconds=90)
    runs.step(run.id, "keep", 3, 17)
    clock.move(seconds=2)
    runs.step(run.id, "keep", 17, 17)
    clock.move(seconds=1)
    runs.end(run.id, RunState.DONE)
    found = runs.get(run.id)
    took = [(s.name, s.ended_at and s.ended_at - s.started_at, s.done, s.total)
            for s in found.steps]  # fmt: skip
    assert took == [
        ("train", timedelta(seconds=90), 0, 0),
        ("keep", timedelta(seconds=3), 17, 17),
    ]
    assert (found.state, found.ended_at) == (RunState.DONE, clock.now)


def test_one_that_gives_no_sign_of_life_has_crashed_and_holds_up_nobody(runs: Runs, clock: Clock):
    run = runs.begin(Kind.TRAIN, by="Ana")
    clock.now += DEAD_AFTER
    assert runs.get(run.id).state is RunState.RUNNING
    assert runs.alive(run.id)
    clock.now += DEAD_AFTER + timedelta(seconds=1)
    assert runs.get(run.id).state is RunState.CRASHED
    assert runs.under_way() is None
    second = runs.begin(Kind.TRAIN, by="Ben")
    assert not runs.alive(run.id), "it learns that it was taken for dead"
    runs.end(run.id, RunState.DONE)
    assert runs.get(run.id).state is RunState.CRASHED
    assert runs.under_way() == second


def test_one_can_be_stopped_and_learns_so(runs: Runs):
    run = runs.begin(Kind.TRAIN, by="Ana")
    assert runs.stop(run.id, by="Ben").stop_wanted_by == "Ben"
    assert not runs.alive(run.id)
    runs.end(run.id, RunState.STOPPED)
    assert runs.latest()[0].state is RunState.STOPPED


def test_whoever_stops_one_that_has_ended_does_not_stop_the_next_one(
    runs: Runs, recorded: Callable[[], list[Any]]
):
    seen = runs.begin(Kind.TRAIN, by="Ana")
    runs.end(seen.id, RunState.DONE)
    next_one = runs.begin(Kind.COMPARE, by="Ana")
    for run_id in (seen.id, "nothing", ""):
        with pytest.raises(NotFound, match="any more"):
            runs.stop(run_id, by="Ben")
    assert runs.alive(next_one.id)
    assert [entry.by for entry in recorded()] == ["Ana", "Ana"]


def test_one_that_crashed_cannot_be_stopped(runs: Runs, clock: Clock):
    run = runs.begin(Kind.TRAIN, by="Ana")
    clock.now += DEAD_AFTER + timedelta(seconds=1)
    with pytest.raises(NotFound):
        runs.stop(run.id, by="Ben")
    assert runs.get(run.id).state is RunState.CRASHED
    assert runs.begin(Kind.TRAIN, by="Ben").state is RunState.RUNNING


def test_why_it_failed_is_kept(runs: Runs):
    run = runs.begin(Kind.TRAIN, by="Ana")
    runs.end(run.id, RunState.FAILED, failure="The disk is full.")
    assert runs.get(run.id).failure == "The disk is full."
    with pytest.raises(NotFound):
        runs.get("nothing")


def test_who_began_and_stopped_it_is_recorded(runs: Runs, recorded: Callable[[], list[Any]]):
    runs.end(runs.begin(Kind.TRAIN, by="Ana").id, RunState.DONE)
    run = runs.begin(Kind.COMPARE, by="Ben", model_id=None)
    runs.stop(run.id, by="Cam")
    found = [(entry.by, entry.action) for entry in recorded()]
    assert found == [
        ("Ana", "model.training_begun"),
        ("Ben", "model.comparison_begun"),
        ("Cam", "model.run_stopped"),
    ]
    assert recorded()[-1].target == run.id
