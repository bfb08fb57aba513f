from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from sqlalchemy.engine import Engine as Database

from bot.content import live as live_content
from tests.engine.stage import Stage, fake_stage, real_stage

if TYPE_CHECKING:
    from bot.engine.processor import TurnProcessor


@pytest_asyncio.fixture
async def make_fake(
    make_engine: Callable[[str], Database],
) -> AsyncIterator[Callable[..., Stage]]:
    """Makes engines with a fake processor on the database at an address."""
    async with AsyncExitStack() as opened:

        def make(url: str, **options: Any) -> Stage:
            stage = fake_stage(make_engine(url), **options)
            opened.push_async_callback(stage.engine.close)
            return stage

        yield make


@pytest_asyncio.fixture
async def make_real(
    make_engine: Callable[[str], Database], processor: TurnProcessor
) -> AsyncIterator[Callable[..., Stage]]:
    """Makes engines with the trained model on the database at an address."""
    async with AsyncExitStack() as opened:
        opened.callback(live_content.use, None)

        def make(url: str, **options: Any) -> Stage:
            stage = real_stage(make_engine(url), processor, **options)
            opened.push_async_callback(stage.engine.close)
            return stage

        yield make


@pytest.fixture
def fake(make_fake: Callable[..., Stage], stocked: str) -> Stage:
    return make_fake(stocked)


@pytest.fixture
def real(make_real: Callable[..., Stage], stocked: str) -> Stage:
    return make_real(stocked)
