from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import Any

import pytest

from bot.content import live as live_content
from bot.content.files import load_directory
from bot.content.model import Notice, Snapshot
from bot.content.snapshot import snapshot_of_files
from tests.actions.driving import Driver
from tests.nlu.contents import Fixed

LONG_AGO = datetime(2020, 1, 1, tzinfo=timezone.utc)
OUTAGE = Notice(1, "phone_outage", "The phones are out.", LONG_AGO, None)


@pytest.fixture(scope="session")
def shipped() -> Snapshot:
    """The shipped content, at a time without any notice."""
    return with_notices(snapshot_of_files(load_directory()))


@pytest.fixture(scope="session")
def with_outage(shipped: Snapshot) -> Snapshot:
    return with_notices(shipped, OUTAGE)


def with_notices(snapshot: Snapshot, *notices: Notice) -> Snapshot:
    clinics = {
        key: dataclasses.replace(clinic, notices=notices)
        for key, clinic in snapshot.clinics.items()
    }
    return dataclasses.replace(snapshot, clinics=clinics)


@pytest.fixture
def in_force(shipped: Snapshot) -> Iterator[Fixed]:
    """The content of this process, for a test to change."""
    fixed = Fixed(shipped)
    live_content.use(fixed)
    yield fixed
    live_content.use(None)


@pytest.fixture(scope="session")
def actions() -> dict[str, Callable[..., Any]]:
    """Every action, found as Rasa's action server finds them."""
    from rasa_sdk.executor import ActionExecutor

    executor = ActionExecutor()
    executor.register_package("actions")
    return executor.actions


@pytest.fixture
def visitor(actions: dict[str, Callable[..., Any]], in_force: Fixed) -> Driver:
    return Driver(actions)
