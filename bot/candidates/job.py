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
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot import logs
from bot.candidates.basis import basis_of
from bot.candidates.comparing import compare
from bot.candidates.measuring import Answers, Sets, measure
from bot.candidates.model import Kind, Model, Refusal, Run, RunState
from bot.candidates.runs import ALIVE_SECONDS
from bot.candidates.workplace import clear, workplace
from bot.candidates.workshop import Workshop
from bot.clock import utc_now
from bot.content.importer import import_if_empty
from bot.content.store import ContentStore
from bot.corrections.files import write_files
from bot.corrections.learning import Shipped, lesson
from bot.corrections.repository import Corrections
from bot.db.engine import create_engine
from bot.engine import training
from bot.errors import CarelineError, PromotionRefused, Unavailable
from bot.nlu.answer_vectors import vector_store
from bot.settings import Settings

logger = logging.getLogger(__name__)

NICE = 10
"""How far below the server's the priority is: visitors are answered first."""

REPORT_EVERY = 20
"""Messages between two reports: each is a write."""

COLLECT, TRAIN, KEEP = "collect", "train", "keep"
READ = "read"
BEFORE, AFTER = "before", "after"
"""Names of steps. Those of a comparison are `before/SET` and `after/SET`."""

PATIENT_SECONDS = 300.0
"""How long a run waits for a database that is out of reach: minutes of work would be lost."""

USELESS = frozenset({Refusal.ARCHIVE_GONE, Refusal.OTHER_DATA, Refusal.IN_FORCE})
"""Reasons against a promotion that a comparison cannot remove."""

MEGABYTE = 1 << 20

Result = TypeVar("Result")


def train_candidate(shop: Workshop, run: Run) -> str:
    """Train on the shipped data and the corrections, store the archive. Returns the model's id.

    Raises `SetupError` where training fails.
    """
    tell(shop, run, COLLECT)
    learnt = lesson(patiently(Corrections(shop.database, shop.clock).reviewed), Shipped.read())
    with tempfile.TemporaryDirectory(prefix="train-") as folder:
        write_files(Path(folder), learnt.examples, ())
        tell(shop, run, TRAIN)
        archive = Path(folder) / "candidate.tar.gz"
        training.train(archive, [Path(folder) / "nlu"] if learnt.examples else [])
        tell(shop, run, KEEP)
        model = patiently(
            lambda: shop.archives.keep(
                archive,
                based_on=shop.based_on,
                data_hash=data_hash(learnt.examples),
                corrections=len(learnt.examples),
                by=run.by,
                report=lambda done, total: tell(
                    shop, run, KEEP, done // MEGABYTE, total // MEGABYTE
                ),
            )
        )
    patiently(lambda: shop.archives.forget_old(shop.based_on))
    return model.id


def compare_candidate(shop: Workshop, run: Run) -> str:
    """Ask the model in force and the candidate the same, and keep what came. Returns the latter's
    id.

    Raises `PromotionRefused` at once where no comparison could lead to a promotion.
    """
    tell(shop, run, READ)
    after = patiently(lambda: shop.archives.get(run.model_id or ""))
    before = patiently(lambda: model_in_force(shop))
    (judged,) = patiently(lambda: shop.promotions.judge([after]))
    if judged.refusal in USELESS:
        raise PromotionRefused(judged.refusal)
    archives = [patiently(partial(shop.archives.fetch, model)) for model in (before, after)]
    patiently(lambda: import_if_empty(shop.database, shop.clock))
    store = ContentStore(shop.database, shop.clock, vector_store(shop.database))
    content = patiently(store.snapshot)
    reviewed = patiently(Corrections(shop.database, shop.clock).reviewed)
    sets, basis = Sets.read(reviewed, sorted(content.clinics)), basis_of(reviewed)

    def answers(name: str, archive: Path) -> Answers:
        def report(set_name: str, done: int, total: int) -> None:
            if done == total or done % REPORT_EVERY == 0:
                tell(shop, run, f"{name}/{set_name}", done, total)

        return measure(archive, shop.settings, content, sets, report)

    one, other = answers(BEFORE, archives[0]), answers(AFTER, archives[1])
    found = [compare(name, one.sets[name], other.sets[name]) for name in one.sets]
    patiently(
        lambda: shop.comparisons.keep(
            before.sha256,
            after.sha256,
            [figures for figures, _ in found],
            [line for _, lines in found for line in lines],
            basis=basis,
            by=run.by,
        )
    )
    return after.id


def model_in_force(shop: Workshop) -> Model:
    """The model in force, stored in the database where it was not: that of the shipped data."""
    running = shop.promotions.running()
    if running is not None and running.kept:
        return running
    return shop.archives.keep(
        training.ensure_model(shop.settings, progress=False),
        based_on=shop.based_on,
        data_hash=data_hash(()),
        corrections=0,
        by="",
        shipped=True,
    )


def data_hash(examples: tuple[tuple[str, str], ...]) -> str:
    """SHA-256 of what is learnt beside the shipped data, 64 hexadecimal digits."""
    return hashlib.sha256(json.dumps(examples, ensure_ascii=False).encode()).hexdigest()


STEPS = {Kind.TRAIN: train_candidate, Kind.COMPARE: compare_candidate}


def tell(shop: Workshop, run: Run, step: str, done: int = 0, total: int = 0) -> None:
    """Note how far a run is. Where the database is out of reach, the next note says so too."""
    try:
        shop.runs.step(run.id, step, done, total)
    except Unavailable:
        logger.warning("a run cannot say how far it is")


def patiently(work: Callable[[], Result], seconds: float = PATIENT_SECONDS) -> Result:
    """Do something that may be done twice, again where the database is out of reach for a while.

    Raises what `work` raises, `Unavailable` only once so many seconds are over.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            return work()
        except Unavailable:
            if time.monotonic() > deadline:
                raise
            logger.warning("a run waits for the database")
            time.sleep(ALIVE_SECONDS)


def carry_out(shop: Workshop, run: Run, ended: threading.Event) -> RunState:
    """Do what a run is for, and note how it ended. An error that is not ours is noted by class.

    `ended` is set before it is noted: whoever watches the run must not take that for a stop.
    """
    state, failure, model_id = RunState.FAILED, None, None
    try:
        model_id = STEPS[run.kind](shop, run)
        state = RunState.DONE
    except PromotionRefused as error:
        failure = error.why
    except CarelineError as error:
        failure = str(error)
    except Exception as error:  # noqa: BLE001  whatever it was, staff see that it ended
        logger.exception("a run failed")
        failure = f"It ended with an error of the program ({type(error).__name__}); see the log."
    ended.set()
    patiently(lambda: shop.runs.end(run.id, state, failure=failure, model_id=model_id))
    return state


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


def end_all(place: Path) -> None:
    """End this process and all that it started, which are a group of their own."""
    shutil.rmtree(place, ignore_errors=True)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def main() -> None:
    """Carry out the run that the command line names. Exit code 0 where it is done."""
    logs.configure()
    os.nice(NICE)
    settings = Settings.from_env()
    shop = Workshop(settings, create_engine(settings.database_url), utc_now)
    run = patiently(lambda: shop.runs.get(sys.argv[1]))
    folder = shop.archives.folder
    patiently(lambda: clear(folder, shop.runs))
    with workplace(folder, run) as place:
        ended = threading.Event()
        watching = (shop, run, ended, lambda: end_all(place))
        threading.Thread(target=watch, args=watching, daemon=True).start()
        state = carry_out(shop, run, ended)
    sys.exit(0 if state is RunState.DONE else 1)


if __name__ == "__main__":
    main()
