"""Visitors for the kill test: they talk over HTTP, and remember what they were told."""

from __future__ import annotations

import http.client
import json
import threading
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Any

TIMEOUT_SECONDS = 30.0
CLINIC = "/api/temple"
QUESTIONS = (
    "What is failed back surgery syndrome?",
    "What causes it?",
    "tell me about the second one",
    "What are the symptoms?",
    "How do I make an appointment?",
    "yes",
    "What are the treatments?",
    "thanks",
)

Json = dict[str, Any]


@dataclass
class Turn:
    """A message and the replies that arrived for it, as the server gave them."""

    said: str
    replies: list[Json]


@dataclass
class Conversation:
    """What a visitor knows of one conversation.

    `in_flight` is the message whose reply has not arrived; `unanswered` are all that never got one,
    because the server was killed: each of them may be stored or not.
    """

    token: str
    greeting: list[Json]
    turns: list[Turn] = field(default_factory=list)
    in_flight: str | None = None
    unanswered: list[str] = field(default_factory=list)

    def interrupted(self) -> None:
        """The server is gone; the message in flight will get no reply any more."""
        if self.in_flight is not None:
            self.unanswered.append(self.in_flight)
            self.in_flight = None


class Visitor(threading.Thread):
    """Asks one question after another until the server is gone."""

    def __init__(self, port: int, conversation: Conversation | None):
        super().__init__(daemon=True)
        self.conversation = conversation
        self.answers = 0
        self.problems: list[str] = []
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)

    def run(self) -> None:
        # The server is killed while this talks to it: that is what it is here for.
        with closing(self._connection), suppress(OSError, http.client.HTTPException):
            while True:
                self._say()

    def say_once(self) -> bool:
        """Ask one question; whether there was a reply."""
        before = self.answers
        try:
            self._say()
        except (OSError, http.client.HTTPException) as error:
            self.problems.append(f"A conversation does not go on: {type(error).__name__}.")
        finally:
            self._connection.close()
        return self.answers > before

    def is_served(self) -> bool:
        """Whether the server says that it is ready."""
        try:
            return self._ask("GET", "/health")[0] == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            self._connection.close()

    def read(self) -> list[Json] | None:
        """The whole conversation as the server has it; None where it does not know it."""
        try:
            status, body = self._ask("GET", f"{CLINIC}/messages")
        finally:
            self._connection.close()
        return body["messages"] if status == http.client.OK else None

    def _say(self) -> None:
        if self.conversation is None:
            status, body = self._ask("POST", f"{CLINIC}/sessions")
            if status != http.client.CREATED:
                raise http.client.HTTPException(f"no session: {status}")
            self.conversation = Conversation(body["token"], body["messages"])
        talk = self.conversation
        number = len(talk.turns) + len(talk.unanswered)
        said = f"{QUESTIONS[number % len(QUESTIONS)]} ({number})"
        talk.in_flight = said
        status, body = self._ask("POST", f"{CLINIC}/messages", {"text": said})
        if status != http.client.OK:
            self.problems.append(f"A message was answered with {status} {body}.")
            raise http.client.HTTPException(f"refused: {status}")
        talk.turns.append(Turn(said, body["messages"]))
        talk.in_flight = None
        self.answers += 1

    def _ask(self, method: str, path: str, body: Json | None = None) -> tuple[int, Any]:
        headers = {"Content-Type": "application/json"}
        if self.conversation is not None:
            headers["Authorization"] = f"Bearer {self.conversation.token}"
        content = None if body is None else json.dumps(body).encode()
        self._connection.request(method, path, content, headers)
        response = self._connection.getresponse()
        return response.status, json.loads(response.read())


def problems_of(talk: Conversation, stored: list[Json] | None) -> list[str]:
    """What of a conversation is not as it was told. `stored` is what `Visitor.read` gave."""
    if stored is None:
        return ["A session that was given is not known any more."]
    greeting, rest = stored[: len(talk.greeting)], stored[len(talk.greeting) :]
    if greeting != talk.greeting:
        return ["A greeting is not there as it was said."]
    turns, half = _turns(rest)
    acknowledged = [turn for turn in turns if turn.said not in talk.unanswered]
    others = [turn.said for turn in turns if turn.said in talk.unanswered]
    problems = ["A turn is there by half."] * half
    problems += ["An acknowledged turn is not there."] * sum(t not in turns for t in talk.turns)
    if not problems and acknowledged != talk.turns:
        problems.append("Turns are there that nobody asked for, or in another order.")
    if len(others) != len(set(others)):
        problems.append("A message was stored twice.")
    return problems


def _turns(messages: list[Json]) -> tuple[list[Turn], int]:
    """The turns in order, and how many lack the question or the reply."""
    turns: list[Turn] = []
    half = 0
    for message in messages:
        if message["from"] == "visitor":
            turns.append(Turn(message["text"], []))
        elif turns:
            turns[-1].replies.append(message)
        else:
            half += 1
    return turns, half + sum(not turn.replies for turn in turns)
