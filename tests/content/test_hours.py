"""Opening hours: how they are written, and what they say at a moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from bot.content.hours import ALWAYS, Hours, read_hours
from bot.content.local_time import parse_local
from bot.content.model import Answer, Clinic, ContactRoute, Notice, RouteKind, Snapshot
from bot.errors import ContentError
from bot.replies.render import render

EAST = "America/New_York"
WEEKDAYS = read_hours({"mon-fri": "08:00-17:00", "sat": "09:00-12:00"})
LUNCH = read_hours({"mon": "08:00-12:00, 13:00-17:00"})
MONDAY, FRIDAY, SATURDAY, SUNDAY = "2026-11-23", "2026-11-27", "2026-11-28", "2026-11-29"


def local(text: str, zone: str = EAST) -> datetime:
    return parse_local(text, zone)


@pytest.mark.parametrize(
    ("hours", "at", "is_open"),
    [
        (WEEKDAYS, f"{MONDAY} 07:59", False),
        (WEEKDAYS, f"{MONDAY} 08:00", True),
        (WEEKDAYS, f"{FRIDAY} 16:59", True),
        (WEEKDAYS, f"{FRIDAY} 17:00", False),
        (WEEKDAYS, f"{SATURDAY} 11:59", True),
        (WEEKDAYS, f"{SUNDAY} 10:00", False),
        (LUNCH, f"{MONDAY} 12:30", False),
        (LUNCH, f"{MONDAY} 13:00", True),
        (ALWAYS, f"{SUNDAY} 03:00", True),
        (read_hours({"mon-sun": "00:00-24:00"}), f"{SUNDAY} 23:59", True),
    ],
)
def test_it_is_open_from_the_first_minute_to_the_last_but_not_beyond(
    hours: Hours, at: str, is_open: bool
) -> None:
    assert hours.open(local(at), EAST) is is_open


@pytest.mark.parametrize(
    ("hours", "at", "opens"),
    [
        (WEEKDAYS, f"{MONDAY} 03:00", f"{MONDAY} 08:00"),
        (WEEKDAYS, f"{FRIDAY} 17:00", f"{SATURDAY} 09:00"),
        (WEEKDAYS, f"{SATURDAY} 12:00", "2026-11-30 08:00"),
        (LUNCH, f"{MONDAY} 12:00", f"{MONDAY} 13:00"),
        (LUNCH, f"{MONDAY} 17:00", "2026-11-30 08:00"),
    ],
)
def test_a_closed_one_opens_at_its_next_span(hours: Hours, at: str, opens: str) -> None:
    assert hours.opens_at(local(at), EAST) == local(opens)


def test_what_is_open_has_no_next_opening() -> None:
    assert WEEKDAYS.opens_at(local(f"{MONDAY} 09:00"), EAST) is None
    assert ALWAYS.opens_at(local(f"{SUNDAY} 03:00"), EAST) is None


def test_the_same_moment_is_open_in_one_zone_and_closed_in_another() -> None:
    at = datetime(2026, 11, 23, 13, 30, tzinfo=timezone.utc)
    assert WEEKDAYS.open(at, EAST)
    assert not WEEKDAYS.open(at, "America/Chicago")


def test_eight_oclock_is_that_of_the_wall_before_and_after_the_clock_changes() -> None:
    sunday = read_hours({"sun": "08:00-12:00"})
    before, after = local("2027-03-07 03:00"), local("2027-03-14 00:30")
    assert sunday.opens_at(before, EAST) == datetime(2027, 3, 7, 13, tzinfo=timezone.utc)
    assert sunday.opens_at(after, EAST) == datetime(2027, 3, 14, 12, tzinfo=timezone.utc)


def test_hours_that_begin_in_the_skipped_hour_open_when_the_clock_goes_on() -> None:
    night = read_hours({"sun": "02:30-06:00"})
    opens_at = night.opens_at(local("2027-03-14 01:00"), EAST)
    assert opens_at is not None
    assert night.open(opens_at, EAST)


@pytest.mark.parametrize(
    ("stated", "written"),
    [
        ({"mon-fri": "8:00-17:00"}, {"mon-fri": "08:00-17:00"}),
        ({"mon": "08:00-17:00", "tue": "08:00-17:00"}, {"mon-tue": "08:00-17:00"}),
        ({"sat": "13:00-15:00, 09:00-12:00"}, {"sat": "09:00-12:00, 13:00-15:00"}),
        ({"Mon": "08:00 – 12:00", "wed": "08:00-12:00"},
         {"mon": "08:00-12:00", "wed": "08:00-12:00"}),
        ({}, {}),
    ],
)  # fmt: skip
def test_there_is_one_way_to_write_them(stated: dict[str, str], written: dict[str, str]) -> None:
    hours = read_hours(stated)
    assert hours.as_mapping() == written
    assert read_hours(hours.as_mapping()) == hours


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ({"monday": "08:00-17:00"}, "'monday' is no day"),
        ({"fri-mon": "08:00-17:00"}, "runs backwards"),
        ({"mon-fri": "08:00-17:00", "wed": "09:00-12:00"}, "'wed' has hours twice"),
        ({"mon": "8 to 5"}, "are no hours; write 08:00-17:00"),
        ({"mon": ""}, "are no hours"),
        ({"mon": "08:00-25:00"}, "no time of a day"),
        ({"mon": "08:70-09:00"}, "no time of a day"),
        ({"mon": "22:00-02:00"}, "ends before it begins"),
        ({"mon": "08:00-08:00"}, "ends before it begins"),
        ({"mon": "08:00-12:00, 11:00-15:00"}, "overlap"),
        ({"mon": "08:00-12:00, 12:00-15:00"}, "touch"),
    ],
)
def test_each_mistake_is_told_with_what_to_write(stated: dict[str, str], told: str) -> None:
    with pytest.raises(ContentError, match=told):
        read_hours(stated)


PHONE = ContactRoute(RouteKind.PHONE, "Call 555", "Call 555.", "tel:555", "555 is down.", WEEKDAYS)
PORTAL = ContactRoute(RouteKind.PORTAL, "Portal", "Use the portal.", "")
HELP = ContactRoute(RouteKind.EMERGENCY, "Call 911", "Call 911.", "tel:911")
CLOSED = "Closed; opens on {opens_day} at {opens_time}."
HERE = Clinic("here", "Here", EAST, (PHONE, PORTAL, HELP), closed_text=CLOSED)
DAY, NIGHT = local(f"{MONDAY} 10:00"), local(f"{FRIDAY} 22:15")


def kinds(clinic: Clinic, at: datetime) -> list[str]:
    return [route.kind.value for route in clinic.routes_in_force(at)]


def test_by_day_the_routes_come_in_the_clinics_own_order() -> None:
    assert kinds(HERE, DAY) == ["phone", "portal", "emergency"]
    assert HERE.routes_in_force(DAY) == HERE.routes


def test_in_the_night_a_closed_phone_comes_after_what_is_open_and_says_when_it_opens() -> None:
    assert kinds(HERE, NIGHT) == ["portal", "emergency", "phone"]
    phone = HERE.routes_in_force(NIGHT)[-1]
    assert phone.text == "Call 555. Closed; opens on Saturday at 9:00 AM."
    assert phone.opens_at == local(f"{SATURDAY} 09:00")


def test_an_outage_still_takes_the_phone_away_by_night() -> None:
    out = replace(HERE, notices=(Notice(1, "phone_outage", "Out.", DAY, None),))
    assert kinds(out, NIGHT) == ["portal", "emergency"]


def said(text: str, at: datetime) -> str:
    answer = Answer(1, 1, "library", "phone", None, "Phone", text)
    return render(Snapshot(1, {"here": HERE}), answer, "here", at).text


def test_replies_follow_the_hours() -> None:
    assert said("{route}", DAY) == "Call 555. Use the portal."
    closed = "Call 555. Closed; opens on Saturday at 9:00 AM."
    assert said("{route}", NIGHT) == f"Use the portal. {closed}"
    assert said("{phone}", NIGHT) == closed
    assert said("{phone} {route}", NIGHT) == f"{closed} Use the portal."
