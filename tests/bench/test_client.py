from __future__ import annotations

import json

import pytest

from bench.client import RestClient
from bench.processes import free_port
from tests.bench.server import Server


def test_a_turn_is_sent_as_rasa_wants_it_and_its_subject_is_read():
    with Server() as server:
        client = RestClient(server.port, None)
        turn = client.say("visitor", "hello")
        client.close()
    assert (turn.subject, turn.answered) == ("greet", True)
    assert turn.milliseconds > 0
    assert server.seen == [
        {"path": "/webhooks/rest/webhook", "sender": "visitor", "message": "hello"}
    ]


def test_the_token_is_shown_where_there_is_one():
    with Server(token="secret") as server:
        for token, answered in (("secret", True), (None, False)):
            client = RestClient(server.port, token)
            assert client.say("visitor", "hello").answered is answered
            client.close()


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 500},
        {"content": b"[]"},
        {"content": b"not json"},
        {"content": b"{}"},
        {"content": json.dumps([{"custom": {"subject": "greet"}}]).encode()},
    ],
)
def test_an_error_or_an_empty_reply_is_a_turn_without_an_answer(answer):
    with Server(**answer) as server:
        client = RestClient(server.port, None)
        turn = client.say("visitor", "hello")
        client.close()
    assert not turn.answered
    assert turn.subject is None


def test_a_server_that_is_not_there_is_a_turn_without_an_answer_and_can_be_tried_again():
    port = free_port()
    client = RestClient(port, None)
    assert not client.say("visitor", "hello").answered
    with Server(port):
        assert client.say("visitor", "hello").answered
        client.close()


def test_a_reply_without_a_subject_is_answered_all_the_same():
    with Server(content=json.dumps([{"text": "Hello."}]).encode()) as server:
        client = RestClient(server.port, None)
        turn = client.say("visitor", "hello")
        client.close()
    assert (turn.answered, turn.subject) == (True, None)
