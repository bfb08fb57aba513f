"""The pages of the outage notice."""

from __future__ import annotations

import pytest

from bot.content.outages import Outages
from tests.console.stage import Stage, assert_goes_to, assert_page, words

TEXT = "Our lines are down until noon."


def outages(console: Stage) -> Outages:
    return Outages(console.database, console.clock)


def test_the_state_of_each_clinic_and_what_visitors_see_stand_on_one_page(console: Stage) -> None:
    editor = console.signed_in(temple="editor", twin_cities="editor")
    text = assert_page(editor.get("/notices"))
    assert "Phone outage is on since" in text
    assert "technical issues with its phone lines" in text
    assert "Call 952-841-2345" in text


def test_a_clinic_of_others_is_not_on_the_page_and_cannot_be_opened_or_switched(
    console: Stage,
) -> None:
    editor = console.signed_in(temple="editor", twin_cities="reader")
    assert "Twin Cities" not in assert_page(editor.get("/notices"))
    assert_page(editor.get("/notices/twin-cities"), 404)
    assert_page(editor.post("/notices/twin-cities", {"text": TEXT, "do": "on"}), 404)
    assert_page(editor.post("/notices/twin-cities/off"), 404)
    assert outages(console).show("twin-cities") == []
    assert console.recorded("notice.") == []


def test_switched_on_it_is_in_force_and_in_the_record(console: Stage) -> None:
    editor = console.signed_in("eve", twin_cities="editor")
    response = editor.post("/notices/twin-cities", {"text": TEXT, "do": "on"})
    assert_goes_to(response, "/staff/notices?done=on")
    (notice,) = outages(console).show("twin-cities")
    assert (notice.text, notice.starts_at, notice.ends_at) == (TEXT, console.clock.now, None)
    (entry,) = console.recorded("notice.")
    assert (entry.by, entry.action, entry.clinic) == ("eve", "notice.on", "twin-cities")
    assert "is on" in assert_page(editor.get("/notices?done=on"))


def test_switched_off_the_bot_gives_the_phone_again(console: Stage) -> None:
    editor = console.signed_in(temple="editor")
    assert_goes_to(editor.post("/notices/temple/off"), "/staff/notices?done=off")
    assert "Call 800-TEMPLE-MED (800-836-7536)" in assert_page(editor.get("/notices"))
    assert_goes_to(editor.post("/notices/temple/off"), "/staff/notices?done=was-off")


def test_times_are_those_of_the_clinics_clock(console: Stage) -> None:
    editor = console.signed_in(twin_cities="editor")
    fields = {"text": TEXT, "do": "on", "from": "2026-11-21T08:00", "until": "2026-11-21T12:00"}
    response = editor.post("/notices/twin-cities", fields)
    assert_goes_to(response, "/staff/notices?done=planned")
    (notice,) = outages(console).show("twin-cities")
    assert notice.starts_at.isoformat() == "2026-11-21T14:00:00+00:00"
    text = assert_page(editor.get("/notices"))
    assert "From Nov 21, 2026, 8:00 AM CST until Nov 21, 2026, 12:00 PM CST" in text


def test_a_look_beforehand_shows_what_visitors_will_see_and_changes_nothing(
    console: Stage,
) -> None:
    editor = console.signed_in(twin_cities="editor")
    response = editor.post("/notices/twin-cities", {"text": TEXT, "do": "preview"})
    text = assert_page(response)
    assert text.count(TEXT) == 3, "the notice, the reply, and what was typed"
    assert "the phone line has problems right now" in text
    assert outages(console).show("twin-cities") == []
    assert console.recorded("notice.") == []


@pytest.mark.parametrize(
    ("fields", "field", "told"),
    [
        ({"text": ""}, "text", "Write what visitors should read."),
        ({"text": "Stop your gabapentin."}, "text", "tells to start, stop or change a treatment"),
        ({"text": "x" * 2000}, "text", "longer than 1000 characters"),
        ({"text": TEXT, "from": "tomorrow"}, "from", "is not a time"),
        ({"text": TEXT, "from": "2027-03-14T02:30"}, "from", "skips"),
        ({"text": TEXT, "until": "2026-11-01T10:00"}, "until", "before it begins"),
        ({"text": TEXT, "from": "2026-11-22T10:00", "until": "2026-11-22T09:00"}, "until",
         "before it begins"),
    ],
)  # fmt: skip
def test_each_mistake_stands_beside_its_field_and_what_was_typed_stays(
    console: Stage, fields: dict[str, str], field: str, told: str
) -> None:
    editor = console.signed_in(temple="editor")
    response = editor.post("/notices/temple", {**fields, "do": "on"})
    text = assert_page(response, 422)
    assert text.count(told) == 2, "in the summary and beside the field"
    assert f'id="{field}-error"' in response.text
    assert f'href="#{field}"' in response.text
    assert fields["text"][:1000] in words(response)
    assert len(console.recorded("notice.")) == 0


def test_a_notice_is_text_and_never_markup(console: Stage) -> None:
    editor = console.signed_in(twin_cities="editor")
    editor.post("/notices/twin-cities", {"text": "<img src=x onerror=alert(1)>", "do": "on"})
    page = editor.get("/notices").text
    assert "<img" not in page
    assert "&lt;img" in page
