"""A door with everything real behind it except the engine, which answers by rules that a test can
see at a glance.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from sqlalchemy.engine import Engine
from starlette.applications import Starlette
from starlette.testclient import TestClient

import bot.conversations.tables  # noqa: F401  registers the tables
from bot.content.model import Clinic, ContactRoute, Notice, RouteKind, Snapshot
from bot.conversations.log import ConversationLog
from bot.conversations.model import Button, Conversation, DraftMessage, Link, Message, SourceLine
from bot.db.base import metadata
from bot.replies.model import Offer, Reply
from bot.server import build_app
from bot.settings import Settings

START = datetime(2026, 11, 20, 15, 0, tzinfo=timezone.utc)
EMERGENCY = "In an emergency, go to the nearest emergency room or call 911."
PORTAL = "Use the patient portal."
PHONE = "Call 800-836-7536."


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


class StubContent:
    """Live content that never changes by itself."""

    def __init__(self, snapshot: Snapshot):
        self.current = snapshot
        self.running = False

    def start(self) -> None:
        self.running = True

    def stop(self) -> None:
        self.running = False


class StubEngine:
    """Answers everything with the same sentence and two buttons, and stores the turn as the real
    one does.
    """

    def __init__(self, log: ConversationLog):
        self.log = log
        self.heard: list[str] = []
        self.masked: list[bool] = []
        self.chosen: list[Button] = []
        self.error: Exception | None = None
        self.closed = False

    def greet(self, clinic: str) -> Reply:
        offers = (Offer("What is FBSS?", "definition"),)
        return Reply(f"Welcome to {clinic}.", offers, (), "greeting", None, None, 1, 1)

    async def close(self) -> None:
        self.closed = True

    async def answer(
        self, conversation: Conversation, text: str, *, masked: bool, request_key: str | None
    ) -> list[Message]:
        self.heard.append(text)
        self.masked.append(masked)
        return self._store(conversation, text, request_key)

    async def choose(
        self, conversation: Conversation, button: Button, *, request_key: str | None
    ) -> list[Message]:
        self.chosen.append(button)
        return self._store(conversation, button.title, request_key)

    def _store(
        self, conversation: Conversation, said: str, request_key: str | None
    ) -> list[Message]:
        if self.error is not None:
            raise self.error
        number = conversation.turns + 1
        reply = DraftMessage(
            "bot",
            "FBSS is pain that goes on after back surgery.",
            buttons=(
                Button(f"causes-{number}", "Why does it happen?", "causes"),
                Button(f"scars-{number}", "Scar tissue", "cause_detail", "scar_tissue"),
            ),
            links=(Link("Portal", "https://portal.example/"),),
            subject="definition",
            source=SourceLine("A clinic's page", "", date(2026, 11, 20)),
        )
        drafts = [DraftMessage("visitor", said), reply]
        stored = self.log.save_turn(
            conversation.id, number, drafts, events=[], slots={}, request_key=request_key
        )
        return [message for message in stored if message.sender == "bot"]


def clinic(key: str, *notices: Notice) -> Clinic:
    return Clinic(
        key=key,
        name=key.title(),
        timezone="America/New_York",
        routes=(
            ContactRoute(RouteKind.PHONE, "Call", PHONE, "tel:+18008367536"),
            ContactRoute(RouteKind.PORTAL, "Portal", PORTAL, ""),
            ContactRoute(RouteKind.EMERGENCY, "911", EMERGENCY, "tel:911"),
        ),
        notices=notices,
    )


@dataclass
class Stage:
    """The parts of one server under test."""

    client: TestClient
    app: Starlette
    engine: StubEngine
    content: StubContent
    log: ConversationLog
    clock: Clock
    database: Path

    def start(self, clinic: str = "temple") -> Visitor:
        response = self.client.post(f"/api/{clinic}/sessions")
        assert response.status_code == 201, response.text
        return Visitor(self.client, clinic, response.json()["token"])


@dataclass
class Visitor:
    """Somebody with a session."""

    client: TestClient
    clinic: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def send(self, *, key: str | None = None, **body: object):
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        return self.client.post(f"/api/{self.clinic}/messages", json=body, headers=headers)

    def post_raw(self, body: bytes, content_type: str = "application/json"):
        headers = {**self.headers, "Content-Type": content_type}
        return self.client.post(f"/api/{self.clinic}/messages", content=body, headers=headers)

    def read(self):
        return self.client.get(f"/api/{self.clinic}/messages", headers=self.headers)

    def feedback(self, **body: object):
        return self.client.post(f"/api/{self.clinic}/feedback", json=body, headers=self.headers)

    def forget(self):
        return self.client.delete(f"/api/{self.clinic}/session", headers=self.headers)


def assert_error(response, status: int, code: str) -> str:
    """The one shape of errors. Returns the message."""
    assert response.status_code == status, response.text
    error = response.json()
    assert set(error) == {"error"}
    assert set(error["error"]) == {"code", "message"}
    assert error["error"]["code"] == code
    assert error["error"]["message"]
    return error["error"]["message"]


def stub_app(
    settings: Settings, database: Engine, clock: Clock
) -> tuple[Starlette, StubEngine, StubContent, ConversationLog]:
    """A server with two clinics, of which `temple` has its phone outage on."""
    metadata.create_all(database)
    log = ConversationLog(database, clock)
    outage = Notice(1, "phone_outage", "The phones are down.", START - timedelta(days=1), None)
    clinics = {"temple": clinic("temple", outage), "twin-cities": clinic("twin-cities")}
    content = StubContent(Snapshot(7, clinics))
    engine = StubEngine(log)
    return build_app(settings, engine, content, log, clock), engine, content, log
