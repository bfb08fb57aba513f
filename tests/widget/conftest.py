from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import browser
from tests.chat.conftest import make_stage, settings, stage
from tests.chat.stage import Stage
from tests.widget.running import Chat, Server, Website, World

__all__ = ["browser", "make_stage", "settings", "stage"]

OpenPage = Callable[..., Page]


@pytest.fixture
def world(stage: Stage) -> Iterator[World]:
    """The website's origin is one of Temple's, and of no other clinic's."""
    website = Website()
    server, site = Server(stage.app), Server(website.app(), "localhost")
    clinics = dict(stage.content.current.clinics)
    clinics["temple"] = dataclasses.replace(clinics["temple"], origins=(site.url,))
    stage.content.current = dataclasses.replace(stage.content.current, clinics=clinics)
    yield World(stage, server, website, site)
    server.stop()
    site.stop()


@pytest.fixture
def open_page(browser: Browser, world: World) -> Iterator[OpenPage]:
    """Opens a page in a browser of its own; no script may fail on it, nothing may be fetched from
    anybody else.
    """
    contexts: list[BrowserContext] = []
    wrong: list[str] = []
    ours = (world.server.url, world.site.url, "blob:", "about:", "data:")

    def open_it(path: str = "/", **options: object) -> Page:
        context = browser.new_context(base_url=world.server.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda r: r.url.startswith(ours) or wrong.append(r.url))
        page.goto(path)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def chat(open_page: OpenPage) -> Chat:
    """The chat of the first demonstration page, opened."""
    return Chat(open_page("/")).open()
