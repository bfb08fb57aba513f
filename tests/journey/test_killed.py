"""The real server is killed in the middle of a conversation, and started again."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Route, expect

from tests.journey.running import running
from tests.widget.running import Chat


def test_a_killed_server_loses_and_doubles_nothing(
    model: Path, browser: Browser, tmp_path: Path
) -> None:
    """Once before a message arrives, and once after its reply was stored but not yet received."""
    database = tmp_path / "careline.db"
    page = browser.new_page()
    with running(database) as product:
        port = urlsplit(product.url).port
        assert port is not None
        page.goto(product.url)
        chat = Chat(page)
        chat.launcher.click()
        expect(chat.bot).to_have_count(1)

        def answer_and_die(route: Route) -> None:
            route.fetch()
            product.process.kill()
            product.process.wait()
            route.abort()

        page.route("**/messages", answer_and_die, times=1)
        chat.say("what is fbss?")
        expect(chat.visitor).to_contain_text("Not sent")
        chat.say("how is it treated?")
        expect(chat.visitor.nth(1)).to_contain_text("Not sent")
        expect(chat.trouble).to_contain_text("myTempleHealth")
        expect(chat.trouble.get_by_role("link", name="Call 911")).to_be_visible()
    with running(database, port) as product:
        for row in chat.visitor.all():
            row.get_by_role("button", name="Try again").click()
            expect(chat.trouble).to_be_hidden()
        expect(chat.bot).to_have_count(3)
        said = product.rows("SELECT text FROM messages WHERE sender = 'visitor' ORDER BY turn")
        assert [row["text"] for row in said] == ["what is fbss?", "how is it treated?"]
        page.reload()
        chat.launcher.click()
        expect(chat.visitor).to_have_count(2)
        expect(chat.bot).to_have_count(3)
    page.close()
