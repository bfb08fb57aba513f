"""The start page: who waits for a person, notices, answers to check, figures and their lists."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from bot.content.outages import Outages
from tests.console.stage import Staff, Stage, assert_page, words
from tests.console.talks import judged, said, shelf

DATABASE = "postgresql"

OWN = "days=own&from=2026-11-19&to=2026-11-20"


def cards(response) -> dict[str, tuple[str, str]]:
    """The figures by their names: what a card says, and the address of its list."""
    found = re.findall(
        r'<li class="card">\s*<h3>(.*?)</h3>(.*?)href="/staff(/conversations[^"]*)"(.*?)</li>',
        response.text,
        re.DOTALL,
    )
    return {
        name: (" ".join(re.sub(r"<[^>]*>", " ", body).split()), unescape(address))
        for name, body, address, _ in found
    }


def listed(staff: Staff, address: str) -> int:
    """How many conversations a list has."""
    page = staff.get(address)
    found = re.search(r'class="total"><strong>(\d+)', page.text)
    assert page.status_code == 200
    return int(found[1]) if found else 0


def waiting(response) -> dict[str, tuple[str, str | None]]:
    """What needs a person: how many and where they are listed."""
    part = response.text.split('class="waiting"')[1].split("</ul>")[0]
    found = {}
    for item in part.split("<li ")[1:]:
        number = re.search(r'class="big">(\S+?)<', item)
        address = re.search(r'href="/staff(/conversations[^"]*)">(.*?)<', item)
        name = address[2] if address else re.sub(r".*</svg>\s*|</p>.*", "", item, flags=re.DOTALL)
        assert number
        found[name.strip()] = number[1], unescape(address[1]) if address else None
    return found


def test_what_needs_a_person_comes_first_and_leads_to_its_list(console: Stage):
    ids = shelf(console)
    ana = console.signed_in(temple="reviewer")
    ana.post(f"/conversations/{ids['quiet']}/assigned", {"person": "ana", "to": "ana"})
    found = waiting(ana.get("/"))
    flags = found["Emergency or crisis, not reviewed"]
    unhelpful = found["Called not helpful, not reviewed"]
    mine = found["Assigned to you, not reviewed"]
    assert (flags[0], unhelpful[0], mine[0]) == ("1", "1", "1")
    for number, address in (flags, unhelpful, mine):
        assert address is not None
        assert listed(ana, address) == int(number)
    ana.post(f"/conversations/{ids['flag']}/reviewed", {"reviewed": "yes"})
    assert waiting(ana.get("/"))["Emergency or crisis, not reviewed"] == ("0", None)


def test_each_figure_is_right_and_leads_to_its_conversations(console: Stage):
    shelf(console)
    ana = console.signed_in(temple="reader")
    found = cards(ana.get("/"))
    expected = {
        "Conversations": ("6", 6),
        "Questions": ("6", 6),
        "Answered": ("5", 5),
        "Not answered": ("1", 1),
        "Helped without a person": ("83 % of 6", 5),
        "Wanted a person": ("1", 1),
        "Emergency or crisis": ("1", 1),
        "Called helpful": ("0 % of 1", 0),
        "The bot was unsure": ("17 % of 6", 1),
        "Median reply time": ("None yet", 6),
    }
    assert list(found) == list(expected)
    for name, (value, number) in expected.items():
        body, address = found[name]
        assert body.startswith(value), name
        assert listed(ana, address) == number, name


def test_figures_are_compared_with_the_days_before_in_words(console: Stage):
    for _ in range(3):
        said(console, "what is fbss")
    judged(console, said(console, "does it hurt"), True)
    console.clock.move(days=7)
    said(console, "what is fbss")
    judged(console, said(console, "does it hurt"), False)
    found = cards(console.signed_in(temple="reader").get("/"))
    assert "2 fewer than in the 7 days before (4)" in found["Questions"][0]
    assert "As many as in the 7 days before" in found["Not answered"][0]
    assert "100 points less than in the 7 days before (100 %)" in found["Called helpful"][0]
    assert "As in the 7 days before" in found["Helped without a person"][0]
    assert "Nothing to compare with in the 7 days before" in found["Median reply time"][0]


def test_the_window_is_always_named(console: Stage):
    ana = console.signed_in(temple="reader")
    for query, named in {
        "": "Nov 14, 2026 to Nov 20, 2026 (7 days), Temple Health",
        "days=28": "Oct 24, 2026 to Nov 20, 2026 (28 days)",
        "days=90": "Aug 23, 2026 to Nov 20, 2026 (90 days)",
        "days=nonsense": "Nov 14, 2026 to Nov 20, 2026 (7 days)",
        OWN: "beside the 2 days before: Nov 17, 2026 to Nov 18, 2026. Today is not over",
        "from=2026-11-01&to=2026-11-01": "Nov 1, 2026 (1 day)",
        "days=own&from=2026-11-19&to=2027-01-01": "Nov 19, 2026 to Nov 20, 2026 (2 days)",
    }.items():
        shown = words(ana.get(f"/?{query}")).replace(" ,", ",").replace(" .", ".")
        assert named in shown, query
    over = words(ana.get("/?days=own&from=2026-11-01&to=2026-11-02"))
    assert "Today is not over" not in over


def test_days_are_those_of_the_clinics_clock(console: Stage):
    console.clock.now = console.clock.now.replace(hour=4)  # the evening before, in New York
    said(console, "what is fbss")
    console.clock.now = console.clock.now.replace(hour=23)
    ana = console.signed_in(temple="reader")
    for day, number in (("2026-11-19", 1), ("2026-11-20", 0)):
        body, address = cards(ana.get(f"/?days=own&from={day}&to={day}"))["Questions"]
        assert body.startswith(str(number))
        assert listed(ana, address) == number


def test_figures_are_of_all_own_clinics_or_of_one(console: Stage):
    shelf(console)
    both = console.signed_in(temple="reader", twin_cities="reader")
    for query, number in (("", 7), ("clinic=temple", 6), ("clinic=twin-cities", 1)):
        body, address = cards(both.get(f"/?{query}"))["Conversations"]
        assert body.startswith(str(number))
        assert listed(both, address) == number
    one = console.signed_in("ben", temple="reader")
    assert_page(one.get("/?clinic=twin-cities"), 404)
    assert cards(one.get("/"))["Conversations"][0].startswith("6")


def test_subjects_and_ways_to_the_clinic_lead_to_their_conversations(console: Stage):
    shelf(console)
    ana = console.signed_in(temple="reader")
    page = ana.get("/")
    rows = re.findall(r'<th scope="row"><a href="/staff([^"]*)">(.*?)</a></th><td[^>]*>(\d+)',
                      page.text)  # fmt: skip
    found = {name: (unescape(address), int(number)) for address, name, number in rows}
    assert found["One cause"][1] == 1
    assert found["Wants a person"][1] == 1
    for address, number in found.values():
        assert listed(ana, address) == number


def test_behind_each_chart_stands_a_table_with_its_numbers(console: Stage):
    shelf(console)
    page = console.signed_in(temple="reader").get("/")
    shown = words(page)
    assert page.text.count('<svg class="bars"') == 3
    assert re.search(
        r'role="img" aria-label="Questions by day: 6 questions, the most on Nov 20', page.text
    )
    assert "Nov 20 6 0 1 0" in shown
    assert "10 6 0 1 0" in shown  # all in one hour: 10 o'clock in New York
    assert "Fri 6 0 1 0" in shown


def test_without_any_conversation_the_page_says_so(console: Stage):
    shown = assert_page(console.signed_in(temple="reader").get("/"))
    assert "No questions in these days" in shown
    assert "No question about anything in particular" in shown
    assert "Nobody was shown a way to the clinic" in shown


def test_the_notice_in_force_is_shown_for_each_clinic(console: Stage):
    outages = Outages(console.database, console.clock)
    outages.off("temple", by="mia")
    console.live.refresh()
    both = console.signed_in(temple="reader", twin_cities="editor")
    shown = assert_page(both.get("/"))
    assert "Temple Health : No outage" in shown
    outages.on("temple", by="mia", starts_at=None, ends_at=None, text="Our phones are down.")
    console.live.refresh()
    page = both.get("/")
    assert "Temple Health : Phone outage is on since Nov 20, 2026" in words(page)
    assert 'href="/staff/notices/twin-cities"' in page.text
    assert 'href="/staff/notices/temple"' not in page.text


def test_an_editor_sees_what_to_check_and_no_figures(console: Stage):
    console.clock.now += timedelta(days=3 * 365)
    editor = console.signed_in(temple="editor")
    page = editor.get("/")
    shown = assert_page(page)
    assert "have passed the review date" in shown
    assert "All" in shown
    assert 'href="/staff/answers?review=overdue"' in page.text
    assert re.search(r'href="/staff/answers/\d+"', page.text)
    assert "How it has been going" not in shown
    assert "Needs a person now" not in shown
    reader = assert_page(console.signed_in("ben", temple="reader").get("/"))
    assert "review date" not in reader


def test_where_nothing_is_due_the_editor_is_told(console: Stage):
    console.clock.now -= timedelta(days=300)
    shown = assert_page(console.signed_in(temple="editor").get("/"))
    assert "No answer has passed its review date." in shown


@pytest.mark.parametrize("name", ["missed", "person", "flag"])
def test_a_list_can_leave_out_what_a_tick_asks_for(console: Stage, name: str):
    shelf(console)
    ana = console.signed_in(temple="reader")
    assert listed(ana, f"/conversations?{name}=yes") == 1
    assert listed(ana, f"/conversations?{name}=no") == 5
    page = ana.get(f"/conversations?{name}=no")
    assert f'type="hidden" name="{name}" value="no"' in page.text
    assert not re.search(rf'name="{name}" value="yes"[^>]* checked', page.text)
