from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml

from bot.engine.rasa_environment import ENVIRONMENT
from bot.paths import ROOT
from tests.nlu.conftest import rasa
from tests.rasa_project.servers import free_port, wait_for
from tests.rasa_project.tiny import shrink

__all__ = ["rasa"]

SECONDS = 900
"""Nothing of Rasa's takes longer, two commands at once."""

STORIES = ROOT / "tests" / "rasa_project" / "test_stories.yml"

Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """As in a terminal: without what our own way to load Rasa sets in this process."""
    ours = {name: value for name, value in os.environ.items() if name not in ENVIRONMENT}
    return {**ours, "RASA_TELEMETRY_ENABLED": "false", "RASA_MAX_CACHE_SIZE": "0"}


@pytest.fixture(scope="session")
def rasa_command(environment: dict[str, str]) -> Run:
    """Runs `rasa ...` in a folder, as somebody who knows Rasa would type it."""

    def run(*arguments: str, cwd: Path = ROOT, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "rasa", *arguments],
            cwd=cwd,
            env={**environment, "PYTHONPATH": str(ROOT), "LINES": "40", "COLUMNS": "120"},
            input=typed,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with a few examples of each intent. Its models go to `models/`."""
    folder = tmp_path_factory.mktemp("tiny")
    for name in ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "data" / "stories", folder / "data" / "stories")
    shutil.copytree(ROOT / "data" / "nlu" / "lookup", folder / "data" / "nlu" / "lookup")
    few = shrink(ROOT / "data" / "nlu")
    (folder / "data" / "nlu" / "few.yml").write_text(yaml.safe_dump(few), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def side_by_side(
    tiny: Path, model: Path, rasa_command: Run, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Future[Done]]:
    """The long commands, two at once: importing Rasa as a whole is most of each."""
    report = tmp_path_factory.mktemp("report")
    stories = ("--stories", str(STORIES), "--model", str(model), "--out", str(report))
    with ThreadPoolExecutor(2) as pool:
        return {
            "train": pool.submit(rasa_command, "train", cwd=tiny),
            "validate": pool.submit(rasa_command, "data", "validate", "--fail-on-warnings"),
            "test": pool.submit(
                rasa_command, "test", "core", "--e2e", *stories, "--fail-on-prediction-errors"
            ),
        }


@pytest.fixture(scope="session")
def trained(tiny: Path, side_by_side: dict[str, Future[Done]]) -> Path:
    """The model of the tiny project, made by `rasa train` in its root."""
    done = side_by_side["train"].result()
    assert done.returncode == 0, done.stderr[-2_000:]
    (model,) = (tiny / "models").glob("*.tar.gz")
    return model


@pytest.fixture(scope="session")
def action_server(
    environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """`rasa run actions` in the root on a free port: its address."""
    port, log = free_port(), tmp_path_factory.mktemp("actions") / "log"
    command = [sys.executable, "-W", "ignore", "-m", "rasa", "run", "actions", "--port", str(port)]
    with log.open("w") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(f"{url}/health", process, log.read_text)
            yield url
        finally:
            process.kill()
            process.wait()
