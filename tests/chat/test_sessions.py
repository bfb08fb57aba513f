from __future__ import annotations

import sqlite3

from bot.conversations import reference
from tests.chat.stage import EMERGENCY, PORTAL, Stage, Visitor, assert_error


def test_a_session_starts_with_a_token_and_the_greeting(stage: Stage):
    response = stage.client.post("/api/temple/sessions")
    assert response.status_code == 201
    data = response.json()
    assert len(data["token"]) >= 43
    assert [m["text"] for m in data["messages"]] == ["Welcome to temple."]
    assert [b["title"] for b in data["messages"][0]["buttons"]] == ["What is FBSS?"]


def test_a_button_of_the_greeting_can_be_chosen(stage: Stage):
    data = stage.client.post("/api/temple/sessions").json()
    visitor = Visitor(stage.client, "temple", data["token"])
    visitor.send(choice=data["messages"][0]["buttons"][0]["id"])
    assert [b.subject for b in stage.engine.chosen] == ["definition"]


def test_a_session_and_its_messages_tell_the_code_that_the_clinic_finds_it_by(stage: Stage):
    data = stage.client.post("/api/temple/sessions").json()
    (conversation,) = stage.log.all()
    assert data["reference"] == reference.shown(conversation.reference)
    read = Visitor(stage.client, "temple", data["token"]).read().json()
    assert read["reference"] == data["reference"]


def test_two_sessions_have_different_tokens(stage: Stage):
    assert stage.start().token != stage.start().token


def test_the_token_itself_is_nowhere_in_the_database(stage: Stage, visitor: Visitor):
    visitor.send(text="what is fbss")
    database = sqlite3.connect(stage.database)
    assert visitor.token not in "\n".join(database.iterdump())
    database.close()


def test_an_unknown_clinic_is_answered_with_404(stage: Stage, visitor: Visitor):
    for method, path in (
        ("POST", "sessions"),
        ("POST", "messages"),
        ("GET", "messages"),
        ("POST", "feedback"),
        ("DELETE", "session"),
        ("GET", "status"),
    ):
        response = stage.client.request(method, f"/api/nowhere/{path}", headers=visitor.headers)
        assert_error(response, 404, "not_found")


def test_a_forged_token_is_answered_with_401(stage: Stage, visitor: Visitor):
    for header in (
        "Bearer forged",
        "Bearer " + "A" * 43,
        "Basic abc",
        "Bearer",
        "",
        "Bearer " + "x" * 600,
    ):
        for method, path in (("GET", "messages"), ("POST", "messages"), ("DELETE", "session")):
            response = stage.client.request(
                method, f"/api/temple/{path}", headers={"Authorization": header}
            )
            assert_error(response, 401, "unauthorized")
            assert response.headers["www-authenticate"] == "Bearer"


def test_a_request_without_a_token_is_answered_with_401(stage: Stage):
    assert_error(stage.client.get("/api/temple/messages"), 401, "unauthorized")


def test_an_expired_token_is_answered_with_410(stage: Stage, visitor: Visitor):
    stage.clock.move(hours=23, minutes=59)
    assert visitor.read().status_code == 200
    stage.clock.move(minutes=1)
    assert_error(visitor.read(), 410, "session_expired")
    assert_error(visitor.send(text="hello"), 410, "session_expired")


def test_an_expired_conversation_can_still_be_forgotten(stage: Stage, visitor: Visitor):
    visitor.send(text="what is fbss")
    stage.clock.move(hours=25)
    assert visitor.forget().status_code == 204
    assert stage.log.all() == []


def test_a_token_of_one_clinic_does_not_open_another(visitor: Visitor):
    visitor.clinic = "twin-cities"
    assert_error(visitor.read(), 401, "unauthorized")
    assert_error(visitor.send(text="hello"), 401, "unauthorized")
    assert_error(visitor.forget(), 401, "unauthorized")


def test_a_forgotten_conversation_is_gone_and_its_token_unknown(stage: Stage, visitor: Visitor):
    visitor.send(text="what is fbss")
    assert visitor.forget().status_code == 204
    assert_error(visitor.read(), 401, "unauthorized")
    assert stage.log.all() == []


def test_the_status_names_the_notice_and_the_routes_that_work(stage: Stage):
    data = stage.client.get("/api/temple/status").json()
    assert data["notice"] == {
        "kind": "phone_outage",
        "text": "The phones are down.",
        "until": None,
    }
    assert [route["kind"] for route in data["routes"]] == ["portal", "emergency"]
    assert [route["text"] for route in data["routes"]] == [PORTAL, EMERGENCY]


def test_the_status_of_a_clinic_without_a_notice_has_the_phone(stage: Stage):
    data = stage.client.get("/api/twin-cities/status").json()
    assert data["notice"] is None
    assert data["routes"][0] == {
        "kind": "phone",
        "label": "Call",
        "text": "Call 800-836-7536.",
        "url": "tel:+18008367536",
        "opens_at": None,
    }
