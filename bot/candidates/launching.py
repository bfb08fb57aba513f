"""Starts runs: a process of its own for each, which ends by itself."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from bot import paths
from bot.candidates.model import Kind, Run, RunState
from bot.candidates.runs import Runs
from bot.errors import SetupError
from bot.settings import Settings

JOB = (sys.executable, "-W", "ignore", "-m", "bot.candidates.job")


def launch(
    runs: Runs,
    settings: Settings,
    kind: Kind,
    *,
    by: str,
    model_id: str | None = None,
    job: Sequence[str] = JOB,
) -> tuple[Run, subprocess.Popen[bytes]]:
    """Begin a run in a process of its own. Its row tells how far it is.

    Raises `EditOvertaken` where another run is under way, `SetupError` where no process can be
    started. What goes wrong with the program itself goes to this process's standard error.
    """
    run = runs.begin(kind, by=by, model_id=model_id)
    environment = {
        **os.environ,
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
    }
    try:
        process = subprocess.Popen(
            [*job, run.id],
            cwd=paths.ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # a group of its own: it outlives the command, and ends whole
        )
    except OSError as error:
        runs.end(run.id, RunState.FAILED, failure=type(error).__name__)
        raise SetupError(f"No process can be started: {error.strerror}.") from error
    return run, process
