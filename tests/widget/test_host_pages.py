"""On any page: hostile styles, a strict policy, a frame, another origin; and the tag's options."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.widget.running import ANSWER, Chat, World, violations

OpenPage = Callable[..., Page]
HOSTILE = """
* { all: unset !important; }
*, html, body { font-size: 60px !important; line-height: 3 !important; color: red !important;
  direction: rtl !important; text-transform: uppercase !important; letter-spacing: 1em !important; }
careline-chat { display: none !important; position: static !important; opacity: 0 !important;
  pointer-events: none !important; transform: scale(9) !important; z-index: -1 !important; }
#wall { position: fixed !important; inset: 0 !important; z-index: 2147483647 !important;
  display: block !important; background: yellow !important; pointer-events: none !important; }
button, textarea, section, dialog, p { display: none !important; }
"""


def test_a_page_s_styles_do_not_reach_the_chat_and_its_own_stay_inside(
    open_page: OpenPage, world: World
):
    look = """(e) => [...e.shadowRoot.querySelectorAll("button, p, h2, textarea")].map((each) => {
      const { fontSize, color, textTransform, letterSpacing, direction } = getComputedStyle(each);
      return [fontSize, color, textTransform, letterSpacing, direction].join();
    })"""
    body = "<main><h1>A clinic</h1><p id='text'>text</p><button>b</button></main>"
    calm = open_page(world.page(body))
    before = calm.locator("#text, main button").evaluate_all(
        "all => all.map((e) => getComputedStyle(e).cssText)"
    )
    chat = Chat(calm).open()
    after = calm.locator("#text, main button").evaluate_all(
        "all => all.map((e) => getComputedStyle(e).cssText)"
    )
    assert before == after
    chat.ask()
    expected = chat.element.evaluate(look)
    hostile = open_page(world.page(f"<style>{HOSTILE}</style><div id='wall'></div>{body}"))
    other = Chat(hostile).open()
    other.ask()
    assert other.element.evaluate(look) == expected
    top = "([x, y]) => document.elementFromPoint(x, y)?.localName"
    box = other.panel.bounding_box()
    assert box is not None
    assert box["width"] == 400
    assert hostile.evaluate(top, [box["x"] + 50, box["y"] + 50]) == "careline-chat"


@pytest.mark.parametrize("nonce", [False, True])
def test_it_works_under_a_strict_content_security_policy(
    open_page: OpenPage, world: World, nonce: bool
):
    chat_host = world.server.url
    script = "'nonce-abc' 'strict-dynamic'" if nonce else chat_host
    policy = f"default-src 'none'; script-src {script}; connect-src {chat_host}"
    tag = world.tag().replace("<script", '<script nonce="abc"') if nonce else world.tag()
    html = f"<!doctype html><title>A clinic</title><main><h1>A clinic</h1></main>{tag}"
    path = world.website.put("strict", html, Content_Security_Policy=policy)
    page = open_page("about:blank")
    refused: list[str] = []
    page.on("console", lambda m: "Content Security" in m.text and refused.append(m.text))
    page.goto(world.site.url + path)
    chat = Chat(page).open()
    chat.ask()
    chat.button("More options").click()
    with page.expect_download():
        chat.button("Save this chat").click()
    assert refused == []


def test_it_works_in_a_frame(open_page: OpenPage, world: World):
    inner = world.page()
    html = (
        f'<!doctype html><title>A</title><iframe src="{inner}" width="500" height="700"></iframe>'
    )
    page = open_page(world.site.url + world.website.put("outer", html))
    frame = page.frame_locator("iframe")
    frame.locator("careline-chat .launcher").click()
    frame.get_by_label("Your question").fill("what is fbss")
    page.keyboard.press("Enter")
    expect(frame.locator("careline-chat .messages")).to_contain_text(ANSWER)


def test_a_website_that_the_clinic_does_not_list_gets_no_chat_but_the_routes(
    open_page: OpenPage, world: World
):
    page = open_page(world.page(clinic="twin-cities", phone="800-555-0100"))
    chat = Chat(page)
    chat.launcher.click()
    expect(chat.trouble).to_contain_text("cannot be reached")
    expect(chat.trouble.get_by_role("link", name="Call 800-555-0100")).to_be_visible()


def test_the_tag_s_options_are_followed(open_page: OpenPage, world: World):
    page = open_page(
        world.page(
            position="left", title="Ask us", greeting="Hello there", label="Ask", open="true"
        )
    )
    chat = Chat(page)
    expect(chat.panel).to_be_visible()
    expect(chat.panel).to_have_accessible_name("Ask us")
    expect(chat.panel).to_contain_text("Hello there")
    box = chat.panel.bounding_box()
    assert box is not None
    assert box["x"] < 50
    chat.button("Minimize chat").click()
    expect(chat.launcher).to_have_text("Continue your chat")


def test_on_a_phone_it_never_opens_by_itself(open_page: OpenPage, world: World):
    page = open_page(world.page(open="true"), viewport={"width": 390, "height": 844})
    chat = Chat(page)
    expect(chat.launcher).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(chat.panel).to_have_count(0)


@pytest.mark.parametrize(
    ("theme", "colour", "taken"),
    [
        ("light", "#7a1f5c", True),
        ("light", "#0a4fa3", True),
        ("light", "#ffcc00", False),
        ("light", "#8a8a8a", False),
        ("light", "red", False),
        ("light", "#fff;}", False),
        ("dark", "#ffcc00", True),
        ("dark", "#7a1f5c", False),
    ],
)
def test_a_colour_is_taken_only_where_it_can_be_read(
    open_page: OpenPage, world: World, theme: str, colour: str, taken: bool
):
    page = open_page("about:blank")
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    key = "color_dark" if theme == "dark" else "color"
    page.goto(world.page(theme=theme, **{key: colour}))
    chat = Chat(page)
    shown = chat.launcher.evaluate("e => getComputedStyle(e).backgroundColor")
    red, green, blue = (
        (int(colour[at : at + 2], 16) for at in (1, 3, 5)) if len(colour) == 7 else (0, 0, 0)
    )
    assert (shown == f"rgb({red}, {green}, {blue})") is taken
    assert bool([text for text in told if "Careline" in text]) is not taken
    chat.open().ask()
    assert violations(page) == []


def test_a_tag_without_a_clinic_says_so_and_shows_no_other_clinic_s_chat(
    open_page: OpenPage, world: World
):
    page = open_page("about:blank")
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.goto(world.page(clinic=""))
    page.wait_for_load_state("networkidle")
    assert any("names no clinic" in text for text in told)
    assert page.locator("careline-chat").count() == 0


def test_a_second_tag_adds_no_second_launcher(open_page: OpenPage, world: World):
    page = open_page(world.page(f"<main><h1>A clinic</h1></main>{world.tag()}{world.tag()}"))
    expect(Chat(page).launcher).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.locator("careline-chat").count() == 1


def test_a_tag_that_a_script_adds_later_works(open_page: OpenPage, world: World):
    """As tag managers do."""
    page = open_page(
        world.site.url + world.website.put("late", "<!doctype html><title>A</title><p>text</p>")
    )
    page.evaluate(
        """(src) => {
          const script = document.createElement("script");
          script.src = src;
          script.async = true;
          script.dataset.clinic = "temple";
          document.head.append(script);
        }""",
        f"{world.server.url}/widget.js",
    )
    Chat(page).open()


@pytest.mark.parametrize("size", [(390, 844), (320, 480)])
def test_on_a_phone_it_fills_what_the_keyboard_leaves(
    open_page: OpenPage, world: World, size: tuple[int, int]
):
    width, height = size
    page = open_page(world.page(), viewport={"width": width, "height": height})
    chat = Chat(page).open()
    assert chat.panel.bounding_box() == {"x": 0, "y": 0, "width": width, "height": height}
    page.evaluate(
        """() => {
          Object.defineProperty(visualViewport, "height", { value: visualViewport.height - 200 });
          visualViewport.dispatchEvent(new Event("resize"));
        }"""
    )
    box = chat.panel.bounding_box()
    assert box is not None
    assert box["height"] == height - 200
    assert chat.field.is_visible()


def test_turning_the_screen_keeps_the_panel_and_the_focus(open_page: OpenPage, world: World):
    page = open_page(world.page(), viewport={"width": 1000, "height": 800})
    chat = Chat(page).open()
    chat.field.fill("half a sent")
    page.set_viewport_size({"width": 390, "height": 800})
    expect(chat.field).to_be_focused()
    page.set_viewport_size({"width": 1000, "height": 800})
    expect(chat.field).to_be_focused()
    expect(chat.field).to_have_value("half a sent")
