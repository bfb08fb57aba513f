"""Changing many conversations at once: what was meant, where one may, after the number."""

from __future__ import annotations

import re
from html import unescape

from tests.console.stage import Stage, assert_goes_to, assert_page
from tests.console.talks import said, shelf

CHANGE, DELETE = "/conversations/change", "/conversations/delete"
LIST = "/staff/conversations"


def asked_again(page) -> dict[str, object]:
    """The hidden fields of the confirmation."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text)
    fields: dict[str, object] = {}
    for name, value in found:
        if name == "ids":
            fields.setdefault("ids", []).append(value)  # type: ignore[attr-defined]
        elif name != "csrf":
            fields[name] = unescape(value)
    return fields


def left(console: Stage, ids: dict[str, str]) -> set[str]:
    return {kind for kind, id_ in ids.items() if console.log.turns(id_) is not None}


def test_those_that_are_ticked_are_marked(console: Stage):
    ids = shelf(console)
    ana = console.signed_in(temple="reviewer")
    fields = {"scope": "ticked", "do": "reviewed", "ids": [ids["flag"], ids["missed"]]}
    assert_goes_to(ana.post(CHANGE, fields), f"{LIST}?done=reviewed&number=2")
    page = ana.get("/conversations?reviewed=yes&done=reviewed&number=2")
    assert "2 conversations marked as reviewed." in assert_page(page)
    assert ids["flag"] in page.text
    assert ids["quiet"] not in page.text


def test_all_of_the_page_are_tagged(console: Stage):
    ids = shelf(console)
    ana = console.signed_in(temple="reviewer")
    shown = [ids["flag"], ids["missed"]]
    fields = {"scope": "page", "do": "tag", "new_tag": "Call  Back", "shown": shown, "ids": []}
    assert_goes_to(ana.post(CHANGE, fields), f"{LIST}?done=tagged&number=2")
    page = ana.get("/conversations?tag=call+back").text
    assert ids["flag"] in page
    assert ids["quiet"] not in page


def test_everything_found_asks_first_and_names_the_number(console: Stage):
    ids = shelf(console)
    ana = console.signed_in(temple="reviewer")
    page = ana.post(CHANGE, {"scope": "found", "do": "reviewed", "from": "2026-11-20"})
    assert "6 conversations will be marked as reviewed." in assert_page(page)
    assert console.recorded("conversation.reviewed") == []
    assert_goes_to(
        ana.post(CHANGE, asked_again(page)), f"{LIST}?from=2026-11-20&done=reviewed&number=6"
    )
    assert ids["elsewhere"] not in ana.get("/conversations?reviewed=yes").text


def test_deleting_asks_first_and_names_the_number(console: Stage):
    ids = shelf(console)
    boss = console.signed_in(temple="admin")
    page = boss.post(DELETE, {"scope": "ticked", "ids": [ids["flag"], ids["quiet"]]})
    assert "2 conversations will be deleted" in assert_page(page)
    assert left(console, ids) == set(ids)
    assert_goes_to(boss.post(DELETE, asked_again(page)), f"{LIST}?done=deleted&number=2")
    assert left(console, ids) == set(ids) - {"flag", "quiet"}


def test_what_is_said_after_the_question_is_left_alone(console: Stage):
    ids = shelf(console)
    boss = console.signed_in(temple="admin")
    page = boss.post(DELETE, {"scope": "found"})
    shown = assert_page(page)
    assert "6 conversations will be deleted" in shown
    assert "every conversation" in shown
    late = said(console, "one more thing")
    boss.post(DELETE, asked_again(page))
    assert left(console, ids) == {"elsewhere"}
    assert console.log.turns(late) == 1


def test_a_confirmation_for_later_does_not_reach_further(console: Stage):
    ids = {"late": said(console, "hello")}
    boss = console.signed_in(temple="admin")
    fields = {"scope": "found", "sure": "yes", "before": "2026-11-20T15:00:30+00:00"}
    boss.post(DELETE, fields)
    assert left(console, ids) == {"late"}
    for before in ("soon", "2026-11-20T15:00:30", "'"):
        assert_page(boss.post(DELETE, {**fields, "before": before}), 400)
    assert left(console, ids) == {"late"}


def test_nothing_of_a_clinic_in_which_one_may_not_is_changed(console: Stage):
    ids = shelf(console)
    ana = console.signed_in(temple="reader", twin_cities="admin")
    fields = {"scope": "ticked", "do": "reviewed", "ids": list(ids.values())}
    assert_goes_to(ana.post(CHANGE, fields), f"{LIST}?done=reviewed&number=1")
    ana.post(DELETE, {"scope": "ticked", "ids": list(ids.values()), "sure": "yes"})
    assert left(console, ids) == set(ids) - {"elsewhere"}
    ana.post(DELETE, {"scope": "found", "sure": "yes"})
    assert left(console, ids) == set(ids) - {"elsewhere"}
    assert_page(ana.post(DELETE, {"scope": "found", "clinic": "temple", "sure": "yes"}), 404)


def test_a_reviewer_deletes_nothing(console: Stage):
    ids = shelf(console)
    ana = console.signed_in(temple="reviewer")
    assert_page(ana.post(DELETE, {"scope": "found", "sure": "yes"}), 403)
    assert left(console, ids) == set(ids)


def test_where_nothing_is_ticked_nothing_happens(console: Stage):
    shelf(console)
    boss = console.signed_in(temple="admin")
    assert_goes_to(boss.post(DELETE, {"scope": "ticked"}), f"{LIST}?done=none")
    assert_goes_to(boss.post(CHANGE, {"do": "reviewed"}), f"{LIST}?done=none")
    assert_goes_to(boss.post(CHANGE, {"do": "tag", "scope": "found"}), f"{LIST}?done=untold")
    assert_page(boss.post(CHANGE, {"do": "explode", "scope": "found"}), 400)
    assert "tick the conversations first" in assert_page(boss.get("/conversations?done=none"))


def test_each_batch_is_recorded_with_its_ids(console: Stage):
    ids = shelf(console)
    boss = console.signed_in(temple="admin")
    boss.post(DELETE, {"scope": "ticked", "ids": [ids["flag"]], "sure": "yes"})
    (entry,) = console.recorded("conversation.deleted")
    assert (entry.by, entry.clinic) == ("ana", "temple")
    assert ids["flag"] in entry.details
