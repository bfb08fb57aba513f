"""Runs in processes of their own; and what a run does, step by step."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from bot.candidates import job
from bot.candidates.comparing import Asked
from bot.candidates.gates import DEVELOPMENT, REGRESSION, SAFETY
from bot.candidates.job import Workshop, carry_out
from bot.candidates.launching import launch
from bot.candidates.measuring import Answers, Sets
from bot.candidates.model import Kind, Refusal, Run, RunState
from bot.candidates.runs import DEAD_AFTER
from bot.commands.database import now
from bot.corrections.model import Draft, State, Wanted
from bot.corrections.repository import Corrections
from bot.errors import EditOvertaken, SetupError, StoreUnavailable
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
    shop.runs.stop(by="Ben")
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
    assert any(path.name.startswith("run-") for path in shop.archives.folder.iterdir())
    made = job.make_workplace(shop.archives.folder)
    assert [p for p in shop.archives.folder.iterdir() if p.name != "child"] == [made]


@pytest.fixture(autouse=True)
def temporary_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run changes where this process keeps what is temporary."""
    monkeypatch.setattr(job.tempfile, "tempdir", job.tempfile.tempdir)
    monkeypatch.setenv("TMPDIR", job.tempfile.gettempdir())


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
    line = Asked("1", "a:1", "a line", "phone", "phone" if right else "portal", right, True)
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
    assert carry_out(shop, run) is RunState.DONE
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
    found = job.Comparisons(shop.database, now).latest(running.sha256, candidate.sha256)
    assert found is not None
    assert [each.urgent_lost for each in found.figures] == [1, 1, 0]
    (judged,) = shop.promotions.judge([candidate])
    assert (judged.comparison, judged.refusal) == (found, Refusal.DOES_NOT_PASS)


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
    monkeypatch.setattr(job.Runs, "alive", alive)
    run = shop.runs.begin(Kind.TRAIN, by="Ana")
    job.watch(shop, run, ended, lambda: pytest.fail("it gave up"))
    assert len(calls) > 2
