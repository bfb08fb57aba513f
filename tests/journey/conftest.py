from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.journey.running import Product, running

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def product(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The whole product, once for all journeys."""
    with running(tmp_path_factory.mktemp("journey") / "careline.db") as found:
        yield found


@pytest.fixture
def page(product: Product) -> Iterator[Page]:
    """A visitor's browser that reports errors of the page and requests to anybody else."""
    path = shutil.which("chromium")
    assert path, "This test needs Debian's chromium: `make browser` brings it."
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page(base_url=product.url)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda r: r.url.startswith(product.url) or wrong.append(r.url))
        yield page
        browser.close()
    assert wrong == []
