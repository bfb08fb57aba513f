"""The pages of conversations in every state: axe finds nothing, nothing is cut off; with keys only,
without JavaScript, on paper.

`SHOTS=folder` keeps pictures of each state.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.console.looks import wrong_in_any_look
from tests.console.stage import OpenPage, Stage
from tests.console.talks import answered, judged, said, shelf, talk

State = Callable[[Stage, OpenPage, dict], Page]
LONG = "Which treatments are there for pain that goes on after an operation on the back, " * 4


def crowd(console: Stage, number: int = 60) -> dict[str, str]:
    """A shelf, and many more that were asked about this and that."""
    for n in range(number):
        subject = ("treatments", "causes", "appointment", "symptoms")[n % 4]
        id_ = said(console, f"{n}: what about {subject}", subject, confidence=0.99 - n % 3 / 10)
        if n % 5 == 0:
            judged(console, id_, n % 10 == 0, "Thank you" if n % 10 == 0 else "Not what I asked")
    ids = shelf(console)
    ids["long"] = talk(console, answered(LONG), answered("x" * 300), answered("ok?", "thanks"))
    return ids


def at(path: str, *, many: bool = True, **roles: str) -> State:
    def state(console: Stage, open_page: OpenPage, look: dict) -> Page:
        if many:
            crowd(console)
        return open_page(path, console.signed_in(**(roles or {"temple": "admin"})), **look)

    return state


def one_conversation(console: Stage, open_page: OpenPage, look: dict) -> Page:
    said(console, "what is fbss")
    return open_page("/conversations", console.signed_in(temple="reviewer"), **look)


def find_opened(console: Stage, open_page: OpenPage, look: dict) -> Page:
    ids = crowd(console, 3)
    ana = console.signed_in(temple="admin", twin_cities="reviewer")
    ana.post(f"/conversations/{ids['flag']}/tags", {"new_tag": "call back"})
    ana.post("/conversations/filters", {"words": "scar", "name": "Scars"})
    query = "words=pain&from=2026-11-01&feedback=any&least=1&order=latest&assigned=-"
    page = open_page(f"/conversations?{query}", ana, **look)
    for summary in page.locator("main summary").all():
        summary.click()
    return page


def mistaken(console: Stage, open_page: OpenPage, look: dict) -> Page:
    page = open_page(
        "/conversations?least=five&from=2026-11-20&to=2026-11-01",
        console.signed_in(temple="admin"),
        **look,
    )
    expect(page.get_by_role("alert")).to_be_focused()
    return page


def bulk_asked(console: Stage, open_page: OpenPage, look: dict) -> Page:
    page = at("/conversations?about=treatments")(console, open_page, look)
    page.get_by_label("Everything that is found").check()
    page.get_by_role("button", name="Delete …").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Delete for good?")
    return page


def full(console: Stage) -> str:
    """A transcript with everything on it."""
    console.person("bo", temple="reviewer")
    ids = crowd(console, 2)
    miss = answered("and my horse, can it come too?", "fallback", missed=True, confidence=0.2)
    id_ = talk(console, answered(LONG), miss, answered("does it hurt?", "cause_detail"))
    judged(console, id_, False, "Not what I asked.\nPlease call me")
    bo = console.signed_in(console.parts.people.by_name("bo"))
    for path, fields in {
        "/tags": {"new_tag": "call back"},
        "/notes": {"note": "Rang. Nobody there.\nTry again on Monday."},
        "/assigned": {"to": "bo"},
        "/reviewed": {"do": "reviewed"},
    }.items():
        assert bo.post(f"/conversations/{id_}{path}", fields).status_code == 303
    assert ids
    return id_


def transcript(console: Stage, open_page: OpenPage, look: dict) -> Page:
    id_ = full(console)
    ana = console.signed_in(temple="admin")
    ana.post(f"/conversations/{id_}/notes", {"note": "Mine"})
    page = open_page(f"/conversations/{id_}?order=latest&done=noted", ana, **look)
    for summary in page.locator("main summary").all():
        summary.click()
    return page


def transcript_to_read(console: Stage, open_page: OpenPage, look: dict) -> Page:
    return open_page(f"/conversations/{full(console)}", console.signed_in(temple="reader"), **look)


def note_refused(console: Stage, open_page: OpenPage, look: dict) -> Page:
    id_ = said(console, "hello")
    page = open_page(f"/conversations/{id_}", console.signed_in(temple="reviewer"), **look)
    page.get_by_label("Add a note").fill(" ")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_role("alert")).to_be_focused()
    return page


def transcript_deleted(console: Stage, open_page: OpenPage, look: dict) -> Page:
    page = open_page(f"/conversations/{said(console, 'hello')}", console.signed_in(temple="admin"))
    page.get_by_role("link", name="Delete …").click()
    expect(page.get_by_role("button", name="Delete it for good")).to_be_visible()
    return page


STATES: dict[str, State] = {
    "none-yet": at("/conversations", many=False),
    "one": one_conversation,
    "many": at("/conversations", temple="admin", twin_cities="reviewer"),
    "many-to-read": at("/conversations", temple="reader"),
    "found": at("/conversations?words=scar", temple="reviewer"),
    "find-opened": find_opened,
    "nothing-found": at("/conversations?words=scar&missed=yes&from=2026-11-01"),
    "mistaken": mistaken,
    "bulk-asked": bulk_asked,
    "keys": at("/conversations/keys", many=False),
    "export": at("/conversations/export?words=scar&about=cause_detail/scar_tissue"),
    "transcript": transcript,
    "transcript-to-read": transcript_to_read,
    "note-refused": note_refused,
    "delete-asked": transcript_deleted,
}


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_and_nothing_is_cut_off(console: Stage, open_page: OpenPage, state: str):
    page = STATES[state](console, open_page, {"viewport": {"width": 390, "height": 844}})
    assert wrong_in_any_look(page, state) == []


def press(page: Page, key: str) -> None:
    """Press a key on a page whose scripts have run."""
    page.wait_for_load_state("load")
    page.keyboard.press(key)


def test_the_way_through_the_list_by_keys_alone(console: Stage, open_page: OpenPage):
    ids = shelf(console)
    page = open_page("/conversations", console.signed_in(temple="reviewer"))
    press(page, "/")
    expect(page.get_by_label("Words of the visitor")).to_be_focused()
    page.keyboard.type("j")  # typed, not followed
    assert page.url.endswith("/staff/conversations")
    page.keyboard.press("Backspace")
    page.keyboard.press("Tab")
    press(page, "j")
    expect(page).to_have_url(re.compile(ids["flag"]))
    press(page, "e")
    expect(page).to_have_url(re.compile(f"{ids['unhelpful']}.*done=next"))
    expect(page.get_by_role("status")).to_contain_text("is marked as reviewed")
    press(page, "n")
    expect(page.get_by_label("Add a note")).to_be_focused()
    page.keyboard.type("Rang.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The note is kept.")
    press(page, "j")
    expect(page).to_have_url(re.compile(ids["missed"]))
    press(page, "k")
    expect(page).to_have_url(re.compile(ids["unhelpful"]))
    press(page, "u")
    expect(page.get_by_role("heading", level=1)).to_have_text("Conversations")
    press(page, "?")
    expect(page.get_by_role("heading", level=1)).to_have_text("Keys")
    page.get_by_role("button", name="Switch the keys off").press("Enter")
    page.get_by_role("link", name="Back to the conversations").press("Enter")
    press(page, "j")
    press(page, "?")
    expect(page.get_by_role("heading", level=1)).to_have_text("Conversations")


def test_everything_works_without_javascript(console: Stage, open_page: OpenPage):
    ids = shelf(console)
    boss = console.signed_in(temple="admin")
    page = open_page("/conversations", boss, java_script_enabled=False)
    expect(page.get_by_role("button", name="Copy the link")).to_have_count(0)
    page.get_by_label("Words of the visitor").fill("scar")
    page.get_by_role("button", name="Find").first.click()
    expect(page.locator("mark").first).to_have_text("scar")
    page.get_by_role("link", name="does scar tissue hurt").click()
    page.locator("main summary", has_text="Why this answer").last.click()
    expect(page.get_by_text("Next best guess")).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_have_count(0)
    page.get_by_label("Add a tag").fill("call back")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("The tag is added.")
    with page.expect_download() as download:
        page.get_by_role("button", name="Text", exact=True).click()
    assert download.value.suggested_filename.endswith(".txt")
    page.get_by_role("link", name="Back to what you found").click()
    page.get_by_label("Tick: does scar tissue hurt").check()
    page.get_by_role("button", name="Mark as reviewed").click()
    expect(page.get_by_role("status")).to_contain_text("1 conversation marked as reviewed.")
    page.get_by_label("Everything that is found").check()
    page.get_by_role("button", name="Delete …").click()
    page.get_by_role("button", name="Delete 1 conversation").click()
    expect(page.get_by_role("status")).to_contain_text("1 conversation deleted.")
    assert console.log.turns(ids["unhelpful"]) is None
    assert console.log.turns(ids["flag"]) == 1


def test_what_is_printed_is_the_conversation(console: Stage, open_page: OpenPage):
    page = open_page(f"/conversations/{full(console)}", console.signed_in(temple="admin"))
    page.locator("main summary").last.click()
    page.emulate_media(media="print")
    for shown in ("What was said", "Not what I asked.", "#call back", "Nobody there.", "Next best"):
        expect(page.get_by_text(shown).last).to_be_visible()
    hidden = page.locator(".head, .foot, .way, button, textarea, select, .why:not([open]) summary")
    assert hidden.count() > 10
    assert [each.is_visible() for each in hidden.all()] == [False] * hidden.count()


def test_copying_the_link_says_so(console: Stage, open_page: OpenPage):
    id_ = said(console, "hello")
    page = open_page(
        f"/conversations/{id_}?order=latest",
        console.signed_in(temple="reader"),
        permissions=["clipboard-read", "clipboard-write"],
    )
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith(f"/staff/conversations/{id_}")
