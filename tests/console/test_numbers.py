"""Numbers in addresses and forms: read in one way, and garbage is never taken for one."""

from __future__ import annotations

import pytest

from bot.console.forms import LAST_PAGE, page_number, whole_number
from tests.console.stage import Stage, assert_page
from tests.console.test_answers import fields, number, said

GARBAGE = ("", "x", "-1", "1.5", "²", "٣", "1e3", "9" * 10, "9" * 40)


@pytest.mark.parametrize("typed", GARBAGE)
def test_what_is_no_number_is_none(typed: str) -> None:
    assert whole_number(typed) is None
    assert page_number({"page": typed}) == 1


def test_a_number_is_read_as_it_is_and_a_page_counts_from_one() -> None:
    assert [whole_number(typed) for typed in ("0", "007", "999999999")] == [0, 7, 999_999_999]
    assert [page_number({"page": typed}) for typed in ("0", "3", "999999999")] == [1, 3, LAST_PAGE]
    assert page_number({}) == 1


@pytest.mark.parametrize("field", ["version", "edit"])
def test_a_form_whose_number_was_tampered_with_is_refused(console: Stage, field: str) -> None:
    editor = console.signed_in("eve", temple="editor", twin_cities="editor")
    place, before = number(console, "help"), said(console, "help")
    form = {**fields(editor.get(f"/answers/{place}").text), "text": "Other words.", "do": "publish"}
    assert_page(editor.post(f"/answers/{place}", {**form, field: "x"}), 400)
    assert said(console, "help") == before


@pytest.mark.parametrize("path", ["/missed/x", "/missed/²", "/answers/x", "/answers/d²"])
def test_an_address_whose_number_is_none_leads_nowhere(console: Stage, path: str) -> None:
    staff = console.signed_in("eve", temple="reader editor")
    assert_page(staff.get(path), 404)


@pytest.mark.parametrize("typed", ["x", "²"])
def test_a_change_of_what_has_no_number_leads_nowhere(console: Stage, typed: str) -> None:
    reviewer = console.signed_in("eve", temple="reviewer")
    assert_page(reviewer.post(f"/conversations/filters/{typed}/drop"), 404)
