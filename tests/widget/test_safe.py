"""Nothing that a server, a clinic or a visitor says can run as script."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bot.chat.widget import FOLDER
from bot.content.model import Notice
from bot.conversations.model import Button, DraftMessage, Link, SourceLine
from tests.chat.stage import START
from tests.widget.running import Chat, World

PAYLOADS = [
    "<script>window.hit = 1</script>",
    "<img src=x onerror='window.hit = 1'>",
    "<svg onload=window.hit=1>",
    "<iframe srcdoc='<script>parent.hit=1</script>'></iframe>",
    "<details open ontoggle=window.hit=1>",
    "<a href='javascript:window.hit=1'>a</a>",
    "<style>@import 'javascript:window.hit=1'</style>",
    "</textarea><script>window.hit = 1</script>",
    "'\"><img src=x onerror=window.hit=1>",
    "<math><mtext><style><img src=x onerror=window.hit=1></style></mtext></math>",
    "**<img src=x onerror=window.hit=1>**",
    "- <img src=x onerror=window.hit=1>",
    "[<img src=x onerror=window.hit=1>](https://clinic.example/)",
    "{{constructor.constructor('window.hit=1')()}}",
    "${window.hit=1}",
    "%3Cscript%3Ewindow.hit=1%3C/script%3E",
    "&lt;script&gt;window.hit=1&lt;/script&gt;",
    "<b>bold</b>",
]
ADDRESSES = [
    "javascript:window.hit=1",
    "JaVaScRiPt:window.hit=1",
    " javascript:window.hit=1",
    "java\tscript:window.hit=1",
    "\x01javascript:window.hit=1",
    "data:text/html,<script>opener.hit=1</script>",
    "vbscript:window.hit=1",
    "file:///etc/passwd",
    "blob:https://clinic.example/1",
    "//clinic.example/",
]
ELEMENTS = "img, svg:not(.launcher svg), iframe, script, style, math, details, b, object, embed"


def hostile(world: World, monkeypatch: pytest.MonkeyPatch, text: str, url: str) -> None:
    """Everything that comes from the server holds the text, and every link the address."""
    engine = world.stage.engine

    def store(conversation, said, request_key):
        reply = DraftMessage(
            "bot",
            f"Before.\n{text}\n[a link]({url})",
            buttons=(Button("b1", text, "causes"),),
            links=(Link(text, url),),
            subject=text,
            source=SourceLine(text, url, None),
        )
        number = conversation.turns + 1
        drafts = [DraftMessage("visitor", said), reply]
        stored = engine.log.save_turn(conversation.id, number, drafts, events=[], slots={})
        return stored[1:]

    monkeypatch.setattr(engine, "_store", store)
    content = world.stage.content
    clinics = dict(content.current.clinics)
    notice = Notice(1, "phone_outage", text, START, None)
    routes = tuple(
        dataclasses.replace(route, label=text, text=text, url=url)
        for route in clinics["temple"].routes
    )
    clinics["temple"] = dataclasses.replace(
        clinics["temple"], name=text, notices=(notice,), routes=routes
    )
    content.current = dataclasses.replace(content.current, clinics=clinics)


def assert_harmless(page: Page, chat: Chat) -> None:
    assert page.evaluate("window.hit") is None
    assert chat.panel.locator(ELEMENTS).count() == 0
    for link in chat.panel.locator("a").all():
        assert re.match(r"(https?|tel|sms|mailto):", link.get_attribute("href") or "")


@pytest.mark.parametrize("text", PAYLOADS)
def test_a_hostile_text_is_shown_as_text(
    open_page: Callable[..., Page], world: World, monkeypatch: pytest.MonkeyPatch, text: str
):
    hostile(world, monkeypatch, text, "https://clinic.example/")
    page = open_page(world.page(title=""))
    chat = Chat(page).open()
    chat.say(text)
    expect(chat.bot).to_have_count(2)
    expect(chat.visitor).to_contain_text(text)
    chat.button("Talk to the clinic").click()
    world.server.stop()
    chat.say(text)
    expect(chat.trouble).to_be_visible()
    assert_harmless(page, chat)


def test_a_hostile_address_is_no_link(
    open_page: Callable[..., Page], world: World, monkeypatch: pytest.MonkeyPatch
):
    address = iter(ADDRESSES)
    hostile(world, monkeypatch, "text", next(address))
    page = open_page(world.page(phone="javascript:window.hit=1", portal="javascript:window.hit=1"))
    chat = Chat(page).open()
    for number in range(len(ADDRESSES)):
        chat.say("hello")
        expect(chat.bot).to_have_count(number + 2)
        chat.button("Talk to the clinic").click()
        assert_harmless(page, chat)
        assert chat.messages.locator("a").count() == 0
        hostile(world, monkeypatch, "text", next(address, ""))


def test_lists_bold_text_and_links_of_allowed_schemes_are_shown_as_such(
    open_page: Callable[..., Page], world: World, monkeypatch: pytest.MonkeyPatch
):
    text = "**Bold** [page](https://clinic.example/) [call](tel:911) [text](sms:988)\n- one\n- two"
    hostile(world, monkeypatch, text, "")
    chat = Chat(open_page("/")).open()
    chat.say("hello")
    reply = chat.bot.nth(1).locator(".text")
    expect(reply.locator("strong")).to_have_text("Bold")
    expect(reply.locator("li")).to_have_text(["one", "two"])
    hrefs = [link.get_attribute("href") for link in reply.locator("a").all()]
    assert hrefs == ["https://clinic.example/", "tel:911", "sms:988"]
    expect(reply.locator("a").first).to_have_attribute("rel", "noopener noreferrer")


def test_no_script_writes_html_from_text_or_keeps_words_or_cookies():
    for path in FOLDER.glob("*.js"):
        script = path.read_text("utf-8")
        found = re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|"
            r"localStorage|indexedDB|document\.cookie|https?://(?!www\.w3\.org)",
            script,
        )
        assert found is None, (path.name, found)
