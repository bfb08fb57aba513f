"""In every state: axe finds nothing wrong, in any look; every control is reached by Tab."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bot.errors import StoreUnavailable
from tests.widget.running import (
    AXE_TAGS,
    LOOKED_AT_AGAIN,
    Chat,
    World,
    reply_with,
    violations,
)

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
LIGHT = {"color_scheme": "light", "forced_colors": "none"}
DARK = {"color_scheme": "dark", "forced_colors": "none"}
LOOKS: dict[str, tuple[dict, tuple[int, int]]] = {
    "wide-light": (LIGHT, (1280, 800)),
    "wide-dark": (DARK, (1280, 800)),
    "phone-light": (LIGHT, (320, 640)),
    "phone-dark": (DARK, (390, 844)),
    "zoomed": (LIGHT, (320, 200)),
    "forced-colours": ({"color_scheme": "light", "forced_colors": "active"}, (768, 900)),
}


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_finds_nothing_wrong_in_any_look(
    open_page: OpenPage, world: World, state: Callable[[Chat, World], None]
):
    page = open_page("/", reduced_motion="reduce")
    state(Chat(page), world)
    for name, (media, size) in LOOKS.items():
        page.emulate_media(**media)
        page.set_viewport_size({"width": size[0], "height": size[1]})
        again = name in ("wide-dark", "phone-dark", "forced-colours")
        assert violations(page, LOOKED_AT_AGAIN if again else AXE_TAGS) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name


@pytest.mark.parametrize("path", ["/", "/demo/temple", "/demo/twin-cities"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_on_the_demonstration_pages(
    open_page: OpenPage, path: str, scheme: str
):
    page = open_page(path, color_scheme=scheme)
    expect(Chat(page).launcher).to_be_visible()
    assert violations(page) == []


WITH_CONTROLS = [answered, failed, contact, options, asking, opinion, not_loaded]


@pytest.mark.parametrize("state", WITH_CONTROLS, ids=lambda state: state.__name__)
def test_every_control_is_reached_by_tab_with_its_focus_seen(
    open_page: OpenPage, world: World, state: Callable[[Chat, World], None]
):
    page = open_page(world.page(phone="800-555-0100"), viewport={"width": 1280, "height": 900})
    chat = Chat(page)
    state(chat, world)
    wanted = chat.element.evaluate(
        """(element) => {
          const all = [...element.shadowRoot.querySelectorAll("button, a, input, textarea, .log")];
          window.wanted = all.filter((each) => each.checkVisibility());
          window.reached = new Set();
          window.unseen = [];
          element.shadowRoot.addEventListener("focusin", ({ target }) => {
            window.reached.add(target);
            const { outlineStyle, outlineWidth } = getComputedStyle(target);
            const ring = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
            const { x, y, width, height } = target.getBoundingClientRect();
            const over = element.shadowRoot.elementFromPoint(x + width / 2, y + height / 2);
            const covered = !over || !(target.contains(over) || over.contains(target));
            if (!ring || covered) window.unseen.push(target.outerHTML);
          });
          return window.wanted.length;
        }"""
    )
    for _ in range(wanted + 10):
        page.keyboard.press("Tab")
    missed = page.evaluate("wanted.filter((e) => !reached.has(e)).map((e) => e.outerHTML)")
    assert missed == []
    assert page.evaluate("unseen") == []
