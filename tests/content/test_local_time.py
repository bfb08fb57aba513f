from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.local_time import format_local, parse_local
from bot.errors import ContentError

EAST, CENTRAL = "America/New_York", "America/Chicago"


@pytest.mark.parametrize(
    ("text", "zone", "utc"),
    [
        ("2026-11-20", EAST, "2026-11-20T05:00"),
        ("2026-11-20 08:30", EAST, "2026-11-20T13:30"),
        ("2026-11-20 08:30", CENTRAL, "2026-11-20T14:30"),
        ("2026-07-01 08:30", EAST, "2026-07-01T12:30"),
        ("2026-11-20T08:30:15", EAST, "2026-11-20T13:30:15"),
        ("2026-11-20T08:30Z", EAST, "2026-11-20T08:30"),
        ("2026-11-01T01:30-05:00", EAST, "2026-11-01T06:30"),
        ("2026-03-08 01:59", EAST, "2026-03-08T06:59"),
        ("2026-03-08 03:00", EAST, "2026-03-08T07:00"),
    ],
)
def test_times_are_read_on_the_clinics_own_clock(text: str, zone: str, utc: str) -> None:
    assert parse_local(text, zone) == datetime.fromisoformat(utc).replace(tzinfo=timezone.utc)


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-13-01", "20.11.2026", "08:30"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ContentError, match="YYYY-MM-DD HH:MM"):
        parse_local(text, EAST)


def test_an_hour_that_the_clock_skips_is_refused() -> None:
    with pytest.raises(ContentError, match="skips 2026-03-08 02:30"):
        parse_local("2026-03-08 02:30", EAST)


def test_an_hour_that_comes_twice_is_refused_with_both_ways_to_write_it() -> None:
    with pytest.raises(ContentError, match=r"twice.*01:30:00-04:00 or .*01:30:00-05:00"):
        parse_local("2026-11-01 01:30", EAST)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(timezone.utc)),
    st.sampled_from([EAST, CENTRAL, "UTC", "Asia/Kathmandu"]),
)
def test_what_is_written_is_read_as_the_same_moment(moment: datetime, zone: str) -> None:
    assert parse_local(format_local(moment, zone), zone) == moment


def test_moments_on_the_minute_are_written_short() -> None:
    moment = datetime(2026, 11, 20, 13, 30, tzinfo=timezone.utc)
    assert format_local(moment, EAST) == "2026-11-20 08:30"
    assert format_local(moment + timedelta(seconds=1), EAST) == "2026-11-20T08:30:01-05:00"
