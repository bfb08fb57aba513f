"""A visitor is forgotten: by the route, a clear command, a button, a yes; never by chance."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from starlette.datastructures import Secret

from bot.content.files import load_directory
from bot.content.model import LIBRARY
from bot.content.snapshot import snapshot_of_files
from bot.conversations.model import Button, DraftMessage
from tests.chat.stage import Stage, Visitor, assert_error

MARKER = "zebra crossing at midnight"
SHIPPED = snapshot_of_files(load_directory())
COMMANDS = SHIPPED.answers[(LIBRARY, "privacy", "forgotten")].also_called
CLEAR = [
    "forget me",
    "Forget me!",
    "  FORGET ME. ",
    "delete my chat",
    "Please, delete my chat...",
    "erase everything i said",
    "Erase everything I said",
    "/forget me",
    "can you delete this chat?",
]
UNCLEAR = [
    "forget it",
    "never mind, forget what I said",
    "forget me not flowers",
    "do not delete my chat",
    "don't forget me",
    "do you delete my chat?",
    "I forget everything since the surgery",
    "delete",
    "erase me",
    "erase the pain",
    "what happens if I delete my chat",
    "forget me, tell me about shots",
]
PROMISE = DraftMessage("bot", "Done.", subject="privacy", detail="forgotten")


def with_words(stage: Stage) -> Stage:
    """The door with the shipped words for it beside the test's own clinics."""
    answers = {
        key: dataclasses.replace(answer, offers=())
        for key, answer in SHIPPED.answers.items()
        if key[1] in ("privacy", "emergency_again", "crisis_again")
    }
    stage.content.current = dataclasses.replace(stage.content.current, answers=answers)
    return stage


@pytest.fixture
def stage(make_stage: Callable[..., Stage]) -> Stage:
    return with_words(make_stage())


@pytest.fixture
def visitor(stage: Stage) -> Visitor:
    visitor = stage.start()
    visitor.send(text=MARKER)
    assert MARKER in visitor.read().text
    return visitor


def assert_forgotten(stage: Stage, visitor: Visitor, response) -> None:
    """All words are gone, and the session goes on with the message that says so."""
    assert response.status_code == 200, response.text
    [message] = response.json()["messages"]
    assert (message["subject"], message["detail"]) == ("privacy", "forgotten")
    assert message["text"].startswith("Done.")
    assert [each["id"] for each in visitor.read().json()["messages"]] == [message["id"]]
    assert len(stage.log.all()) == 1
    on_disk = b"".join(file.read_bytes() for file in stage.database.parent.glob("careline.db*"))
    assert MARKER.encode() not in on_disk
    assert visitor.send(text="what is fbss").status_code == 200
    assert len(visitor.read().json()["messages"]) == 3


@pytest.mark.parametrize("text", CLEAR)
def test_a_clear_command_deletes_the_chat_at_once(stage: Stage, visitor: Visitor, text: str):
    assert_forgotten(stage, visitor, visitor.send(text=text))
    assert stage.engine.heard == [MARKER, "what is fbss"], "the model was not needed"


@pytest.mark.parametrize("text", UNCLEAR)
def test_anything_less_clear_deletes_nothing(stage: Stage, visitor: Visitor, text: str):
    assert visitor.send(text=text).status_code == 200
    assert MARKER in visitor.read().text
    assert len(stage.engine.heard) == 2


def test_every_command_names_the_chat_or_the_visitor():
    about = {"me", "chat", "chats", "conversation", "messages", "said", "wrote", "typed"}
    assert [c for c in COMMANDS if not about & set(c.split())] == []
    assert len(COMMANDS) >= 40


def test_a_command_is_understood_while_nothing_else_is(stage: Stage, visitor: Visitor):
    stage.engine.error = RuntimeError("the model is broken")
    response = visitor.send(text="forget me")
    stage.engine.error = None
    assert_forgotten(stage, visitor, response)


def offer(stage: Stage, button: Button, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the conversation hold a button."""
    monkeypatch.setattr(stage.log, "offered", lambda *_: button)


def test_the_button_deletes_the_chat(stage: Stage, visitor: Visitor, monkeypatch):
    offer(stage, Button("b", "Yes, delete it", "privacy", "forgotten"), monkeypatch)
    assert_forgotten(stage, visitor, visitor.send(choice="b"))
    assert stage.engine.chosen == []


@pytest.mark.parametrize("detail", ["forget", "kept", None])
def test_other_buttons_about_privacy_delete_nothing(
    stage: Stage, visitor: Visitor, monkeypatch, detail: str | None
):
    offer(stage, Button("b", "No, keep it", "privacy", detail), monkeypatch)
    visitor.send(choice="b")
    assert MARKER in visitor.read().text
    assert len(stage.engine.chosen) == 1


def test_a_reply_that_says_it_is_deleted_is_true(stage: Stage, visitor: Visitor, monkeypatch):
    def yes(conversation, text, request_key):
        drafts = [DraftMessage("visitor", text), PROMISE]
        stored = stage.log.save_turn(conversation.id, 2, drafts, events=[], slots={})
        return stored[1:]

    with monkeypatch.context() as patch:
        patch.setattr(stage.engine, "_store", yes)
        response = visitor.send(text="yes")
    assert_forgotten(stage, visitor, response)


def test_after_an_emergency_its_help_is_said_once_more(
    stage: Stage, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
):
    state = stage.log.state
    monkeypatch.setattr(
        stage.log,
        "state",
        lambda id_: dataclasses.replace(state(id_), slots={"urgent": "emergency/cauda_equina"}),
    )
    [message] = visitor.send(text="delete my chat").json()["messages"]
    assert "911" in message["text"].split(".")[0]
    assert "Done." in message["text"]
    assert "tel:911" in {link["url"] for link in message["links"]}


def test_where_nobody_wrote_the_words_for_it_a_command_is_a_message_like_any_other(
    stage: Stage, visitor: Visitor
):
    stage.content.current = dataclasses.replace(stage.content.current, answers={})
    assert visitor.send(text="forget me").status_code == 200
    assert stage.engine.heard[-1] == "forget me"


def test_the_route_deletes_everything_at_once_and_ends_the_session(stage: Stage, visitor: Visitor):
    assert visitor.forget().status_code == 204
    on_disk = b"".join(file.read_bytes() for file in stage.database.parent.glob("careline.db*"))
    assert MARKER.encode() not in on_disk
    assert_error(visitor.read(), 401, "unauthorized")
    assert_error(visitor.send(text="still there?"), 401, "unauthorized")


def test_a_sender_of_the_rest_channel_is_forgotten_too(make_stage: Callable[..., Stage]):
    stage = with_words(make_stage(rest_channel_token=Secret("t")))

    def say(text: str):
        body = {"sender": "visitor-17", "message": text}
        headers = {"Authorization": "Bearer t"}
        return stage.client.post("/webhooks/rest/webhook", json=body, headers=headers).json()

    say(MARKER)
    [reply] = say("forget me")
    assert (reply["custom"]["subject"], reply["custom"]["detail"]) == ("privacy", "forgotten")
    [conversation] = stage.log.all()
    assert [message.text for message in stage.log.messages(conversation.id)] == [reply["text"]]
    say("what is fbss")
    assert [each.id for each in stage.log.all()] == [conversation.id]
