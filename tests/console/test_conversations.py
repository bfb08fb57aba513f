"""The list of conversations: what comes first, finding, kept filters, nothing of other clinics."""

from __future__ import annotations

import re

import pytest

from bot.console.conversations_query import FIELDS
from bot.console.page import environment
from bot.content.subjects import DIALOGUE_ACTS, FAQ, SERVICE_SUBJECTS, SUBJECTS
from tests.console.stage import Stage, assert_goes_to, assert_page, words
from tests.console.talks import answered, said, shelf, talk

DATABASE = "postgresql"

LIST = "/conversations"


def listed(response) -> list[str]:
    """Ids of the conversations on a page, in order."""
    assert_page(response)
    return re.findall(r'<h2 id="c\d+"><a href="/staff/conversations/([0-9a-f]{32})', response.text)


def test_what_needs_a_person_comes_first_and_the_reviewed_last(console: Stage):
    ids = shelf(console)
    ana = console.signed_in(temple="reviewer")
    found = listed(ana.get(LIST))
    assert found[0] == ids["flag"]
    assert found[1] == ids["unhelpful"]
    assert found[2] == ids["missed"]
    assert found[-1] == ids["quiet"]
    ana.post(f"{LIST}/{ids['flag']}/reviewed", {"do": "reviewed"})
    assert listed(ana.get(LIST))[-1] == ids["flag"]


def test_the_latest_first_on_demand(console: Stage):
    ids = shelf(console)
    found = listed(console.signed_in(temple="reader").get(f"{LIST}?order=latest"))
    expected = ["unhelpful", "handoff", "unsure", "missed", "flag", "quiet"]
    assert found == [ids[kind] for kind in expected]


def test_a_row_says_in_words_what_happened(console: Stage):
    shelf(console)
    shown = words(console.signed_in(temple="reader").get(LIST))
    for told in (
        "Emergency or crisis",
        "Not helpful",
        "No answer",
        "Wanted a person",
        "The bot was unsure",
        "i cannot feel my legs",
        "1 question",
        "One cause",
        "EST",
    ):
        assert told in shown, told
    assert "cause_detail" not in shown


def test_every_subject_and_intent_has_plain_words():
    known = environment().get_template("conversations_words.html").module.subjects
    assert set(known) >= SUBJECTS | SERVICE_SUBJECTS | DIALOGUE_ACTS | {FAQ, "nlu_fallback"}


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("words=scar", {"unhelpful"}),
        ("words=too+short", {"unhelpful"}),
        ("about=emergency", {"flag"}),
        ("about=cause_detail/scar_tissue", {"unhelpful"}),
        ("flag=yes", {"flag"}),
        ("missed=yes", {"missed"}),
        ("unsure=yes", {"unsure"}),
        ("person=yes", {"handoff"}),
        ("feedback=not_helpful", {"unhelpful"}),
        ("feedback=helpful", set()),
        ("from=2026-11-20&to=2026-11-20&missed=yes", {"missed"}),
        ("from=2026-11-21", set()),
        ("reviewed=yes", set()),
        ("least=2", set()),
        ("assigned=-&missed=yes", {"missed"}),
        ("clinic=temple&flag=yes", {"flag"}),
    ],
)
def test_a_filter_finds_what_it_says(console: Stage, query: str, kinds: set[str]):
    ids = shelf(console)
    found = listed(console.signed_in(temple="reader").get(f"{LIST}?{query}"))
    assert set(found) == {ids[kind] for kind in kinds}


def test_found_words_are_marked(console: Stage):
    shelf(console)
    page = console.signed_in(temple="reader").get(f"{LIST}?words=scar")
    assert "<mark>scar</mark>" in page.text


def test_what_is_chosen_stands_as_chips_that_come_off(console: Stage):
    shelf(console)
    page = console.signed_in(temple="reader").get(f"{LIST}?words=scar&missed=yes&least=1")
    assert 'href="/staff/conversations?missed=yes&amp;least=1"' in page.text
    assert 'href="/staff/conversations?words=scar&amp;least=1"' in page.text
    assert "At least 1 question ✕" in words(page)


def test_where_nothing_is_found_the_page_says_what_to_take_off(console: Stage):
    shelf(console)
    page = console.signed_in(temple="reader").get(f"{LIST}?words=scar&missed=yes")
    shown = assert_page(page)
    assert "Nothing found" in shown
    assert "Without “ Words: scar ” : 1 found" in shown
    assert "Without “ The bot had no answer ” : 1 found" in shown


def test_an_empty_shelf_says_how_to_try_the_chat(console: Stage):
    page = console.signed_in(temple="reader").get(LIST)
    assert "No conversations yet" in assert_page(page)
    assert 'href="/demo/temple"' in page.text
    assert "/demo/twin-cities" not in page.text


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=soon", "from"),
        ("to=9999-12-31", "to"),
        ("least=-1", "least"),
        ("least=3&most=2", "most"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(console: Stage, query: str, field: str):
    page = console.signed_in(temple="reader").get(f"{LIST}?{query}")
    assert_page(page, 422)
    assert f'id="{field}-error"' in page.text
    assert "<title>Error:" in page.text


@pytest.mark.parametrize(
    "typed", ['"', "' OR 1=1 --", "%", "NEAR(", "a* AND", "\\", "(((", "’", "*"]
)
def test_no_search_is_a_mistake(console: Stage, typed: str):
    shelf(console)
    page = console.signed_in(temple="reader").get(LIST, params={"words": typed})
    assert_page(page)


def test_nothing_of_another_clinic_is_listed_searched_or_chosen(console: Stage):
    ids = shelf(console)
    ana = console.signed_in(temple="admin", twin_cities="editor")
    assert ids["elsewhere"] not in listed(ana.get(LIST))
    assert listed(ana.get(f"{LIST}?words=edina")) == []
    assert_page(ana.get(f"{LIST}?clinic=twin-cities"), 404)
    both = console.signed_in("bo", temple="reader", twin_cities="reader")
    assert ids["elsewhere"] in listed(both.get(LIST))
    assert listed(both.get(f"{LIST}?clinic=twin-cities")) == [ids["elsewhere"]]


def test_pages_go_forth_and_back_without_loss(console: Stage):
    ids = [said(console, f"question {number}") for number in range(60)]
    ana = console.signed_in(temple="reader")
    pages, page = [], ana.get(f"{LIST}?order=latest")
    while True:
        pages.append(listed(page))
        link = re.search(r'rel="next" href="/staff([^"]+)"', page.text)
        if link is None:
            break
        page = ana.get(link[1].replace("&amp;", "&"))
    assert [each for one in pages for each in one] == ids[::-1]
    back = re.search(r'rel="prev" href="/staff([^"]+)"', page.text)
    assert back
    assert listed(ana.get(back[1].replace("&amp;", "&"))) == pages[-2]


def test_a_page_that_nobody_linked_to_is_refused(console: Stage):
    assert_page(console.signed_in(temple="reader").get(f"{LIST}?at=f1_x_2"), 400)


def test_looking_is_recorded_with_redacted_words(console: Stage):
    shelf(console)
    ana = console.signed_in(temple="reader")
    ana.get(LIST)
    ana.get(LIST, params={"words": "call 555-201-3344 " + "scar " * 60, "missed": "yes"})
    (first,) = console.recorded("conversation.listed")
    (second,) = console.recorded("conversation.searched")
    assert first.by == second.by == "ana"
    assert second.clinic == "temple"
    assert "555-201-3344" not in second.details
    assert "[phone]" in second.details
    assert len(second.details) < 300


def test_a_search_that_cannot_be_recorded_shows_nothing(console: Stage, monkeypatch):
    shelf(console)
    ana = console.signed_in(temple="reader")

    def fail(*_: object) -> None:
        raise OSError("the record cannot be written")

    monkeypatch.setattr(type(console.parts.audit), "record", fail)
    page = ana.get(f"{LIST}?words=scar")
    assert "scar tissue" not in assert_page(page, 500)


def test_a_filter_is_kept_opened_and_dropped(console: Stage):
    ids = shelf(console)
    ana = console.signed_in(temple="reviewer", twin_cities="reviewer")
    fields = {"words": "scar", "clinic": "temple", "from": "2026-11-20", "to": "2026-11-20"}
    response = ana.post(f"{LIST}/filters", {**fields, "name": "Scars, this week", "about": ""})
    assert response.status_code == 303
    page = ana.get(LIST)
    link = re.search(r'<a href="/staff([^"]+)"[^>]*>Scars, this week</a>', page.text)
    assert link
    opened = ana.get(link[1].replace("&amp;", "&"))
    assert listed(opened) == [ids["unhelpful"]]
    for name, value in fields.items():
        assert f'name="{name}"' in opened.text
        assert value in opened.text
    other = console.signed_in("bo", temple="reviewer")
    assert "Scars, this week" not in other.get(LIST).text
    number = re.search(r"/filters/(\d+)/drop", page.text)
    assert number
    other.post(f"{LIST}/filters/{number[1]}/drop")
    assert "Scars, this week" in ana.get(LIST).text
    assert_goes_to(
        ana.post(f"{LIST}/filters/{number[1]}/drop"), "/staff/conversations?done=dropped"
    )
    assert "Scars, this week" not in ana.get(LIST).text


def test_a_filter_without_a_name_is_not_kept(console: Stage):
    assert_page(console.signed_in(temple="reviewer").post(f"{LIST}/filters", {"words": "x"}), 400)


def test_a_reader_gets_no_controls_that_would_be_refused(console: Stage):
    shelf(console)
    page = console.signed_in(temple="reader").get(LIST).text
    for control in ("/conversations/change", "/conversations/delete", "/export", 'checkbox" form'):
        assert control not in page
    assert "/conversations/delete" not in console.signed_in("bo", temple="reviewer").get(LIST).text
    assert "/conversations/delete" in console.signed_in("cy", temple="admin").get(LIST).text


def test_the_keys_can_be_switched_off_in_this_browser(console: Stage):
    shelf(console)
    ana = console.signed_in(temple="reader")
    assert "data-key" in ana.get(LIST).text
    assert_goes_to(ana.post(f"{LIST}/keys", {"keys": "off"}), "/staff/conversations/keys?done=off")
    assert "data-key" not in ana.get(LIST).text
    ana.post(f"{LIST}/keys", {"keys": "on"})
    assert "data-key" in ana.get(LIST).text


def test_long_talks_are_found_by_their_length(console: Stage):
    short = said(console, "one")
    long = talk(console, *(answered(f"question {n}") for n in range(4)))
    ana = console.signed_in(temple="reader")
    assert listed(ana.get(f"{LIST}?least=4")) == [long]
    assert listed(ana.get(f"{LIST}?most=1")) == [short]


def test_each_field_of_the_address_is_a_field_of_the_form(console: Stage):
    page = console.signed_in(temple="reader", twin_cities="reader").get(f"{LIST}?order=latest").text
    for name in FIELDS:
        assert f'name="{name}"' in page, name


def test_words_that_are_in_nearly_every_message_are_named(console: Stage):
    shelf(console)
    page = console.signed_in(temple="reader").get(f"{LIST}?words=what+is+scar")
    shown = assert_page(page)
    assert "Not searched for, because nearly every message has them: what, is ." in shown
    assert "Not searched" not in words(console.signed_in("bo", temple="reader").get(LIST))
