"""Runs in processes of their own; and what a run does, step by step."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from bot.candidates import job
from bot.candidates.comparing import Asked
from bot.candidates.gates import DEVELOPMENT, REGRESSION, SAFETY
from bot.candidates.job import carry_out
from bot.candidates.launching import launch
from bot.candidates.measuring import Answers, Sets
from bot.candidates.model import Kind, Refusal, Run, RunState, Said
from bot.candidates.runs import DEAD_AFTER, Runs
from bot.candidates.tables import models
from bot.candidates.workplace import clear, tidying, workplace
from bot.candidates.workshop import Workshop
from bot.commands.database import now
from bot.corrections.model import Draft, State, Wanted
from bot.corrections.repository import Corrections
from bot.errors import EditOvertaken, SetupError
from bot.settings import Settings
from tests.engine.stage import wait_until

SECONDS = 60


@pytest.fixture
def shop(stocked: str, make_settings: Callable[..., Settings], make_engine) -> Workshop:
    settings = make_settings(database_url=stocked)
    return Workshop(settings, make_engine(stocked), now)


def begin(shop: Workshop, how: str) -> tuple[Run, subprocess.Popen[bytes]]:
    command = (sys.executable, "-W", "ignore", "-m", "tests.candidates.stand_in_job", how)
    return launch(shop.runs, shop.settings, Kind.TRAIN, by="Ana", job=command)


def learn(shop: Workshop, text: str, state: State = State.TRAINING) -> None:
    drafts = [Draft(text, Wanted("portal"), "temple", state)]
    Corrections(shop.database, shop.clock).add(drafts, by="Ana")


def test_a_candidate_is_trained_on_the_corrections_beside_the_server(shop: Workshop):
    learn(shop, "zebra crossing at midnight")
    learn(shop, "quagga on the stairs", State.REGRESSION)
    run, process = begin(shop, "train")
    with pytest.raises(EditOvertaken):
        begin(shop, "train")
    assert process.wait(SECONDS) == 0
    done = shop.runs.get(run.id)
    assert (done.state, done.failure) == (RunState.DONE, None)
    assert [step.name for step in done.steps] == ["collect", "train", "keep"]
    assert all(step.ended_at for step in done.steps)
    model = shop.archives.get(done.model_id or "")
    assert (model.corrections, model.by, model.shipped) == (1, "Ana", False)
    said = shop.archives.fetch(model).read_text()
    assert said.startswith("nice 10 in run-\n")
    assert "    - zebra crossing at midnight\n" in said
    assert "quagga" not in said
    assert [path.suffix for path in shop.archives.folder.iterdir()] == [".gz"], (
        "what visitors said lies nowhere any more"
    )


def test_a_run_can_be_stopped_with_all_that_it_started(shop: Workshop):
    run, process = begin(shop, "hang")
    told = shop.archives.folder / "child"
    wait_until(lambda: told.is_file() and told.read_text() != "", SECONDS)
    child = psutil.Process(int(told.read_text()))
    shop.runs.stop(run.id, by="Ben")
    process.wait(SECONDS)
    assert shop.runs.get(run.id).state is RunState.STOPPED
    wait_until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)
    assert [path.name for path in shop.archives.folder.iterdir()] == ["child"]
    assert shop.archives.all() == []
    assert shop.runs.under_way() is None


def test_one_that_was_killed_is_seen_as_crashed_and_the_next_one_tidies_up(shop: Workshop):
    run, process = begin(shop, "hang")
    told = shop.archives.folder / "child"
    wait_until(told.is_file, SECONDS)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(SECONDS)
    later = dataclasses.replace(shop, clock=lambda: now() + DEAD_AFTER + DEAD_AFTER)
    assert later.runs.get(run.id).state is RunState.CRASHED
    (left,) = shop.archives.folder.glob("run-*")
    clear(shop.archives.folder, shop.runs)
    assert left.is_dir(), "it may be alive still"
    with workplace(shop.archives.folder, later.runs.begin(Kind.TRAIN, by="Ana")) as own:
        clear(shop.archives.folder, later.runs)
        assert [p for p in shop.archives.folder.iterdir() if p.name != "child"] == [own]
        assert own.stat().st_mode & 0o077 == 0
    assert [path.name for path in shop.archives.folder.iterdir()] == ["child"]


def test_a_server_takes_away_what_killed_runs_left(shop: Workshop):
    left = shop.archives.folder / "run-of long ago-x"
    left.mkdir(parents=True)
    (left / "portal.yml").write_text("- what a visitor said")
    tidy = tidying(shop)
    tidy.start()
    wait_until(lambda: not left.exists())
    tidy.stop()


@pytest.fixture(autouse=True)
def temporary_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run changes where this process keeps what is temporary."""
    monkeypatch.setattr(tempfile, "tempdir", tempfile.tempdir)
    monkeypatch.setenv("TMPDIR", tempfile.gettempdir())


@pytest.mark.parametrize(
    ("how", "told"),
    [("refuse", "Training failed: the data is not usable."), ("fail", "(ValueError)")],
)
def test_what_went_wrong_is_told_without_anybodys_words(shop: Workshop, how: str, told: str):
    run, process = begin(shop, how)
    assert process.wait(SECONDS) == 1
    failed = shop.runs.get(run.id)
    assert failed.state is RunState.FAILED
    assert told in (failed.failure or "")
    assert "visitor" not in (failed.failure or "")


def test_a_process_that_cannot_be_started_frees_the_slot(shop: Workshop):
    with pytest.raises(SetupError, match="No process"):
        launch(shop.runs, shop.settings, Kind.TRAIN, by="Ana", job=("/no/such/program",))
    assert shop.runs.under_way() is None
    assert shop.runs.latest()[0].state is RunState.FAILED


def asked(right: bool) -> Answers:
    line = Asked(
        "1", "a:1", "a line", Said("phone"), Said("phone" if right else "portal"), right, True
    )
    return Answers({DEVELOPMENT: (line,), SAFETY: (line,), REGRESSION: ()})


def test_a_comparison_is_of_the_model_in_force_and_the_candidate(
    shop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    shipped = tmp_path / "shipped.tar.gz"
    shipped.write_bytes(b"shipped")
    monkeypatch.setattr(job.training, "ensure_model", lambda *_, **__: shipped)
    (tmp_path / "candidate.tar.gz").write_bytes(b"candidate")
    candidate = shop.archives.keep(
        tmp_path / "candidate.tar.gz",
        based_on=shop.promotions.based_on,
        data_hash="d",
        corrections=1,
        by="Ana",
    )
    seen: list[tuple[bytes, tuple[str, ...]]] = []

    def measure(model: Path, settings, content, sets: Sets, report) -> Answers:
        seen.append((model.read_bytes(), sets.clinics))
        report(DEVELOPMENT, 20, 355)
        return asked(right=model.read_bytes() == b"shipped")

    monkeypatch.setattr(job, "measure", measure)
    run = shop.runs.begin(Kind.COMPARE, by="Ana", model_id=candidate.id)
    assert carry_out(shop, run, threading.Event()) is RunState.DONE
    clinics = ("temple", "twin-cities")
    assert seen == [(b"shipped", clinics), (b"candidate", clinics)]
    steps = [(step.name, step.done, step.total) for step in shop.runs.get(run.id).steps]
    assert steps == [
        ("read", 0, 0),
        ("before/development", 20, 355),
        ("after/development", 20, 355),
    ]
    running = shop.promotions.running()
    assert running is not None
    assert running.shipped
    found = shop.comparisons.latest(running.sha256, candidate.sha256)
    assert found is not None
    assert [each.urgent_lost for each in found.figures] == [1, 1, 0]
    (judged,) = shop.promotions.judge([candidate])
    assert (judged.comparison, judged.refusal) == (found, Refusal.DOES_NOT_PASS)


def test_a_run_that_has_ended_is_not_taken_for_one_that_was_stopped(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
):
    ended = threading.Event()
    monkeypatch.setattr(job, "ALIVE_SECONDS", 0.001)
    monkeypatch.setitem(job.STEPS, Kind.TRAIN, lambda *_: None)
    run = shop.runs.begin(Kind.TRAIN, by="Ana")
    end = shop.runs.end

    def end_and_wait(self: Runs, *arguments: Any, **named: Any) -> None:
        assert ended.is_set(), "before it is noted"
        end(*arguments, **named)

    monkeypatch.setattr(Runs, "end", end_and_wait)
    assert carry_out(shop, run, ended) is RunState.DONE
    job.watch(shop, run, ended, lambda: pytest.fail("it gave up"))


@pytest.mark.parametrize(
    ("values", "why"),
    [({"kept": False}, Refusal.ARCHIVE_GONE), ({"based_on": "old"}, Refusal.OTHER_DATA)],
)
def test_what_cannot_be_put_in_force_anyway_is_not_compared_for_minutes(
    shop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], why
):
    made = []
    for name in ("shipped", "candidate"):
        (tmp_path / name).write_text(name)
        made.append(
            shop.archives.keep(
                tmp_path / name,
                based_on=shop.based_on,
                data_hash="",
                corrections=1,
                by="Ana",
                shipped=name == "shipped",
            )
        )
    with shop.database.begin() as connection:
        connection.execute(models.update().where(models.c.id == made[1].id).values(values))
    monkeypatch.setattr(job, "measure", lambda *_: pytest.fail("it was measured"))
    run = shop.runs.begin(Kind.COMPARE, by="Ana", model_id=made[1].id)
    assert carry_out(shop, run, threading.Event()) is RunState.FAILED
    assert shop.runs.get(run.id).failure == why
