"""A server with the staff door, everything real behind it except the engine, and people who are
signed in on it.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

import pyotp
import sqlalchemy as sa
from argon2 import PasswordHasher
from playwright.sync_api import Page
from sqlalchemy.engine import Engine
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.console.app import build_console
from bot.console.cookies import SESSION
from bot.console.parts import Parts, make_parts
from bot.content.live import LiveContent
from bot.content.store import ContentStore
from bot.conversations.log import ConversationLog
from bot.db.unit_of_work import UnitOfWork
from bot.server import build_app
from bot.settings import Settings
from bot.staff import rows, sessions
from bot.staff.model import Person, StaffSession
from bot.staff.passwords import Passwords
from bot.staff.tables import audit_entries, clinic_security, people, person_roles
from tests.chat.stage import Clock, StubEngine

OpenPage = Callable[..., Page]
"""`open_page(path, staff=None, **options of the browser)`; see `conftest.py`."""

ADDRESS = "https://careline.example"
PASSWORD = "brisk walnut under seven ladders"
ROLES = ("reader", "reviewer", "editor", "admin")
CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
"""So that a test does not wait for what makes guessing slow."""


@dataclass
class Stage:
    """The parts of one server under test. `log` and `engine` store conversations as visitors do."""

    app: Starlette
    parts: Parts
    engine: StubEngine
    log: ConversationLog
    live: LiveContent
    database: Engine
    clock: Clock

    def person(
        self,
        name: str = "ana",
        *,
        second_factor: str | None = None,
        password: str | None = PASSWORD,
        **roles: str,
    ) -> Person:
        """An account; roles by clinic, `twin_cities="reader admin"`. `second_factor` is its key."""
        person_id = uuid.uuid4().hex
        with UnitOfWork(self.database) as unit:
            unit.connection.execute(
                people.insert().values(
                    id=person_id,
                    name=name,
                    display_name=name.title(),
                    disabled=False,
                    password_hash=CHEAP.hash(password) if password else None,
                    totp_key=second_factor,
                    created_at=self.clock(),
                )
            )
            for clinic, names in roles.items():
                for role in names.split():
                    values = {"clinic": clinic.replace("_", "-"), "role": role}
                    unit.connection.execute(
                        person_roles.insert().values(person_id=person_id, **values)
                    )
            unit.commit()
        return self.again(person_id)

    def again(self, person_id: str) -> Person:
        """The same person as of now."""
        with UnitOfWork(self.database, read_only=True) as unit:
            return rows.by_id(unit.connection, person_id)

    def browser(self) -> Staff:
        """A browser without a session."""
        client = TestClient(
            self.app,
            base_url=ADDRESS,
            headers={"Sec-Fetch-Site": "same-origin"},
            follow_redirects=False,
            raise_server_exceptions=False,
        )
        return Staff(self, client)

    def signed_in(self, who: str | Person = "ana", *, pending: bool = False, **roles: str) -> Staff:
        """A browser with a session of that person, who is made where it is a name."""
        person = self.person(who, **roles) if isinstance(who, str) else who
        staff = self.browser()
        with UnitOfWork(self.database) as unit:
            token, session = sessions.start(
                unit.connection, person, self.clock(), pending=pending, by_provider=False
            )
            unit.commit()
        staff.client.cookies.set(SESSION, token, domain="careline.example", path="/")
        staff.token, staff.session = token, session
        return staff

    def require_second_factor(self, clinic: str = "temple") -> None:
        with UnitOfWork(self.database) as unit:
            values = {"clinic": clinic, "second_factor_required": True}
            unit.connection.execute(clinic_security.insert().values(values))
            unit.commit()

    def recorded(self, action: str = "") -> list[Any]:
        """Entries of the record whose action begins so, oldest first."""
        query = sa.select(audit_entries).order_by(audit_entries.c.number)
        with UnitOfWork(self.database, read_only=True) as unit:
            found = unit.connection.execute(query).all()
        return [entry for entry in found if entry.action.startswith(action)]

    def digits(self, key: str) -> str:
        """What an authenticator app shows now."""
        return pyotp.TOTP(key).at(self.clock())


@dataclass
class Staff:
    """A browser at the staff door. Paths are without `/staff`."""

    stage: Stage
    client: TestClient
    token: str = ""
    session: StaffSession | None = None

    @property
    def person(self) -> Person:
        assert self.session
        return self.session.person

    def get(self, path: str = "/", **options: Any) -> Any:
        return self.client.get(f"/staff{path}", **options)

    def post(self, path: str, fields: Mapping[str, Any] | None = None, **options: Any) -> Any:
        """Send a form, with the session's own token unless `fields` brings another."""
        form = {"csrf": self.csrf, **(fields or {})}
        return self.client.post(f"/staff{path}", data=form, **options)

    @property
    def csrf(self) -> str:
        """The token that the pages of this session hold, "" without a session."""
        token = self.client.cookies.get(SESSION)
        found = self.stage.parts.sessions.find(token) if token else None
        return found.csrf_token if found else ""


def words(response: Any) -> str:
    """What a page says, without its tags."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", response.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


def assert_page(response: Any, status: int = 200) -> str:
    """A whole HTML page of that status, with its headers. Returns what it says."""
    assert response.status_code == status, words(response)[:500]
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    assert "<h1" in response.text
    return words(response)


def assert_goes_to(response: Any, path: str) -> None:
    assert response.status_code == 303, words(response)[:500]
    assert response.headers["location"] == path


def make_stage(settings: Settings, database: Engine, clock: Clock) -> Stage:
    """A server on a database that has its tables and content."""
    live = LiveContent(ContentStore(database, clock), 60)
    log = ConversationLog(database, clock)
    engine = StubEngine(log)
    parts = make_parts(settings, database, live, clock, CHEAP)
    app = build_app(settings, engine, live, log, clock, console=build_console(parts))
    return Stage(app, parts, engine, log, live, database, clock)


def cookie_for(url: str, token: str) -> dict[str, Any]:
    """The session's cookie for a real browser.

    Chromium sends a secure one to this machine over plain HTTP too, but wants it named as secure.
    """
    url = url.replace("http:", "https:")
    return {"name": SESSION, "value": token, "url": url, "secure": True, "httpOnly": True}
