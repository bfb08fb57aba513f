"""What the widget costs in bytes and requests; the limits are those of `docs/embed.md`. Times are
measured by `python -m bench.widget`.
"""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from bench import widget
from bot.chat.widget import Widget
from tests.widget.running import Chat, World

OpenPage = Callable[..., Page]
MOST_BEFORE_A_CLICK = 5_000
MOST_IN_ALL = 25_000


def test_the_loader_and_the_whole_are_small_over_the_wire():
    widget = Widget()
    loader = len(widget.loader.packed)
    languages = [len(f.packed) for name, f in widget.files.items() if name.endswith(".json")]
    others = [len(f.packed) for name, f in widget.files.items() if not name.endswith(".json")]
    assert loader <= MOST_BEFORE_A_CLICK
    assert loader + sum(others) + max(languages) <= MOST_IN_ALL


def test_before_a_click_one_file_is_loaded_and_after_it_each_once(
    open_page: OpenPage, world: World
):
    page = open_page("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(world.page())
    expect(Chat(page).launcher).to_be_visible()
    page.wait_for_load_state("networkidle")
    mine = [url for url in asked if url.startswith(world.server.url)]
    assert mine == [f"{world.server.url}/widget.js"]
    Chat(page).open()
    files = [url for url in asked if "/widget/" in url]
    assert len(files) == len(set(files)) == len(Widget().files) - 1  # the other language's words


def test_it_moves_nothing_on_the_page(open_page: OpenPage, world: World):
    page = open_page("about:blank")
    page.add_init_script(
        """window.shifts = [];
        new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
          shifts.push(...entry.sources.map((source) => source.node?.nodeName ?? "inside"));
        })).observe({ type: "layout-shift", buffered: true });"""
    )
    page.goto(world.page("<main><h1>A clinic</h1>" + "<p>text</p>" * 60 + "</main>"))
    chat = Chat(page)
    expect(chat.launcher).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("shifts") == []
    chat.open().ask()
    chat.button("Minimize chat").click()
    assert set(page.evaluate("shifts")) <= {"inside"}


def test_a_reply_is_shown_without_waiting_for_any_timer(open_page: OpenPage, world: World):
    page = open_page(world.page())
    chat = Chat(page).open()
    page.evaluate("window.setTimeout = window.setInterval = window.requestAnimationFrame = () => 0")
    chat.ask("what is fbss")


def test_the_times_of_the_widget_can_be_measured(browser: Browser, world: World):
    measured = widget.measure(browser, world.page(), messages=2, loads=1)
    assert set(measured) == {"main thread on load", "from response to picture"}
    assert all(0 < milliseconds < 10_000 for milliseconds in measured.values())
