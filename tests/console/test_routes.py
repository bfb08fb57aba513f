"""The pages of the contact routes."""

from __future__ import annotations

import re

import pytest

from bot.content.contact_routes import ClinicSettings
from bot.content.model import RouteKind
from tests.console.stage import Staff, Stage, assert_goes_to, assert_page, words

DATABASE = "postgresql"

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")


@pytest.fixture
def editor(console: Stage) -> Staff:
    return console.signed_in("eve", temple="editor", twin_cities="editor")


def fields(staff: Staff, clinic: str = "twin-cities", **changes: str) -> dict[str, str]:
    """The form as it is opened, as a browser would send it back, with changes."""
    page = staff.get(f"/routes/{clinic}").text
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and ("checkbox" not in tag or "checked" in tag):
            found[name[1]] = value[1] if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>([^<]*)</textarea>', page):
        found[name] = text
    found.pop("csrf")
    return {**found, "do": "save", **{key.replace("__", "-"): v for key, v in changes.items()}}


def stored(console: Stage, clinic: str = "twin-cities"):
    return ClinicSettings(console.database, console.clock).clinic(clinic)


def test_the_page_shows_order_words_hours_and_what_is_open(editor: Staff) -> None:
    text = assert_page(editor.get("/routes"))
    assert text.index("1. Phone") < text.index("2. Patient portal") < text.index("Emergency")
    assert "At any time" in text
    assert "Outage" in text, "Temple's phone"


def test_hours_are_saved_shown_and_in_the_record(console: Stage, editor: Staff) -> None:
    week = {f"phone__{day}": "8:00-12:00, 13:00-17:00" for day in WEEKDAYS}
    response = editor.post("/routes/twin-cities", fields(editor, **week))
    assert_goes_to(response, "/staff/routes?done=saved")
    phone = stored(console).route(RouteKind.PHONE)
    assert phone.hours.as_mapping() == {"mon-fri": "08:00-12:00, 13:00-17:00"}
    (entry,) = console.recorded("routes.")
    assert (entry.by, entry.clinic) == ("eve", "twin-cities")
    text = assert_page(editor.get("/routes?done=saved"))
    assert "Monday to Friday: 08:00-12:00, 13:00-17:00" in text


def test_saving_the_form_as_it_was_changes_nothing(console: Stage, editor: Staff) -> None:
    before = stored(console, "temple").routes
    assert_goes_to(
        editor.post("/routes/temple", fields(editor, "temple")), "/staff/routes?done=saved"
    )
    assert stored(console, "temple").routes == before
    assert console.recorded("routes.") == []


def test_the_order_is_changed_by_the_numbers(console: Stage, editor: Staff) -> None:
    changed = fields(editor, "temple", phone__place="2", portal__place="1")
    editor.post("/routes/temple", changed)
    assert [route.kind.value for route in stored(console, "temple").routes] == [
        "portal", "phone", "care_team", "emergency",
    ]  # fmt: skip


def test_a_route_can_be_added_and_taken_away(console: Stage, editor: Staff) -> None:
    added = {"portal__used": "on", "portal__label": "Portal", "portal__text": "Use the portal."}
    editor.post("/routes/twin-cities", fields(editor, **added))
    assert stored(console).route(RouteKind.PORTAL).text == "Use the portal."
    without = fields(editor)
    without.pop("telemedicine-used")
    editor.post("/routes/twin-cities", without)
    assert stored(console).route(RouteKind.TELEMEDICINE) is None


def test_the_emergency_route_cannot_be_taken_away(console: Stage, editor: Staff) -> None:
    without = fields(editor)
    without.pop("emergency-used")
    text = assert_page(editor.post("/routes/twin-cities", without), 422)
    assert "The emergency route cannot be taken away." in text
    assert stored(console).route(RouteKind.EMERGENCY) is not None


def test_each_mistake_stands_beside_its_field_and_what_was_typed_stays(editor: Staff) -> None:
    changes = {"phone__mon": "8 to 5", "phone__label": "", "phone__url": "http://x.example"}
    response = editor.post("/routes/twin-cities", fields(editor, **changes))
    text = assert_page(response, 422)
    assert "3 things have to be put right" in text
    for field in ("phone-mon", "phone-label", "phone-url"):
        assert f'id="{field}-error"' in response.text
    assert 'value="8 to 5"' in response.text
    assert "Phone, words of the link: Write something here." in text


def test_a_look_beforehand_shows_the_new_reply_and_changes_nothing(
    console: Stage, editor: Staff
) -> None:
    changed = fields(editor, phone__text="Call our new number.", do="preview")
    text = assert_page(editor.post("/routes/twin-cities", changed))
    assert "If you save this now." in text
    assert "Call our new number." in text
    assert "952-841-2345 to set up" in stored(console).route(RouteKind.PHONE).text


def test_whoever_was_overtaken_keeps_what_was_typed_and_sees_what_is_stored(
    console: Stage, editor: Staff
) -> None:
    mine = fields(editor, phone__text="My own words.")
    other = console.signed_in("leo", twin_cities="editor")
    other.post("/routes/twin-cities", fields(other, phone__text="Words of Leo."))
    response = editor.post("/routes/twin-cities", mine)
    text = assert_page(response, 409)
    assert "Somebody else changed these routes" in text
    assert "My own words." in text
    assert "Words of Leo." in text
    version = re.search(r'name="version" value="(\w+)"', response.text)
    assert version
    editor.post("/routes/twin-cities", {**mine, "version": version[1]})
    assert stored(console).route(RouteKind.PHONE).text == "My own words."
    assert [entry.by for entry in console.recorded("routes.")] == ["leo", "eve"]


def test_another_clinics_routes_are_not_there(console: Stage) -> None:
    editor = console.signed_in(temple="editor")
    assert "Twin Cities" not in words(editor.get("/routes"))
    assert_page(editor.get("/routes/twin-cities"), 404)
    assert_page(editor.post("/routes/twin-cities", {"do": "save"}), 404)


def test_words_of_a_route_are_text_and_never_markup(editor: Staff) -> None:
    nasty = '"><script>alert(1)</script>'
    editor.post("/routes/twin-cities", fields(editor, phone__text=nasty, phone__label=nasty))
    for path in ("/routes", "/routes/twin-cities", "/notices", "/audit"):
        assert "<script>alert" not in editor.get(path).text
