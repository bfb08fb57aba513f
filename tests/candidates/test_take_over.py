"""An engine whose model is changed between turns."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.engine import engine as engine_module
from bot.engine.engine import Engine
from bot.engine.loading import Loaded, try_out
from bot.settings import Settings
from tests.engine.conftest import make_fake, make_real
from tests.engine.stage import SAFE_TEXT, FakeProcessor, Stage

__all__ = ["make_fake", "make_real"]

MakeStage = Callable[..., Stage]


@pytest.fixture
def stage(make_fake: MakeStage, stocked: str, monkeypatch: pytest.MonkeyPatch) -> Stage:
    made = make_fake(stocked)
    monkeypatch.setattr(engine_module, "ORDINARY_TURN_SECONDS", 0.01)
    monkeypatch.setattr(
        engine_module,
        "load",
        lambda model, log: Loaded(FakeProcessor(log), SAFE_TEXT),  # type: ignore[arg-type]
    )
    monkeypatch.setattr(engine_module, "try_out", lambda processor, clinics: None)
    return made


async def test_a_turn_under_way_ends_with_the_model_it_began_with(stage: Stage):
    begun, may_end = threading.Event(), threading.Event()
    first, second = stage.begin(), stage.begin()
    old = stage.processor

    def wait(text: str) -> None:
        begun.set()
        assert may_end.wait(10)

    old.before_storing = wait  # type: ignore[union-attr]
    slow = asyncio.ensure_future(stage.engine.answer(first, "slow"))
    await asyncio.to_thread(begun.wait)
    taking_over = asyncio.ensure_future(asyncio.to_thread(stage.engine.take_over, Path("new")))
    while stage.engine._processor is old:
        await asyncio.sleep(0.01)
    [reply] = await stage.engine.answer(second, "quick")
    assert reply.text == "You said: quick"
    may_end.set()
    [reply] = await slow
    assert reply.text == "You said: slow"
    await taking_over
    assert old.heard == ["slow"]  # type: ignore[union-attr]
    assert stage.engine._processor.heard == ["quick"]  # type: ignore[attr-defined]


async def test_the_old_model_is_freed_though_what_was_loaded_is_set_aside(stage: Stage):
    old = stage.processor
    old.itself = old  # type: ignore[union-attr]  # Rasa's models are such circles
    gone = weakref.ref(old)
    gc.freeze()
    stage.processor = None  # type: ignore[assignment]
    del old
    await asyncio.to_thread(stage.engine.take_over, Path("new"))
    assert gone() is None


async def test_one_that_says_nothing_or_fails_leaves_the_old_one(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    old = stage.engine._processor

    class Silent:
        async def rehearse(self, text: str, clinic: str) -> list[Any]:
            return []

    monkeypatch.setattr(engine_module, "try_out", try_out)
    monkeypatch.setattr(engine_module, "load", lambda model, log: Loaded(Silent(), ""))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="says nothing"):
        await asyncio.to_thread(stage.engine.take_over, Path("new"))
    assert stage.engine._processor is old


def test_one_to_begin_with_is_tried_at_each_clinic_first(
    stage: Stage, make_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
):
    tried: list[Any] = []
    monkeypatch.setattr(engine_module, "try_out", lambda _, clinics: tried.extend(clinics))
    Engine.load(make_settings(), stage.engine._live, stage.engine._log, Path("new"))
    assert tried == ["temple", "twin-cities"]


async def test_a_file_that_is_no_model_leaves_the_real_one_which_goes_on(
    make_real: MakeStage, stocked: str, tmp_path: Path
):
    real = make_real(stocked)
    (tmp_path / "broken.tar.gz").write_bytes(b"no archive")
    with pytest.raises(Exception, match="can not be loaded"):
        await asyncio.to_thread(real.engine.take_over, tmp_path / "broken.tar.gz")
    [reply] = await real.engine.answer(real.begin(), "What are the symptoms?")
    assert reply.subject == "symptoms"
