from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from bot.content.files import load_directory
from bot.content.model import Snapshot
from bot.content.records import ContentFiles
from bot.content.snapshot import snapshot_of_files
from bot.paths import CONTENT_DIR
from tests.db.databases import KINDS, stock

NOON = datetime(2026, 11, 21, 17, tzinfo=timezone.utc)


class Clock:
    """A clock that a test moves."""

    def __init__(self, now: datetime = NOON):
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def shipped() -> ContentFiles:
    return load_directory()


@pytest.fixture(scope="session")
def snapshot(shipped: ContentFiles) -> Snapshot:
    return snapshot_of_files(shipped)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped content files, to be spoilt."""
    return Path(shutil.copytree(CONTENT_DIR, tmp_path / "content"))


@pytest.fixture(params=KINDS)
def stocked(request: pytest.FixtureRequest, tmp_path: Path, copy_of: Callable[..., str]) -> str:
    """The address of a database with the shipped content, imported at the clock's noon."""
    return copy_of(request.param, _stock_at_noon, tmp_path / "careline.db")


@pytest.fixture
def engine(stocked: str, make_engine: Callable[[str], Engine]) -> Engine:
    """A database with the shipped content in it."""
    return make_engine(stocked)


def _stock_at_noon(url: str) -> None:
    stock(url, Clock())


def edit(path: Path, old: str, new: str) -> int:
    """Replace the one place where `old` stands in a file; returns the line of it."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1
