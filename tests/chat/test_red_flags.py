"""Whatever fails at the door, a message with a red flag is told first where help is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.chat import door, safe_sentence
from bot.chat.limits import MESSAGES
from bot.content.model import Snapshot
from bot.errors import StoreUnavailable
from tests.chat.stage import Stage, Visitor, assert_error

EMERGENCY = "I can't pee and I am numb between my legs"
CRISIS = "i want to kill myself"
OVERDOSE = "i took the whole bottle of oxycodone"
FIRST = {EMERGENCY: "Call 911 now", CRISIS: "Please call or text 988 now", OVERDOSE: "Call 911 now"}


@pytest.fixture(params=FIRST, ids=["emergency", "crisis", "overdose"])
def text(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def assert_help_comes_first(message: str, text: str) -> None:
    assert message.startswith(FIRST[text])
    if text == OVERDOSE:
        assert "1-800-222-1222" in message
    assert "pee" not in message


def test_a_missing_database(stage: Stage, visitor: Visitor, text: str):
    stage.database.unlink()
    assert_help_comes_first(assert_error(visitor.send(text=text), 503, "store_unavailable"), text)


def test_an_engine_that_cannot_store(stage: Stage, visitor: Visitor, text: str):
    stage.engine.error = StoreUnavailable("down")
    assert_help_comes_first(assert_error(visitor.send(text=text), 503, "store_unavailable"), text)


def test_an_engine_that_breaks(stage: Stage, visitor: Visitor, text: str):
    stage.engine.error = RuntimeError("broken")
    assert_help_comes_first(assert_error(visitor.send(text=text), 500, "internal"), text)


def test_content_that_is_gone(
    stage: Stage, visitor: Visitor, text: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(stage.content, "current", None)
    assert_help_comes_first(assert_error(visitor.send(text=text), 503, "unavailable"), text)


def test_redaction_that_breaks(visitor: Visitor, text: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(door, "redact", lambda *_, **__: 1 / 0)
    assert_help_comes_first(assert_error(visitor.send(text=text), 503, "unavailable"), text)


def test_a_session_that_is_not_known(stage: Stage, text: str):
    stranger = Visitor(stage.client, "temple", "nobody")
    assert_help_comes_first(assert_error(stranger.send(text=text), 401, "unauthorized"), text)


def test_a_message_that_is_too_long(visitor: Visitor, text: str):
    long = f"{text}. " + "and so on " * 300
    assert_help_comes_first(assert_error(visitor.send(text=long), 422, "unprocessable"), text)


def test_too_many_messages(make_stage: Callable[..., Stage], text: str):
    visitor = make_stage(rate_limits=True).start()
    for _ in range(MESSAGES.amount):
        visitor.send(text="hello")
    response = visitor.send(text=text)
    assert_help_comes_first(assert_error(response, 429, "too_many_requests"), text)


def test_rasa_s_rest_contract(make_stage: Callable[..., Stage], text: str):
    stage = make_stage(rest_channel_token="secret")
    stage.engine.error = StoreUnavailable("down")
    response = stage.client.post(
        "/webhooks/rest/webhook",
        json={"sender": "somebody", "message": text},
        headers={"Authorization": "Bearer secret"},
    )
    assert_help_comes_first(assert_error(response, 503, "store_unavailable"), text)


def test_a_store_that_lost_its_content_still_answers_sessions_that_are_open(
    stage: Stage, visitor: Visitor, text: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(stage.content, "current", Snapshot(8, {}))
    assert visitor.send(text=text).status_code == 200
    assert stage.engine.heard[-1] == text


def test_a_calm_message_is_turned_away_with_the_reason_alone(visitor: Visitor):
    message = assert_error(visitor.send(text="hello " * 400), 422, "unprocessable")
    assert "911" not in message


def test_a_failure_of_ours_names_the_emergency_route_first_for_every_message(
    stage: Stage, visitor: Visitor
):
    stage.engine.error = RuntimeError("broken")
    message = assert_error(visitor.send(text="hello"), 500, "internal")
    assert "emergency" in message.partition(".")[0]


def test_a_check_that_breaks_does_not_keep_a_message_from_its_answer(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(safe_sentence, "red_flags", lambda: 1 / 0)
    assert visitor.send(text=EMERGENCY).status_code == 200
