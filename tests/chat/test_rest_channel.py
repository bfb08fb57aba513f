from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.datastructures import Secret

from tests.chat.stage import Stage, assert_error

PATH = "/webhooks/rest/webhook"
TOKEN = "a-long-enough-secret"


@pytest.fixture
def open_stage(make_stage: Callable[..., Stage]) -> Stage:
    return make_stage(rest_channel_token=Secret(TOKEN))


def say(stage: Stage, message: object = "what is fbss", token: str = TOKEN, **more: object):
    body = {"sender": "partner-7", "message": message, **more}
    return stage.client.post(PATH, json=body, headers={"Authorization": f"Bearer {token}"})


def test_the_channel_is_not_there_without_its_setting(stage: Stage):
    assert_error(say(stage), 404, "not_found")


def test_an_empty_setting_does_not_open_the_channel(make_stage: Callable[..., Stage]):
    assert_error(say(make_stage(rest_channel_token=Secret("")), token=""), 404, "not_found")


def test_a_wrong_token_is_answered_with_401(open_stage: Stage):
    assert_error(say(open_stage, token="wrong"), 401, "unauthorized")
    assert_error(open_stage.client.post(PATH, json={}), 401, "unauthorized")


def test_a_reply_has_rasas_shape(open_stage: Stage):
    response = say(open_stage)
    assert response.status_code == 200
    assert response.json() == [
        {
            "recipient_id": "partner-7",
            "text": "FBSS is pain that goes on after back surgery.",
            "buttons": [
                {"title": "Why does it happen?", "payload": "choice:causes-1"},
                {"title": "Scar tissue", "payload": "choice:scars-1"},
            ],
            "custom": {
                "subject": "definition",
                "detail": None,
                "source": {"title": "A clinic's page", "url": "", "reviewed_on": "2026-11-20"},
            },
        }
    ]


def test_a_sender_keeps_its_conversation_and_is_stored_as_a_hash(open_stage: Stage):
    say(open_stage)
    say(open_stage, "and why?")
    (conversation,) = open_stage.log.all()
    assert conversation.turns == 2
    assert b"partner-7" not in open_stage.database.read_bytes()


def test_a_payload_that_comes_back_is_a_choice(open_stage: Stage):
    say(open_stage)
    assert say(open_stage, "choice:scars-1").status_code == 200
    assert [b.detail for b in open_stage.engine.chosen] == ["scar_tissue"]
    assert_error(say(open_stage, "choice:other"), 422, "choice_not_offered")


def test_a_forged_intent_is_plain_text(open_stage: Stage):
    say(open_stage, "/restart")
    say(open_stage, "choice: surgery or not?")
    assert open_stage.engine.heard == ["/restart", "choice: surgery or not?"]


def test_the_metadata_picks_the_clinic(open_stage: Stage):
    say(open_stage)
    say(open_stage, metadata={"clinic": "twin-cities"})
    assert {c.clinic for c in open_stage.log.all()} == {"temple", "twin-cities"}
    assert_error(say(open_stage, metadata={"clinic": "nowhere"}), 404, "not_found")


def test_text_is_redacted_here_too(open_stage: Stage):
    say(open_stage, "mail me: jane@example.com")
    assert open_stage.engine.heard == ["mail me: [email]"]


@pytest.mark.parametrize(
    "body",
    [
        {"message": "a"},
        {"sender": "s"},
        {"sender": "", "message": "a"},
        {"sender": "s" * 257, "message": "a"},
        {"sender": 5, "message": "a"},
        {"sender": "s", "message": ["a"]},
        {"sender": "s", "message": "a", "metadata": "temple"},
        {"sender": "s", "message": "a", "metadata": {"clinic": 3}},
        {"sender": "\ud800", "message": "a"},
    ],
)
def test_a_body_of_the_wrong_shape_is_answered_with_400(open_stage: Stage, body: dict):
    import json

    response = open_stage.client.post(
        PATH,
        content=json.dumps(body),
        headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
    )
    assert_error(response, 400, "bad_request")


def test_two_first_messages_at_once_share_one_conversation(
    open_stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    say(open_stage)
    find, calls = open_stage.log.by_external_id, []

    def late(external_id: str):
        calls.append(external_id)
        return None if len(calls) == 1 else find(external_id)

    monkeypatch.setattr(open_stage.log, "by_external_id", late)
    assert say(open_stage, "again").status_code == 200
    assert len(open_stage.log.all()) == 1


def test_a_conversation_that_cannot_be_opened_is_an_error(
    open_stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    def broken(*args: object, **kwargs: object):
        raise RuntimeError("sensitive")

    monkeypatch.setattr(open_stage.log, "open", broken)
    assert_error(say(open_stage), 500, "internal")
