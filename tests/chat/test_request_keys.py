"""A request with a key that comes again gets the stored reply; nothing is said twice."""

from __future__ import annotations

import pytest

from bot.conversations.model import Button
from tests.chat.stage import Stage, Visitor, assert_error
from tests.chat.test_forgetting import offer, with_words


def test_a_request_that_comes_again_gets_the_same_reply_and_is_said_once(
    stage: Stage, visitor: Visitor
):
    first = visitor.send(key="one", text="what is fbss")
    again = visitor.send(key="one", text="what is fbss")
    assert again.status_code == 200
    assert again.json() == first.json()
    assert stage.engine.heard == ["what is fbss"]
    assert len(visitor.read().json()["messages"]) == 3


def test_a_button_that_is_chosen_again_is_answered_once(stage: Stage, visitor: Visitor):
    visitor.send(key="one", text="what is fbss")
    first = visitor.send(key="two", choice="scars-1")
    assert visitor.send(key="two", choice="scars-1").json() == first.json()
    assert len(stage.engine.chosen) == 1


def test_the_same_words_with_another_key_or_none_are_said_again(stage: Stage, visitor: Visitor):
    for key in ("one", "two", None, None):
        assert visitor.send(key=key, text="hello").status_code == 200
    assert stage.engine.heard == ["hello"] * 4


def test_a_key_is_known_in_its_own_conversation_only(stage: Stage, visitor: Visitor):
    visitor.send(key="one", text="hello")
    stage.start().send(key="one", text="hello")
    assert stage.engine.heard == ["hello", "hello"]


def test_a_request_that_failed_is_answered_when_it_comes_again(stage: Stage, visitor: Visitor):
    stage.engine.error = RuntimeError("broken")
    assert visitor.send(key="one", text="hello").status_code == 500
    stage.engine.error = None
    assert visitor.send(key="one", text="hello").status_code == 200
    assert len(visitor.read().json()["messages"]) == 3


def test_a_wish_to_be_forgotten_that_comes_again_gets_the_same_reply(
    stage: Stage, visitor: Visitor
):
    with_words(stage)
    visitor.send(text="my secret")
    first = visitor.send(key="one", text="Delete my chat!")
    visitor.send(text="what is fbss")
    assert visitor.send(key="one", text="Delete my chat!").json() == first.json()
    assert len(visitor.read().json()["messages"]) == 3


def test_a_button_that_deleted_the_chat_can_come_again(
    stage: Stage, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
):
    with_words(stage)
    offer(stage, Button("b", "Yes, delete it", "privacy", "forgotten"), monkeypatch)
    visitor.send(text="hello")
    first = visitor.send(key="one", choice="b")
    assert first.status_code == 200
    assert visitor.send(key="one", choice="b").json() == first.json()


@pytest.mark.parametrize("key", ["", "a b", "x" * 65, "ä", '"quoted"'])
def test_a_key_of_another_form_is_refused(stage: Stage, visitor: Visitor, key: str):
    headers = {**visitor.headers, "Idempotency-Key": key.encode()}
    url = f"/api/{visitor.clinic}/messages"
    response = visitor.client.post(url, json={"text": "hello"}, headers=headers)
    assert_error(response, 400, "bad_request")
    assert stage.engine.heard == []
