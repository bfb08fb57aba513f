from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import browser
from tests.journey.running import Product, running

__all__ = ["browser"]


@pytest.fixture(scope="session")
def product(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The whole product, once for all journeys."""
    with running(tmp_path_factory.mktemp("journey") / "careline.db") as found:
        yield found


@pytest.fixture
def page(product: Product, browser: Browser) -> Iterator[Page]:
    """A visitor's page that reports its errors and requests to anybody else."""
    wrong: list[str] = []
    page = browser.new_page(base_url=product.url)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda r: r.url.startswith(product.url) or wrong.append(r.url))
    yield page
    page.close()
    assert wrong == []
