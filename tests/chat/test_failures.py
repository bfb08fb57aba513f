from __future__ import annotations

import logging

import pytest

from bot.errors import StoreUnavailable, TurnOvertaken
from tests.chat.stage import EMERGENCY, PHONE, PORTAL, Stage, Visitor, assert_error

SENSITIVE = "sensitive words of a visitor"


def test_a_store_that_is_down_is_told_with_the_emergency_and_the_routes_in_force(
    stage: Stage, visitor: Visitor
):
    stage.engine.error = StoreUnavailable(SENSITIVE)
    message = assert_error(visitor.send(text="hello"), 503, "store_unavailable")
    assert EMERGENCY in message
    assert PORTAL in message
    assert PHONE not in message  # the outage is on
    assert "sensitive" not in message


def test_the_phone_is_named_where_it_works(stage: Stage):
    visitor = stage.start("twin-cities")
    stage.engine.error = StoreUnavailable(SENSITIVE)
    assert PHONE in assert_error(visitor.send(text="hello"), 503, "store_unavailable")


def test_an_overtaken_turn_asks_to_try_again(stage: Stage, visitor: Visitor):
    stage.engine.error = TurnOvertaken("overtaken")
    assert "again" in assert_error(visitor.send(text="hello"), 503, "turn_overtaken")


def test_an_unexpected_error_is_told_without_its_cause(stage: Stage, visitor: Visitor):
    stage.engine.error = RuntimeError(SENSITIVE)
    message = assert_error(visitor.send(text="hello"), 500, "internal")
    assert "sensitive" not in message
    assert EMERGENCY in message


@pytest.mark.parametrize("error", [RuntimeError, StoreUnavailable, ValueError, RecursionError])
def test_no_visitor_text_reaches_a_log(
    stage: Stage, visitor: Visitor, caplog: pytest.LogCaptureFixture, error: type[Exception]
):
    caplog.set_level(logging.DEBUG)
    stage.engine.error = error(SENSITIVE)
    visitor.send(text=SENSITIVE)
    visitor.post_raw(SENSITIVE.encode())
    visitor.send(choice="sensitive")
    logged = "\n".join(logging.Formatter().format(record) for record in caplog.records)
    assert error.__name__ in logged
    assert "sensitive" not in logged


def test_a_broken_snapshot_still_gives_the_emergency_sentence(
    stage: Stage, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(stage.content, "current", None)
    assert "911" in assert_error(visitor.send(text="hello"), 503, "unavailable")


def test_a_missing_database_is_told_as_unavailable(stage: Stage, visitor: Visitor):
    stage.database.unlink()
    assert EMERGENCY in assert_error(visitor.send(text="hello"), 503, "store_unavailable")
    assert_error(stage.client.post("/api/temple/sessions"), 503, "store_unavailable")
    assert_error(stage.client.get("/health"), 503, "store_unavailable")
