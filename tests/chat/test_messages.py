from __future__ import annotations

import json

import pytest

from bot.chat import door as door_module
from tests.chat.stage import Stage, Visitor, assert_error


def test_a_question_is_answered_in_the_shape_of_the_contract(visitor: Visitor):
    response = visitor.send(text="what is fbss")
    assert response.status_code == 200
    (message,) = response.json()["messages"]
    assert message.pop("id")
    assert message == {
        "from": "bot",
        "text": "FBSS is pain that goes on after back surgery.",
        "buttons": [
            {"id": "causes-1", "title": "Why does it happen?"},
            {"id": "scars-1", "title": "Scar tissue"},
        ],
        "links": [{"title": "Portal", "url": "https://portal.example/"}],
        "subject": "definition",
        "detail": None,
        "source": {"title": "A clinic's page", "url": "", "reviewed_on": "2026-11-20"},
        "at": "2026-11-20T15:00:00.000Z",
    }


def test_the_conversation_so_far_has_both_sides_in_order(visitor: Visitor):
    visitor.send(text="what is fbss")
    messages = visitor.read().json()["messages"]
    assert [m["from"] for m in messages] == ["bot", "visitor", "bot"]
    assert set(messages[1]) == {"id", "from", "text", "at"}
    assert messages[1]["text"] == "what is fbss"


def test_a_button_that_was_offered_is_chosen_by_its_id(stage: Stage, visitor: Visitor):
    visitor.send(text="what is fbss")
    response = visitor.send(choice="scars-1")
    assert response.status_code == 200
    assert [(b.subject, b.detail) for b in stage.engine.chosen] == [("cause_detail", "scar_tissue")]


def test_a_choice_that_was_not_offered_is_refused(stage: Stage, visitor: Visitor):
    assert_error(visitor.send(choice="causes-1"), 422, "choice_not_offered")
    assert stage.engine.chosen == []


def test_a_choice_that_another_conversation_was_offered_is_refused(stage: Stage, visitor: Visitor):
    visitor.send(text="what is fbss")
    assert_error(stage.start().send(choice="causes-1"), 422, "choice_not_offered")


def test_text_that_starts_with_a_slash_is_passed_on_as_text(stage: Stage, visitor: Visitor):
    for text in ("/restart", '/crisis{"detail":"x"}', "/definition"):
        assert visitor.send(text=text).status_code == 200
    assert stage.engine.heard == ["/restart", '/crisis{"detail":"x"}', "/definition"]
    assert stage.engine.chosen == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": "a", "choice": "b"},
        {"text": None},
        {"text": 5},
        {"text": ["a"]},
        {"text": {"a": 1}},
        {"text": True},
        {"choice": 5},
        {"choice": ""},
        {"choice": "../../etc"},
        {"choice": "x" * 65},
        {"message": "hello"},
    ],
)
def test_a_body_of_the_wrong_shape_is_answered_with_400(stage: Stage, visitor: Visitor, body: dict):
    assert_error(visitor.send(**body), 400, "bad_request")
    assert stage.engine.heard == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"not json",
        b'"a string"',
        b"[1]",
        b"null",
        b'{"text": "\xff\xfe"}',
        b'{"text": "\\ud800"}',
        b'{"text": "a\\udc00b"}',
        b"[" * 15_000,
        b'{"a":' * 2_500,
        b'\xef\xbb\xbf{"text": "bom"}',
        '{"text": "utf 16"}'.encode("utf-16"),
    ],
)
def test_a_body_that_is_no_json_object_is_answered_with_400(
    stage: Stage, visitor: Visitor, body: bytes
):
    assert_error(visitor.post_raw(body), 400, "bad_request")
    assert stage.engine.heard == []


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "", "json"]
)
def test_a_body_that_does_not_say_json_is_answered_with_415(visitor: Visitor, media_type: str):
    assert_error(visitor.post_raw(b'{"text": "a"}', media_type), 415, "unsupported_media_type")


def test_a_charset_after_the_media_type_is_accepted(visitor: Visitor):
    response = visitor.post_raw(b'{"text": "a"}', "Application/JSON; charset=utf-8")
    assert response.status_code == 200


def test_a_large_body_is_refused_before_it_is_parsed(visitor: Visitor):
    body = json.dumps({"text": "a" * 20_000}).encode()
    assert_error(visitor.post_raw(body), 413, "too_large")


def test_a_large_body_in_pieces_is_refused_too(stage: Stage, visitor: Visitor):
    response = stage.client.post(
        "/api/temple/messages",
        content=(b"a" * 1_000 for _ in range(100)),
        headers={**visitor.headers, "Content-Type": "application/json"},
    )
    assert_error(response, 413, "too_large")


@pytest.mark.parametrize(
    "text", ["", "   ", "\n\t", "\u200b\u200e", "\x00\x07", "\u202e", "\u2060"]
)
def test_text_without_anything_visible_is_answered_with_422(visitor: Visitor, text: str):
    assert_error(visitor.send(text=text), 422, "unprocessable")


def test_text_that_is_too_long_is_answered_with_422_and_the_limit(stage: Stage, visitor: Visitor):
    assert "2,000" in assert_error(visitor.send(text="a" * 2_001), 422, "unprocessable")
    assert visitor.send(text=" " + "é" * 2_000 + " ").status_code == 200
    assert stage.engine.heard == ["é" * 2_000]


def test_control_and_bidi_characters_never_reach_the_engine(stage: Stage, visitor: Visitor):
    visitor.send(text="chest\u200b pa\u202ein\x00\nnow\ttoo")
    assert stage.engine.heard == ["chest pain now too"]


def test_identifiers_are_masked_before_the_engine_and_the_log_see_them(
    stage: Stage, visitor: Visitor
):
    visitor.send(text="My name is Jane Doe, call 215-555-0123, mrn 00482213")
    assert stage.engine.heard == ["My name is [name], call [phone], mrn [number]"]
    assert visitor.read().json()["messages"][1]["text"] == stage.engine.heard[0]


def test_the_clinics_own_number_is_not_masked(stage: Stage, visitor: Visitor):
    visitor.send(text="is (800) 836-7536 the right number?")
    assert stage.engine.heard == ["is (800) 836-7536 the right number?"]


def test_text_that_cannot_be_redacted_goes_nowhere(stage: Stage, visitor: Visitor, monkeypatch):
    def broken(text: str, keep: frozenset[str]):
        raise RuntimeError(f"sensitive {text}")

    monkeypatch.setattr(door_module, "redact", broken)
    message = assert_error(visitor.send(text="sensitive words"), 503, "unavailable")
    assert "sensitive" not in message
    assert stage.engine.heard == []
    assert len(visitor.read().json()["messages"]) == 1


HOSTILE = [
    "<script>alert(1)</script>",
    "'; DROP TABLE messages; --",
    "{{7*7}} ${7*7} %s %d %n {0}",
    "../../../etc/passwd",
    "\\u0000 \\x00",
    "👩‍👩‍👧‍👦 🏳️‍🌈",
    "ﷺ" * 100,
    "Z̷̗͆a̸l̶g̵o̶" * 50,
    "{route} {phone} {clinic}",
    '"}]}',
    "1" * 2_000,
    "my name is " * 150,
    "a@" * 900,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_answered_and_comes_back_as_text(visitor: Visitor, text: str):
    assert visitor.send(text=text).status_code == 200
    assert visitor.read().status_code == 200


def test_feedback_is_kept_for_a_reply(stage: Stage, visitor: Visitor):
    reply = visitor.send(text="what is fbss").json()["messages"][0]["id"]
    assert visitor.feedback(message_id=reply, helpful=True).status_code == 204
    response = visitor.feedback(message_id=reply, helpful=False, comment="I am Jane Doe")
    assert response.status_code == 204


def test_a_comment_is_redacted(stage: Stage, visitor: Visitor, monkeypatch):
    kept = []
    monkeypatch.setattr(stage.log, "add_feedback", lambda *given: kept.append(given))
    visitor.feedback(message_id="abc", helpful=False, comment="write to jane@example.com")
    assert kept[0][2:] == (False, "write to [email]")


def test_feedback_on_what_is_no_reply_of_this_conversation_is_answered_with_404(
    stage: Stage, visitor: Visitor
):
    reply = visitor.send(text="what is fbss").json()["messages"][0]["id"]
    own = visitor.read().json()["messages"][1]["id"]
    assert_error(visitor.feedback(message_id=own, helpful=True), 404, "not_found")
    assert_error(visitor.feedback(message_id="nope", helpful=True), 404, "not_found")
    assert_error(stage.start().feedback(message_id=reply, helpful=True), 404, "not_found")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"helpful": True}, 400, "bad_request"),
        ({"message_id": 3, "helpful": True}, 400, "bad_request"),
        ({"message_id": "a b", "helpful": True}, 400, "bad_request"),
        ({"message_id": "abc"}, 400, "bad_request"),
        ({"message_id": "abc", "helpful": "yes"}, 400, "bad_request"),
        ({"message_id": "abc", "helpful": 1}, 400, "bad_request"),
        ({"message_id": "abc", "helpful": True, "comment": 3}, 400, "bad_request"),
        ({"message_id": "abc", "helpful": True, "comment": "x" * 1_001}, 422, "unprocessable"),
    ],
)
def test_feedback_of_the_wrong_shape_is_refused(
    visitor: Visitor, body: dict, status: int, code: str
):
    assert_error(visitor.feedback(**body), status, code)


def test_a_blank_comment_is_no_comment(visitor: Visitor):
    reply = visitor.send(text="what is fbss").json()["messages"][0]["id"]
    assert visitor.feedback(message_id=reply, helpful=True, comment="  ").status_code == 204
