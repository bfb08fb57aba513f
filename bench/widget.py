"""Measures the chat widget's times in Chromium: `python -m bench.widget URL` of a page that has it.

Beside `tests/widget/test_figures.py`, which holds its bytes and requests: a time depends on the
machine and is no test.
"""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Callable
from typing import Annotated, Any

import typer
from playwright.sync_api import Browser, Page, expect, sync_playwright

SLOWER = 4
"""How much slower than this machine the phone is."""

_NOTE_DELAYS = """(element) => {
  window.delays = [];
  const list = element.shadowRoot.querySelector(".messages");
  let seen = list.querySelectorAll(".bot").length;
  new MutationObserver(() => {
    const shown = list.querySelectorAll(".bot").length;
    if (shown <= seen) return;
    seen = shown;
    requestAnimationFrame(() => {
      const channel = new MessageChannel(); // its message comes after the picture was drawn
      channel.port1.onmessage = () => {
        const all = performance.getEntriesByType("resource");
        const reply = all.filter((entry) => entry.name.endsWith("/messages")).at(-1);
        window.delays.push(performance.now() - reply.responseEnd);
      };
      channel.port2.postMessage(null);
    });
  }).observe(list, { childList: true });
}"""


def measure(browser: Browser, url: str, *, messages: int = 20, loads: int = 5) -> dict[str, float]:
    """Medians in milliseconds: what the loader keeps the main thread of a slow phone busy with, and
    how long after a response's last byte its reply is on the screen.
    """
    busy = [_with_page(browser, url, _main_thread) for _ in range(loads)]
    delays = _with_page(browser, url, lambda page, url: _delays(page, url, messages))
    return {
        "main thread on load": statistics.median(busy),
        "from response to picture": statistics.median(delays),
    }


def _with_page(browser: Browser, url: str, work: Callable[[Page, str], Any]) -> Any:
    page = browser.new_page()
    try:
        return work(page, url)
    finally:
        page.close()


def _main_thread(page: Page, url: str) -> float:
    """Milliseconds in the loader's functions and in what they call."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    session.send("Profiler.enable")
    session.send("Profiler.setSamplingInterval", {"interval": 100})
    session.send("Profiler.start")
    page.goto(url)
    expect(page.locator("careline-chat .launcher")).to_be_visible()
    profile = session.send("Profiler.stop")["profile"]
    ours = _inside(profile["nodes"], "/widget.js")
    samples = zip(profile["samples"], profile["timeDeltas"])
    return sum(delta for node, delta in samples if node in ours) / 1000


def _inside(nodes: list[dict[str, Any]], name: str) -> set[int]:
    """Ids of what a file's functions did themselves or called."""
    children = {node["id"]: node.get("children", []) for node in nodes}
    found: set[int] = set()
    waiting = [node["id"] for node in nodes if node["callFrame"]["url"].endswith(name)]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += children[node]
    return found


def _delays(page: Page, url: str, messages: int) -> list[float]:
    page.goto(url)
    chat = page.locator("careline-chat")
    chat.locator(".launcher").click()
    expect(chat.locator(".bot")).to_have_count(1)
    chat.evaluate(_NOTE_DELAYS)
    for number in range(messages):
        chat.locator("textarea").fill("what is fbss?")
        page.keyboard.press("Enter")
        page.wait_for_function("count => window.delays.length > count", arg=number)
    return list(page.evaluate("window.delays"))


def main(
    url: Annotated[str, typer.Argument(help="Page with the chat, such as http://127.0.0.1:8000/")],
) -> None:
    """Measure the chat widget's times on a page of a running server."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for name, milliseconds in measure(browser, url).items():
            typer.echo(f"{name}: {milliseconds:.1f} ms (median)")
        browser.close()


if __name__ == "__main__":
    typer.run(main)
