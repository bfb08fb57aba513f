"""For everyone: by keyboard alone, by what is read out, by touch, from right to left."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bot.errors import StoreUnavailable
from tests.widget.running import ANSWER, Chat, World, reply_with
from tests.widget.test_axe import answered

OpenPage = Callable[..., Page]

ARABIC = "عذرًا، لا يمكنني الرد إلا باللغة الإنجليزية."


def test_everything_can_be_done_by_keyboard_alone(open_page: OpenPage, world: World):
    page = open_page(world.page())
    chat = Chat(page)
    expect(chat.launcher).to_be_visible()
    press = page.keyboard.press
    press("Tab")
    expect(chat.launcher).to_be_focused()
    press("Enter")
    expect(chat.field).to_be_focused()
    page.keyboard.type("what is fbss")
    press("Enter")
    expect(chat.bot).to_have_count(2)
    walk_to(chat, "Scar tissue", back=True)
    press("Space")
    expect(chat.bot).to_have_count(3)
    walk_to(chat, "Helpful", back=True)
    press("Enter")
    expect(chat.messages).to_contain_text("Thank you.")
    for name, shown in (("Talk to the clinic", ".tools .more"), ("More options", ".options")):
        walk_to(chat, name)
        press("Enter")
        expect(chat.element.locator(shown).first).to_be_visible()
        press("Escape")
        assert chat.focused() == name
    press("Enter")
    walk_to(chat, "New conversation", back=True)
    press("Enter")
    assert chat.focused() == "Start anew"
    press("Escape")
    expect(chat.field).to_be_focused()
    walk_to(chat, "Minimize chat", back=True)
    press("Enter")
    expect(chat.launcher).to_be_focused()
    press("Enter")
    expect(chat.field).to_be_focused()
    press("Escape")
    expect(chat.panel).to_be_hidden()
    expect(chat.launcher).to_be_focused()


def test_a_word_on_an_answer_and_its_paper_by_keyboard(chat: Chat):
    page, press = chat.page, chat.page.keyboard.press
    chat.ask()
    walk_to(chat, "Not helpful", back=True)
    press("Enter")
    expect(chat.messages).to_contain_text("Thank you.")
    press("Tab")
    page.keyboard.type("the cost")
    press("Enter")
    expect(chat.messages.locator("input")).to_have_count(0)
    assert chat.focused() == "Not helpful"
    option(chat, "Save this chat")
    with page.expect_download():
        press("Enter")
    page.evaluate("window.print = () => {}")
    option(chat, "Print this chat")
    with page.expect_event("frameattached"):
        press("Enter")


def test_retrying_deleting_and_closing_by_keyboard(chat: Chat, world: World):
    press = chat.page.keyboard.press
    chat.ask()
    world.stage.engine.error = StoreUnavailable("down")
    chat.say("once more")
    expect(chat.trouble).to_be_visible()
    world.stage.engine.error = None
    walk_to(chat, "Try again", back=True)
    press("Enter")
    expect(chat.bot).to_have_count(3)
    expect(chat.field).to_be_focused()
    option(chat, "Forget me: delete this chat")
    press("Enter")
    assert chat.focused() == "Delete it"
    press("Enter")
    expect(chat.visitor).to_have_count(0)
    expect(chat.bot).to_have_count(1)
    chat.ask()
    walk_to(chat, "Close chat", back=True)
    press("Enter")
    assert chat.focused() == "Close it"
    press("Enter")
    expect(chat.launcher).to_be_focused()


def option(chat: Chat, name: str) -> None:
    """Walk to one of the further options."""
    walk_to(chat, "More options")
    chat.page.keyboard.press("Enter")
    walk_to(chat, name, back=True)


def walk_to(chat: Chat, name: str, *, back: bool = False) -> None:
    """Press Tab until it has the focus; what has it is always seen."""
    for _ in range(40):
        if chat.focused() == name:
            return
        chat.page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"{name} cannot be reached")


def test_the_keyboard_leaves_the_panel_on_a_wide_page_and_stays_in_it_on_a_phone(
    open_page: OpenPage, world: World
):
    body = '<main><h1>A clinic</h1><a href="#x" id="link">link</a></main>'
    for viewport, leaves in (((1280, 800), True), ((320, 640), False)):
        page = open_page(world.page(body), viewport={"width": viewport[0], "height": viewport[1]})
        chat = Chat(page).open()
        seen = set()
        for _ in range(30):
            page.keyboard.press("Tab")
            seen.add(chat.focused())
        assert ("link" in seen) is leaves


def test_focus_moves_only_when_the_visitor_moves_it(open_page: OpenPage, world: World):
    body = '<main><h1>A clinic</h1><input aria-label="i" id="i"></main>'
    page = open_page(world.page(body, open="true"))
    chat = Chat(page)
    expect(chat.panel).to_be_visible()
    assert chat.page.evaluate("document.activeElement === document.body")
    page.locator("#i").focus()
    expect(chat.messages).to_contain_text("Welcome")
    assert chat.focused() == "i"
    chat.field.focus()
    chat.ask()
    assert chat.focused() == "say"


def test_what_is_new_is_announced_once_and_apart_from_the_list(chat: Chat):
    record(chat)
    chat.ask()
    heard = chat.page.evaluate("window.heard")
    assert [each for each in heard if ANSWER in each[1]] == [["polite", ANSWER]]
    assert ["polite", "Suggested questions below: 2."] in heard
    assert chat.messages.evaluate("e => e.closest('[aria-live], [role=log]')") is None


def test_an_emergency_is_announced_at_once(
    chat: Chat, world: World, monkeypatch: pytest.MonkeyPatch
):
    record(chat)
    reply_with(world, monkeypatch, "Call **911** now.", "emergency")
    chat.ask("help", "Call 911")
    assert ["assertive", "Call 911 now."] in chat.page.evaluate("window.heard")


def test_trouble_is_announced_at_once(chat: Chat, world: World):
    record(chat)
    world.stage.engine.error = StoreUnavailable("down")
    chat.say("hello")
    expect(chat.trouble).to_be_visible()
    [[urgency, text]] = chat.page.evaluate("window.heard")
    assert urgency == "assertive"
    assert text.startswith("In an emergency")


def record(chat: Chat) -> None:
    """Note what the live regions say from now on."""
    chat.element.evaluate(
        """(element) => {
          window.heard = [];
          for (const region of element.shadowRoot.querySelectorAll("[aria-live]")) {
            new MutationObserver((changes) => {
              for (const { addedNodes } of changes) {
                for (const { textContent } of addedNodes) {
                  window.heard.push([region.ariaLive, textContent]);
                }
              }
            }).observe(region, { childList: true });
          }
        }"""
    )


def test_arabic_is_written_from_right_to_left_and_named(
    chat: Chat, world: World, monkeypatch: pytest.MonkeyPatch
):
    reply_with(world, monkeypatch, ARABIC, "other_language", detail="ar")
    reply = chat.ask("مرحبا", ARABIC).locator(".text")
    expect(reply).to_have_attribute("lang", "ar")
    for text in (reply.locator("p"), chat.visitor.locator(".text")):
        assert text.evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert chat.field.evaluate("e => e.dir") == "auto"


@pytest.mark.parametrize(("touch", "least"), [(False, 24), (True, 44)])
def test_targets_are_big_enough(open_page: OpenPage, world: World, touch: bool, least: int):
    page = open_page("/", has_touch=touch, is_mobile=touch, viewport={"width": 390, "height": 844})
    chat = Chat(page)
    answered(chat, world)
    chat.button("More options").click()
    small = chat.element.evaluate(
        """(element, least) => [...element.shadowRoot.querySelectorAll("button, a, textarea")]
          .filter((e) => e.checkVisibility())
          .map((e) => [e.textContent || e.ariaLabel, e.getBoundingClientRect()])
          .filter(([, box]) => box.width < least - 0.1 || box.height < least - 0.1)
          .map(([name, box]) => `${name} ${box.width}x${box.height}`)""",
        least,
    )
    assert small == []


def test_wider_text_spacing_cuts_nothing_off(open_page: OpenPage, world: World):
    page = open_page("/", viewport={"width": 390, "height": 844})
    chat = Chat(page)
    answered(chat, world)
    cut = chat.element.evaluate(
        """(element) => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
            word-spacing: .16em !important } p { margin-bottom: 2em !important }`);
          element.shadowRoot.adoptedStyleSheets.push(sheet);
          return [...element.shadowRoot.querySelectorAll("button, p, h2, li")]
            .filter((e) => e.checkVisibility() && !e.closest(".unseen"))
            .filter((e) => getComputedStyle(e).display !== "inline")
            .filter((e) => e.scrollWidth > e.clientWidth + 1)
            .map((e) => e.textContent);
        }"""
    )
    assert cut == []


def test_nothing_moves_for_those_who_ask(open_page: OpenPage, world: World):
    chat = Chat(open_page("/", reduced_motion="reduce"))
    answered(chat, world)
    moving = chat.element.evaluate(
        "e => e.shadowRoot.getAnimations().filter((a) => a.playState === 'running').length"
    )
    assert moving == 0
