"""The process that trains a candidate or compares it, beside the server and with low priority.

    python -m bot.candidates.job RUN_ID

What it does stands in the run's row, step by step; another thread keeps saying that it is alive and
ends the process, with all that it started, where the run is to stop.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from bot import logs
from bot.candidates.archives import Archives
from bot.candidates.basis import basis_of
from bot.candidates.comparing import compare
from bot.candidates.comparisons import Comparisons
from bot.candidates.measuring import Answers, Sets, measure
from bot.candidates.model import Kind, Model, Run, RunState
from bot.candidates.promotion import Promotions
from bot.candidates.runs import ALIVE_SECONDS, Runs
from bot.content.importer import import_if_empty
from bot.content.store import ContentStore
from bot.corrections.files import write_files
from bot.corrections.learning import Shipped, lesson
from bot.corrections.model import State
from bot.corrections.repository import Corrections
from bot.db.engine import create_engine
from bot.engine import training
from bot.errors import CarelineError, Unavailable, Unprocessable
from bot.nlu.answer_vectors import vector_store
from bot.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

logger = logging.getLogger(__name__)

NICE = 10
"""How far below the server's the priority is: visitors are answered first."""

REPORT_EVERY = 20
"""Messages between two reports: each is a write."""

COLLECT, TRAIN, KEEP = "collect", "train", "keep"
READ = "read"
BEFORE, AFTER = "before", "after"
"""Names of steps. Those of a comparison are `before/SET` and `after/SET`."""

WORKPLACE = "run-"
MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Workshop:
    """What a run works with."""

    settings: Settings
    database: Engine
    clock: Callable[[], datetime]

    @property
    def runs(self) -> Runs:
        return Runs(self.database, self.clock)

    @property
    def archives(self) -> Archives:
        return Archives(self.database, self.clock, self.settings.model_dir)

    @property
    def promotions(self) -> Promotions:
        return Promotions(self.database, self.clock, training.fingerprint())


def train_candidate(shop: Workshop, run: Run) -> str:
    """Train on the shipped data and the corrections, store the archive. Returns the model's id.

    Raises `SetupError` where training fails.
    """
    shop.runs.step(run.id, COLLECT)
    reviewed = Corrections(shop.database, shop.clock).reviewed()
    learnt = lesson((c for c in reviewed if c.state is State.TRAINING), Shipped.read())
    with tempfile.TemporaryDirectory(prefix="train-") as folder:
        write_files(Path(folder), learnt.examples, ())
        shop.runs.step(run.id, TRAIN)
        archive = Path(folder) / "candidate.tar.gz"
        training.train(archive, [Path(folder) / "nlu"] if learnt.examples else [])
        shop.runs.step(run.id, KEEP)
        model = shop.archives.keep(
            archive,
            based_on=training.fingerprint(),
            data_hash=data_hash(learnt.examples),
            corrections=len(learnt.examples),
            by=run.by,
            report=lambda done, total: shop.runs.step(
                run.id, KEEP, done // MEGABYTE, total // MEGABYTE
            ),
        )
    shop.archives.forget_old()
    return model.id


def compare_candidate(shop: Workshop, run: Run) -> str:
    """Ask the model in force and the candidate the same, and keep what came. Returns the latter's
    id.
    """
    shop.runs.step(run.id, READ)
    after = shop.archives.get(run.model_id or "")
    before = model_in_force(shop)
    if before.id == after.id:
        raise Unprocessable("This model is in force already: there is nothing to compare.")
    import_if_empty(shop.database, shop.clock)
    content = ContentStore(shop.database, shop.clock, vector_store(shop.database))
    clinics = tuple(sorted(content.snapshot().clinics))
    reviewed = Corrections(shop.database, shop.clock).reviewed()
    sets, basis = Sets.read(reviewed, clinics), basis_of(reviewed)

    def answers(name: str, model: Model) -> Answers:
        def report(set_name: str, done: int, total: int) -> None:
            if done == total or done % REPORT_EVERY == 0:
                shop.runs.step(run.id, f"{name}/{set_name}", done, total)

        return measure(shop.archives.fetch(model), shop.settings, content, sets, report)

    one, other = answers(BEFORE, before), answers(AFTER, after)
    found = [compare(name, one.sets[name], other.sets[name]) for name in one.sets]
    Comparisons(shop.database, shop.clock).keep(
        before.sha256,
        after.sha256,
        [figures for figures, _ in found],
        [line for _, lines in found for line in lines],
        basis=basis,
        by=run.by,
    )
    return after.id


def model_in_force(shop: Workshop) -> Model:
    """The model in force, stored in the database where it was not: that of the shipped data."""
    running = shop.promotions.running()
    if running is not None and running.kept:
        return running
    return shop.archives.keep(
        training.ensure_model(shop.settings, progress=False),
        based_on=training.fingerprint(),
        data_hash=data_hash(()),
        corrections=0,
        by="",
        shipped=True,
    )


def data_hash(examples: tuple[tuple[str, str], ...]) -> str:
    """SHA-256 of what is learnt beside the shipped data, 64 hexadecimal digits."""
    return hashlib.sha256(json.dumps(examples, ensure_ascii=False).encode()).hexdigest()


STEPS = {Kind.TRAIN: train_candidate, Kind.COMPARE: compare_candidate}


def carry_out(shop: Workshop, run: Run) -> RunState:
    """Do what a run is for, and note how it ended. An error that is not ours is noted by class."""
    try:
        model_id = STEPS[run.kind](shop, run)
    except CarelineError as error:
        shop.runs.end(run.id, RunState.FAILED, failure=str(error))
        return RunState.FAILED
    except Exception as error:  # noqa: BLE001  whatever it was, staff see that it ended
        logger.exception("a run failed")
        failure = f"It ended with an error of the program ({type(error).__name__}); see the log."
        shop.runs.end(run.id, RunState.FAILED, failure=failure)
        return RunState.FAILED
    shop.runs.end(run.id, RunState.DONE, model_id=model_id)
    return RunState.DONE


def watch(shop: Workshop, run: Run, ended: threading.Event, give_up: Callable[[], None]) -> None:
    """Say that a run is alive until it has ended; give up where it is to stop.

    It is to stop where somebody said so, or took it for dead. A database that is out of reach for a
    while does no harm.
    """
    while not ended.wait(ALIVE_SECONDS):
        try:
            if not shop.runs.alive(run.id) and not ended.is_set():
                shop.runs.end(run.id, RunState.STOPPED)
                give_up()
                return
        except Unavailable:
            logger.warning("a run cannot say that it is alive")


def end_all(workplace: Path) -> None:
    """End this process and all that it started, which are a group of their own."""
    shutil.rmtree(workplace, ignore_errors=True)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def make_workplace(folder: Path) -> Path:
    """The folder for everything that a run keeps for a while, which may hold visitors' words.

    Only we can read it. What a run left that was killed is taken away: there is one at a time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob(f"{WORKPLACE}*"):
        shutil.rmtree(stale, ignore_errors=True)
    made = tempfile.mkdtemp(prefix=WORKPLACE, dir=folder)
    tempfile.tempdir = os.environ["TMPDIR"] = made  # Rasa's own temporary folders too
    return Path(made)


def main() -> None:
    """Carry out the run that the command line names. Exit code 0 where it is done."""
    logs.configure()
    os.nice(NICE)
    settings = Settings.from_env()
    database = create_engine(settings.database_url)
    shop = Workshop(settings, database, _now)
    run = shop.runs.get(sys.argv[1])
    workplace = make_workplace(shop.archives.folder)
    ended = threading.Event()
    watching = (shop, run, ended, lambda: end_all(workplace))
    threading.Thread(target=watch, args=watching, daemon=True).start()
    state = carry_out(shop, run)
    ended.set()
    shutil.rmtree(workplace, ignore_errors=True)
    sys.exit(0 if state is RunState.DONE else 1)


def _now() -> datetime:
    return datetime.now(timezone.utc)


if __name__ == "__main__":
    main()
