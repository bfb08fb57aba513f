"""axe finds nothing wrong: in every state, in every look, on every page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bot.errors import StoreUnavailable
from tests.widget.running import Chat, World, reply_with, violations

OpenPage = Callable[..., Page]

LIST = "Treatments are:\n- Talk therapy\n- **Injections**\n- A pump"
LONG = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 3


def closed(chat: Chat, world: World) -> None:
    expect(chat.launcher).to_be_visible()


def opened(chat: Chat, world: World) -> None:
    chat.open()


def answered(chat: Chat, world: World) -> None:
    chat.open().ask()
    chat.button("Scar tissue").click()
    expect(chat.bot).to_have_count(3)


def with_list(chat: Chat, world: World) -> None:
    with pytest.MonkeyPatch.context() as patch:
        reply_with(world, patch, f"{LIST}\n{LONG}", "treatments")
        chat.open().ask("treatments?", "Talk therapy")


def emergency(chat: Chat, world: World) -> None:
    with pytest.MonkeyPatch.context() as patch:
        reply_with(world, patch, "Call 911 now.", "emergency")
        chat.open().ask("I cannot feel my legs", "Call 911")


def waiting(chat: Chat, world: World) -> None:
    chat.open()
    chat.page.route("**/messages", lambda route: None)
    chat.say("hello")
    expect(chat.element.locator(".waiting")).to_be_visible()


def failed(chat: Chat, world: World) -> None:
    chat.open()
    world.stage.engine.error = StoreUnavailable("down")
    chat.say("hello")
    expect(chat.trouble).to_be_visible()


def offline(chat: Chat, world: World) -> None:
    chat.open()
    chat.page.context.set_offline(True)
    chat.say("hello")
    expect(chat.trouble).to_be_visible()


def not_loaded(chat: Chat, world: World) -> None:
    expect(chat.launcher).to_be_visible()
    chat.page.route("**/panel.js", lambda route: route.abort())
    chat.launcher.click()
    expect(chat.panel).to_be_visible()


def contact(chat: Chat, world: World) -> None:
    chat.open().button("Talk to the clinic").click()


def options(chat: Chat, world: World) -> None:
    chat.open().button("More options").click()


def asking(chat: Chat, world: World) -> None:
    answered(chat, world)
    chat.button("Close chat").click()


def opinion(chat: Chat, world: World) -> None:
    chat.open().ask().get_by_role("button", name="Not helpful").click()
    expect(chat.messages).to_contain_text("What was missing?")


STATES = [
    *(closed, opened, answered, with_list, emergency, waiting, failed, offline, not_loaded),
    *(contact, options, asking, opinion),
]
LOOKS: dict[str, dict] = {
    "wide-light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 800}},
    "wide-dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 800}},
    "phone-light": {"color_scheme": "light", "viewport": {"width": 320, "height": 640}},
    "phone-dark": {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}},
    "zoomed": {"color_scheme": "light", "viewport": {"width": 320, "height": 200}},
    "forced-colours": {"forced_colors": "active", "viewport": {"width": 768, "height": 900}},
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_finds_nothing_wrong(
    open_page: OpenPage, world: World, state: Callable[[Chat, World], None], look: str
):
    page = open_page("/", **LOOKS[look], reduced_motion="reduce")
    state(Chat(page), world)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("path", ["/", "/demo/temple", "/demo/twin-cities"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_on_the_demonstration_pages(
    open_page: OpenPage, path: str, scheme: str
):
    page = open_page(path, color_scheme=scheme)
    expect(Chat(page).launcher).to_be_visible()
    assert violations(page) == []
