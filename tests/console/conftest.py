from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy.engine import Engine

from bot.candidates.model import Kind, Run
from bot.candidates.runs import Runs
from bot.settings import Settings
from tests.browser import browser
from tests.candidates.stage import BASED_ON, Shelf
from tests.chat.stage import Clock
from tests.console.stage import OpenPage, Staff, Stage, cookie_for, make_stage
from tests.widget.running import Server

__all__ = ["browser"]


@pytest.fixture
def console(  # noqa: PLR0917  fixtures come by name
    request: pytest.FixtureRequest,
    tmp_path: Path,
    stocked_copy: Callable[[str, Path], str],
    make_engine: Callable[[str], Engine],
    make_settings: Callable[..., Settings],
    clock: Clock,
) -> Stage:
    """The staff door with the shipped content: clinics `temple` and `twin-cities`.

    On SQLite, unless a file of tests says `DATABASE = "postgresql"`: pages that are tested in two
    files are tested on both.
    """
    kind = getattr(request.module, "DATABASE", "sqlite")
    url = stocked_copy(kind, tmp_path / "careline.db")
    return make_stage(make_settings(database_url=url), make_engine(url), clock)


@pytest.fixture
def open_page(browser: Browser, console: Stage) -> Iterator[OpenPage]:
    """Opens a page of the console (path without `/staff`) in a browser of its own, signed in where
    a `Staff` is given. No script may fail, nothing may be refused by the page's policy, nothing may
    be fetched from anybody else.
    """
    server = Server(console.app)
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_it(path: str = "/", staff: Staff | None = None, **options: Any) -> Page:
        context = browser.new_context(base_url=server.url, **options)
        contexts.append(context)
        if staff is not None:
            context.add_cookies([cookie_for(server.url, staff.token)])
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: said.type == "error" and wrong.append(said.text))
        page.on("request", lambda r: r.url.startswith(server.url) or wrong.append(r.url))
        page.goto(f"/staff{path}")
        return page

    yield open_it
    for context in contexts:
        context.close()
    server.stop()
    refused = "Failed to load resource"  # the status of a page with an error in a form
    assert [each for each in wrong if refused not in each] == []


@pytest.fixture
def shelf(console: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """Models with archives of a few bytes, in the stage's database."""
    monkeypatch.setattr("bot.console.training_view.based_on", lambda: BASED_ON)
    folder = console.parts.settings.model_dir
    return Shelf.of(console.database, console.clock, folder, tmp_path)


@pytest.fixture
def trained(console: Stage, model: Path) -> None:
    """The real model lies where the console looks for it."""
    folder = console.parts.settings.model_dir
    folder.mkdir(parents=True, exist_ok=True)
    (folder / model.name).symlink_to(model)


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[Run]:
    """Runs that a page began: their rows are there, their processes are not."""
    found: list[Run] = []

    def launch(runs: Runs, settings: Any, kind: Kind, *, by: str, model_id: str | None = None):
        found.append(runs.begin(kind, by=by, model_id=model_id))

    monkeypatch.setattr("bot.console.training_pages.launch", launch)
    return found
