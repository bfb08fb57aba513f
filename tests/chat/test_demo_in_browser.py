"""The demonstration page in a real browser, against a real server with the stub engine."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from bot.errors import StoreUnavailable
from tests.chat.stage import EMERGENCY, Stage
from tests.chat.test_forgetting import with_words

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WELCOME = "Welcome to temple."
ANSWER = "FBSS is pain that goes on after back surgery."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path, "These tests need Debian's chromium: `make browser` brings it."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def url(stage: Stage) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(stage.app, log_config=None, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    server.force_exit = True
    thread.join()
    listener.close()


@pytest.fixture
def open_page(browser: Browser, url: str) -> Iterator[Callable[..., Page]]:
    contexts: list[BrowserContext] = []

    def open_it(path: str = "/", **options: object) -> Page:
        context = browser.new_context(base_url=url, **options)
        contexts.append(context)
        page = context.new_page()
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("request", lambda request: page.errors.extend(_foreign(request.url, url)))
        page.goto(path)
        return page

    yield open_it
    for context in contexts:
        for page in context.pages:
            assert page.errors == []
        context.close()


def _foreign(requested: str, url: str) -> list[str]:
    return [] if requested.startswith(url) else [f"asked elsewhere: {requested}"]


def test_a_question_is_asked_with_the_keyboard_and_answered(open_page: Callable[..., Page]):
    page = open_page()
    expect(page.get_by_role("log")).to_contain_text(WELCOME)
    page.get_by_label("Your question").focus()
    page.keyboard.type("what is fbss")
    page.keyboard.press("Enter")
    log = page.get_by_role("log")
    expect(log).to_contain_text("what is fbss")
    expect(log).to_contain_text(ANSWER)
    expect(log).to_contain_text("Source: A clinic's page, reviewed on November 20, 2026")
    expect(page.get_by_role("link", name="Portal")).to_have_attribute(
        "href", "https://portal.example/"
    )
    expect(page.get_by_label("Your question")).to_have_value("")


def test_a_button_is_used_once_and_shows_what_was_chosen(open_page: Callable[..., Page]):
    page = open_page()
    button = page.get_by_role("button", name="What is FBSS?")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text(ANSWER)
    used = page.get_by_role("button", name="What is FBSS? (chosen)")
    expect(used).to_be_disabled()
    expect(used).to_have_attribute("aria-pressed", "true")
    expect(used).to_be_focused()
    expect(page.get_by_role("button", name="Scar tissue")).to_be_enabled()


def test_a_failure_keeps_the_text_and_offers_help_and_another_try(
    open_page: Callable[..., Page], stage: Stage
):
    page = open_page()
    expect(page.get_by_role("log")).to_contain_text(WELCOME)
    stage.engine.error = StoreUnavailable("down")
    page.get_by_label("Your question").fill("my question")
    page.get_by_role("button", name="Send").click()
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text(EMERGENCY)
    expect(problem).to_contain_text("Use the patient portal.")
    expect(page.get_by_label("Your question")).to_have_value("my question")
    stage.engine.error = None
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("log")).to_contain_text(ANSWER)
    expect(problem).to_be_hidden()
    expect(page.get_by_label("Your question")).to_have_value("")


def test_a_server_that_cannot_be_reached_keeps_the_text_too(open_page: Callable[..., Page]):
    page = open_page()
    expect(page.get_by_role("log")).to_contain_text(WELCOME)
    page.route("**/messages", lambda route: route.abort())
    page.get_by_label("Your question").fill("my question")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    expect(page.get_by_label("Your question")).to_have_value("my question")
    page.unroute("**/messages")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("log")).to_contain_text(ANSWER)


def test_what_is_asked_while_another_question_waits_is_answered_next(
    open_page: Callable[..., Page], stage: Stage
):
    page = open_page()
    page.get_by_label("Your question").fill("at once")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text(ANSWER)
    expect(page.get_by_label("Your question")).to_have_value("")
    assert stage.engine.heard == ["at once"]


def test_an_expired_session_is_renewed_and_the_text_kept(
    open_page: Callable[..., Page], stage: Stage
):
    page = open_page()
    expect(page.get_by_role("log")).to_contain_text(WELCOME)
    stage.clock.move(hours=25)
    page.get_by_label("Your question").fill("my question")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("a new one was started")
    expect(page.get_by_label("Your question")).to_have_value("my question")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("log")).to_contain_text(ANSWER)


def test_the_conversation_goes_on_after_a_reload_and_can_be_deleted(
    open_page: Callable[..., Page], stage: Stage
):
    page = open_page()
    page.get_by_label("Your question").fill("what is fbss")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text(ANSWER)
    page.reload()
    expect(page.get_by_role("log")).to_contain_text(ANSWER)
    assert len(stage.log.all()) == 1
    page.get_by_role("button", name="Forget me: delete this conversation").click()
    expect(page.get_by_role("log")).to_contain_text("The conversation was deleted.")
    expect(page.get_by_role("log")).not_to_contain_text(ANSWER)
    expect(page.get_by_role("log")).to_contain_text(WELCOME)
    (conversation,) = stage.log.all()
    assert conversation.turns == 0


def test_a_conversation_that_is_deleted_by_typing_leaves_the_page_too(
    open_page: Callable[..., Page], stage: Stage
):
    with_words(stage)
    page = open_page()
    page.get_by_label("Your question").fill("my secret question")
    page.keyboard.press("Enter")
    log = page.get_by_role("log")
    expect(log).to_contain_text("my secret question")
    page.get_by_label("Your question").fill("Delete my chat!")
    page.keyboard.press("Enter")
    expect(log).to_contain_text("Done.")
    expect(log.get_by_role("article")).to_have_count(1)
    page.get_by_label("Your question").fill("what is fbss")
    page.keyboard.press("Enter")
    expect(log).to_contain_text(ANSWER)


def test_markup_in_a_message_is_shown_as_text(open_page: Callable[..., Page]):
    page = open_page()
    text = "<img src=x onerror=alert(1)><b>bold</b>"
    page.get_by_label("Your question").fill(text)
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text(text)
    assert page.locator(".log img, .log b").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1200])
def test_the_page_fits_and_meets_wcag_aa(open_page: Callable[..., Page], scheme: str, width: int):
    page = open_page(
        "/demo/temple",
        color_scheme=scheme,
        viewport={"width": width, "height": 720},
        reduced_motion="reduce",
    )
    page.get_by_role("button", name="What is FBSS?").click()
    expect(page.get_by_role("log")).to_contain_text(ANSWER)
    page.evaluate("document.querySelector('.problem').hidden = false")
    inside = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert inside, "the page scrolls sideways"
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": tags})
    assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []


def test_the_clinics_lead_to_their_own_chats(open_page: Callable[..., Page]):
    page = open_page()
    page.get_by_role("link", name="Twin-Cities").click()
    expect(page.get_by_role("log")).to_contain_text("Welcome to twin-cities.")


def test_the_widget_script_shows_a_link_to_the_clinics_chat(
    open_page: Callable[..., Page], url: str
):
    page = open_page("/chat/static/icon.svg")
    tag = f'<script src="{url}/widget.js" data-clinic="twin-cities" async></script>'
    page.route("**/website", lambda r: r.fulfill(body=f"<body>{tag}", content_type="text/html"))
    page.goto(f"{url}/website")
    link = page.get_by_role("link", name="Ask about back surgery pain")
    expect(link).to_have_attribute("href", f"{url}/demo/twin-cities")
