"""What the widget costs: bytes, requests, time. The limits are those of `docs/embed.md`."""

from __future__ import annotations

import statistics
from collections.abc import Callable

from playwright.sync_api import Page, expect

from bot.chat.widget import Widget
from tests.widget.running import Chat, World

OpenPage = Callable[..., Page]
MOST_BEFORE_A_CLICK = 5_000
MOST_IN_ALL = 25_000
MOST_DELAY_MS = 30
MOST_MAIN_THREAD_MS = 50
SLOWER = 4


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


def test_it_keeps_a_slow_phone_busy_for_a_moment_only(open_page: OpenPage, world: World):
    page = open_page("about:blank")
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    session.send("Profiler.enable")
    session.send("Profiler.start")
    page.goto(world.page())
    expect(Chat(page).launcher).to_be_visible()
    profile = session.send("Profiler.stop")["profile"]
    spent = dict(zip((n["id"] for n in profile["nodes"]), [0.0] * len(profile["nodes"])))
    for sample, delta in zip(profile["samples"], profile["timeDeltas"]):
        spent[sample] += delta / 1000
    ours = _inside(profile["nodes"], "/widget.js")
    busy = sum(spent[node] for node in ours)
    print(f"main thread at {SLOWER}x slower: {busy:.1f} ms")
    assert busy < MOST_MAIN_THREAD_MS


def _inside(nodes: list[dict], name: str) -> set[int]:
    """Ids of what a file's functions did themselves or called."""
    children = {node["id"]: node.get("children", []) for node in nodes}
    found: set[int] = set()
    waiting = [n["id"] for n in nodes if n["callFrame"]["url"].endswith(name)]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += children[node]
    return found


def test_a_reply_is_on_the_screen_as_soon_as_it_is_there(open_page: OpenPage, world: World):
    """From the last byte of the response to the next picture that has it."""
    chat = Chat(open_page(world.page())).open()
    chat.element.evaluate(
        """(element) => {
          window.delays = [];
          const list = element.shadowRoot.querySelector(".messages");
          new MutationObserver(() => {
            const shown = list.querySelectorAll(".bot").length;
            if (shown === window.seen) return;
            window.seen = shown;
            requestAnimationFrame(() => {
              const channel = new MessageChannel();
              channel.port1.onmessage = () => {
                const all = performance.getEntriesByType("resource");
                const reply = all.filter((e) => e.name.endsWith("/messages")).at(-1);
                if (reply) window.delays.push(performance.now() - reply.responseEnd);
              };
              channel.port2.postMessage(null);
            });
          }).observe(list, { childList: true });
        }"""
    )
    for number in range(10):
        chat.ask(f"message {number}")
    delays = chat.page.evaluate("new Promise((r) => setTimeout(() => r(window.delays), 100))")
    print(f"from response to picture: median {statistics.median(delays):.1f} ms, {max(delays):.1f}")
    assert len(delays) == 10
    assert statistics.median(delays) < MOST_DELAY_MS
