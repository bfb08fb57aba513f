from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.db.engine import create_engine
from bot.settings import Settings
from tests.chat.stage import Clock, Stage, Visitor, stub_app


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(
        Settings.from_env({"DATA_DIR": str(tmp_path)}), session_hours=24, rate_limits=False
    )


@pytest.fixture
def make_stage(tmp_path: Path, settings: Settings) -> Iterator[Callable[..., Stage]]:
    opened = []

    def make(**changes: object) -> Stage:
        clock = Clock()
        changed = replace(settings, **changes)
        database = create_engine(changed.database_url)
        app, engine, content, log = stub_app(changed, database, clock)
        client = TestClient(app)
        opened.append((client, database))
        client.__enter__()
        return Stage(client, app, engine, content, log, clock, tmp_path / "careline.db")

    yield make
    for client, database in opened:
        client.__exit__(None, None, None)
        database.dispose()


@pytest.fixture
def stage(make_stage: Callable[..., Stage]) -> Stage:
    return make_stage()


@pytest.fixture
def visitor(stage: Stage) -> Visitor:
    return stage.start()
