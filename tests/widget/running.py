"""What the widget's tests run: servers that can be stopped and started again, and a visitor's eyes
and hands on the chat.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.conversations.model import DraftMessage
from tests.chat.stage import Stage

AXE_TAGS = [
    *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"),
    "best-practice",
]
WELCOME = "Welcome to temple."
ANSWER = "FBSS is pain that goes on after back surgery."

LOOKED_AT_AGAIN = ("color-contrast", "scrollable-region-focusable")
"""Rules that are asked again in other colours; where the width is alike the others are not."""


class Server:
    """An app on a port of its own, which stays the same when it is stopped and started again."""

    def __init__(self, app: Any, host: str = "127.0.0.1"):
        self._app = app
        self._listener = socket.create_server((host, 0))
        self.host, self.port = host, self._listener.getsockname()[1]
        self._running: tuple[uvicorn.Server, threading.Thread] | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def start(self) -> None:
        """Serve; returns when requests are answered."""
        if self._listener.fileno() < 0:
            self._listener = socket.create_server((self.host, self.port))
        config = uvicorn.Config(self._app, log_config=None, lifespan="off", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [self._listener]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        self._running = server, thread

    def stop(self) -> None:
        """Close every connection; nobody answers any more."""
        if self._running is None:
            return
        server, thread = self._running
        server.should_exit = server.force_exit = True
        thread.join()
        self._listener.close()
        self._running = None


@dataclass
class Website:
    """A clinic's website on another origin: what its pages hold is for the test to say."""

    pages: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/{name}", self._page)])

    def put(self, name: str, html: str, **headers: str) -> str:
        """Keep a page; its path."""
        self.pages[name] = html, {key.replace("_", "-"): value for key, value in headers.items()}
        return f"/{name}"

    async def _page(self, request: Request) -> Response:
        html, headers = self.pages.get(request.path_params["name"], ("", {}))
        return HTMLResponse(html, headers=headers, status_code=200 if html else 404)


@dataclass
class World:
    """A chat server, a website beside it, and what lies behind the chat."""

    stage: Stage
    server: Server
    website: Website
    site: Server

    def tag(self, **options: str) -> str:
        """The script tag, with `data-` attributes."""
        given = {"clinic": "temple", **options}
        data = " ".join(f'data-{key.replace("_", "-")}="{value}"' for key, value in given.items())
        return f'<script src="{self.server.url}/widget.js" {data} async></script>'

    def page(self, body: str = "<main><h1>A clinic</h1></main>", **options: str) -> str:
        """The address of a page of the website with the widget on it."""
        html = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A clinic</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"{self.tag(**options)}</head><body>{body}</body></html>"
        )
        return self.site.url + self.website.put("page", html)


class Chat:
    """The widget as a visitor meets it."""

    def __init__(self, page: Page):
        self.page = page
        self.element = page.locator("careline-chat")
        self.launcher = self.element.locator(".launcher")
        self.panel = self.element.get_by_role("dialog")
        self.messages = self.element.locator(".messages")
        self.field = self.element.get_by_label("Your question")
        self.trouble = self.element.locator(".trouble")

    def open(self) -> Chat:
        """Open it and wait for the greeting."""
        self.launcher.click()
        expect(self.messages).to_contain_text("Welcome to")
        return self

    def say(self, text: str) -> None:
        self.field.fill(text)
        self.page.keyboard.press("Enter")

    def ask(self, text: str = "what is fbss", answer: str = ANSWER) -> Locator:
        """Ask and wait; the answer."""
        before = self.bot.count()
        self.say(text)
        reply = self.bot.nth(before)
        expect(reply).to_contain_text(answer)
        return reply

    @property
    def bot(self) -> Locator:
        return self.messages.locator(".bot")

    @property
    def visitor(self) -> Locator:
        return self.messages.locator(".visitor")

    def button(self, name: str) -> Locator:
        return self.element.get_by_role("button", name=name, exact=True)

    def focused(self) -> str:
        """The name of what has the focus inside of the widget, else of the page."""
        return self.page.evaluate(
            """() => {
              let at = document.activeElement;
              while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
              const label = at?.getAttribute("aria-label");
              return at?.id || label || at?.textContent.trim() || at?.tagName;
            }"""
        )


def reply_with(world: World, monkeypatch: pytest.MonkeyPatch, text: str, subject: str, **more):
    """Every reply is this one."""
    engine = world.stage.engine

    def store(conversation, said, request_key):
        drafts = [DraftMessage("visitor", said), DraftMessage("bot", text, subject=subject, **more)]
        number = conversation.turns + 1
        stored = engine.log.save_turn(conversation.id, number, drafts, events=[], slots={})
        return stored[1:]

    monkeypatch.setattr(engine, "_store", store)


def violations(page: Page, only: Sequence[str] = AXE_TAGS) -> list[tuple[str, str]]:
    """What axe finds wrong by rules or groups of rules: the rule, and the first element."""
    found = Axe().run(page, options={"runOnly": [*only]})
    return [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]]
