"""Whatever visitors, colleagues and clinics write is shown as text: nothing of it runs."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from bot.content.tables import clinics
from bot.conversations.model import Button, Link, SourceLine
from bot.db.unit_of_work import UnitOfWork
from tests.console.stage import OpenPage, Staff, Stage
from tests.console.talks import answered, judged, talk
from tests.widget.test_safe import ADDRESSES, PAYLOADS

FOREIGN = (
    "main img, main iframe, main script, main style, main math, main b, main object, main embed"
)


def rename_clinic(console: Stage, name: str) -> None:
    with UnitOfWork(console.database) as unit:
        unit.connection.execute(
            sa.update(clinics).where(clinics.c.key == "temple").values(name=name[:200])
        )
        unit.commit()
    console.live._snapshot = None  # read it anew, as a poll would


def hostile(console: Stage, boss: Staff, text: str, url: str = "https://clinic.example/") -> str:
    """A conversation of which every text is this one, and every address that one."""
    rename_clinic(console, text)
    turn = answered(
        text,
        subject=text[:64],
        detail=text[:64],
        reply=f"{text}\n- {text}\n[a link]({url})",
        buttons=[Button("b", text, "causes")],
        links=[Link(text, url)],
        source=SourceLine(text, url, None),
    )
    id_ = talk(console, turn)
    judged(console, id_, False, text)
    assert boss.post(f"/conversations/{id_}/notes", {"note": text}).status_code == 303
    assert boss.post(f"/conversations/{id_}/tags", {"new_tag": text[:40]}).status_code == 303
    fields = {"name": text[:80], "words": text[:200], "tag": text[:40], "assigned": text}
    assert boss.post("/conversations/filters", fields).status_code == 303
    return id_


@pytest.fixture
def boss(console: Stage) -> Staff:
    return console.signed_in(temple="admin")


def assert_harmless(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert page.evaluate("window.hit") is None
    assert page.locator(FOREIGN).count() == 0
    names = "[...document.querySelectorAll('*')].flatMap((e) => e.getAttributeNames())"
    assert [name for name in page.evaluate(names) if name.startswith("on")] == []
    for href in page.evaluate("[...document.querySelectorAll('a')].map((a) => a.href)"):
        assert href.startswith((page.url.split("/staff")[0], "https://clinic.example/")), href


def test_hostile_texts_are_shown_as_text(console: Stage, boss: Staff, open_page: OpenPage):
    ids = {text: hostile(console, boss, text) for text in PAYLOADS}
    page = open_page("/conversations", boss)
    shown = page.inner_text("main")
    assert [text for text in PAYLOADS if text[:40] not in shown] == []
    assert_harmless(page)
    for text, id_ in ids.items():
        rename_clinic(console, text)
        page.goto(f"/staff/conversations/{id_}")
        assert text in page.inner_text("main"), text
        assert_harmless(page)
        query = urlencode({
            "words": text, "tag": text, "assigned": text, "about": text, "feedback": text,
        })  # fmt: skip
        page.goto(f"/staff/conversations?{query}")
        assert_harmless(page)
    for path in (f"/{ids[PAYLOADS[0]]}/delete", "/export"):
        page.goto(f"/staff/conversations{path}")
        assert_harmless(page)


def test_hostile_words_that_are_typed_are_harmless(
    console: Stage, boss: Staff, open_page: OpenPage
):
    page = open_page("/conversations", boss)
    page.get_by_label("Words of the visitor").fill(PAYLOADS[0])
    page.keyboard.press("Enter")
    page.wait_for_url("**/conversations?words=*")
    assert_harmless(page)


def test_a_hostile_tag_is_harmless_in_the_confirmation(
    console: Stage, boss: Staff, open_page: OpenPage
):
    hostile(console, boss, PAYLOADS[8])
    page = open_page("/conversations", boss)
    page.get_by_label("Everything that is found").check()
    page.locator("#bulk-tag").fill(PAYLOADS[8])
    page.get_by_role("button", name="Add the tag").click()
    assert PAYLOADS[8][:40].lower() in page.inner_text("main")
    assert_harmless(page)


def test_a_hostile_address_is_no_link(console: Stage, boss: Staff, open_page: OpenPage):
    page = open_page("/conversations", boss)
    for address in ADDRESSES:
        turn = answered(
            "hello",
            reply=f"[a link]({address})",
            links=[Link("a link", address)],
            source=SourceLine("a source", address, None),
        )
        page.goto(f"/staff/conversations/{talk(console, turn)}")
        for name in ("a link", "a source"):
            expect(page.get_by_text(name).first).to_be_visible()
            assert page.get_by_role("link", name=name).count() == 0, address
        assert_harmless(page)


@pytest.mark.parametrize("text", ['x"; filename="evil.exe', "a\r\nSet-Cookie: x=1", "../../etc/é"])
def test_the_name_of_a_file_is_plain_whatever_a_clinic_is_called(
    console: Stage, boss: Staff, text: str
):
    id_ = hostile(console, boss, text)
    for path, fields in (
        ("/conversations/export", {"rows": "messages", "as": "csv"}),
        (f"/conversations/{id_}/download", {"as": "txt"}),
    ):
        named = boss.post(path, fields).headers["content-disposition"]
        assert named.isascii()
        assert named.startswith('attachment; filename="')
        assert not set(named.split('"')[1]) - set("abcdefghijklmnopqrstuvwxyz0123456789-.")
