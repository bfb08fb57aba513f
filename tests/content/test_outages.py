from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.engine import Engine

from bot.content.exporter import export_texts
from bot.content.importer import import_content
from bot.content.local_time import parse_local
from bot.content.outages import Outages
from bot.content.records import ContentFiles
from bot.content.store import ContentStore
from bot.content.tables import contact_routes
from bot.errors import NotFound, SetupError
from bot.replies.render import render
from tests.content.conftest import Clock

EAST = "America/New_York"
HOUR = timedelta(hours=1)


@pytest.fixture
def outages(engine: Engine, clock: Clock) -> Outages:
    return Outages(engine, clock)


def booking(engine: Engine, clock: Clock, clinic: str) -> str:
    """What the bot says now to somebody who wants to book."""
    snapshot = ContentStore(engine, clock).snapshot()
    answer = snapshot.answer(clinic, "appointment")
    assert answer is not None
    return render(snapshot, answer, clinic, clock.now).text


def test_temples_outage_is_on_when_the_shipped_content_is_imported(
    outages: Outages, engine: Engine, clock: Clock
) -> None:
    assert [notice.ends_at for notice in outages.show("temple")] == [None]
    assert "technical issues" in booking(engine, clock, "temple")
    assert outages.show("twin-cities") == []


def test_switched_off_the_phone_line_is_given_again(
    outages: Outages, engine: Engine, clock: Clock
) -> None:
    assert len(outages.off("temple", by="test")) == 1
    assert outages.show("temple") == []
    assert "Call 800-TEMPLE-MED (800-836-7536)" in booking(engine, clock, "temple")
    assert outages.off("temple", by="test") == []


def test_switched_off_it_stays_off_through_an_import_and_an_export(
    outages: Outages, engine: Engine, clock: Clock, shipped: ContentFiles
) -> None:
    outages.off("temple", by="test")
    told = import_content(engine, shipped, clock, by="file")
    assert [change.verb for change in told] == ["keep"]
    assert "Call 800-TEMPLE-MED" in booking(engine, clock, "temple")
    exported = export_texts(ContentStore(engine, clock).content())["temple.yml"]
    assert "phone_outage" not in exported


def test_an_outage_of_one_clinic_is_none_of_the_other(
    outages: Outages, engine: Engine, clock: Clock
) -> None:
    outages.off("temple", by="test")
    outages.on("twin-cities", by="test", text="Our line is down.")
    assert "Our line is down." in booking(engine, clock, "twin-cities")
    assert "Our line is down." not in booking(engine, clock, "temple")


def test_an_outage_without_a_message_says_the_clinics_own_sentence_once(
    outages: Outages, engine: Engine, clock: Clock
) -> None:
    outages.on("twin-cities", by="test")
    text = booking(engine, clock, "twin-cities")
    assert text.count("952-841-2345, but the phone line has problems") == 1
    assert "emergency room" in text


def test_an_outage_with_times_starts_and_ends_by_itself(
    outages: Outages, engine: Engine, clock: Clock
) -> None:
    outages.on("twin-cities", by="test", starts_at=clock.now + HOUR, ends_at=clock.now + 2 * HOUR)
    seen = []
    for _ in range(3):
        seen.append("has problems" in booking(engine, clock, "twin-cities"))
        clock.pass_by(hours=1)
    assert seen == [False, True, False]
    assert outages.show("twin-cities") == []


def test_an_outage_over_a_change_of_the_clock_lasts_as_long_as_the_clinics_clock_says(
    outages: Outages, engine: Engine, clock: Clock
) -> None:
    clock.now = parse_local("2027-03-13 12:00", EAST)
    outages.on(
        "temple",
        by="test",
        starts_at=parse_local("2027-03-14 01:00", EAST),
        ends_at=parse_local("2027-03-14 04:00", EAST),
        text="Maintenance.",
    )
    clock.now = parse_local("2027-03-14 01:00", EAST)
    hours = 0
    while "Maintenance." in booking(engine, clock, "temple"):
        clock.pass_by(hours=1)
        hours += 1
    assert hours == 2, "the night is an hour short"


def test_a_new_outage_replaces_the_one_that_is_on(
    outages: Outages, engine: Engine, clock: Clock
) -> None:
    clock.pass_by(hours=1)
    outages.on("temple", by="test", text="Lines are back on Monday.", ends_at=clock.now + HOUR)
    assert len(outages.show("temple")) == 1
    text = booking(engine, clock, "temple")
    assert "Lines are back on Monday." in text
    assert "technical issues" not in text
    clock.pass_by(hours=1)
    assert "Call 800-TEMPLE-MED" in booking(engine, clock, "temple")


def test_two_outages_that_do_not_overlap_are_both_kept(outages: Outages, clock: Clock) -> None:
    for hours in (5, 1):
        starts = clock.now + hours * HOUR
        outages.on("twin-cities", by="test", starts_at=starts, ends_at=starts + HOUR)
    shown = outages.show("twin-cities")
    assert [notice.starts_at - clock.now for notice in shown] == [HOUR, 5 * HOUR]


def test_off_calls_off_what_is_to_come(outages: Outages, engine: Engine, clock: Clock) -> None:
    outages.on("twin-cities", by="test", starts_at=clock.now + HOUR)
    assert len(outages.off("twin-cities", by="test")) == 1
    clock.pass_by(hours=2)
    assert "Call 952-841-2345" in booking(engine, clock, "twin-cities")


def test_an_unknown_clinic_is_refused_with_the_ones_that_exist(outages: Outages) -> None:
    for work in (outages.on, outages.off, outages.show):
        with pytest.raises(NotFound, match=r"'elsewhere'. Clinics: temple, twin-cities"):
            work("elsewhere", **({} if work == outages.show else {"by": "test"}))


def test_an_outage_that_ends_before_it_begins_is_refused(outages: Outages, clock: Clock) -> None:
    with pytest.raises(SetupError, match="later than 'from'"):
        outages.on("temple", by="test", starts_at=clock.now, ends_at=clock.now)


def test_an_outage_that_is_over_already_is_refused(outages: Outages, clock: Clock) -> None:
    with pytest.raises(SetupError, match="in the future"):
        outages.on("temple", by="test", starts_at=clock.now - 2 * HOUR, ends_at=clock.now - HOUR)


def test_a_clinic_without_a_sentence_for_an_outage_needs_a_message(
    outages: Outages, engine: Engine
) -> None:
    with engine.begin() as connection:
        connection.execute(contact_routes.update().values(outage_text=""))
    with pytest.raises(SetupError, match="--message"):
        outages.on("temple", by="test")
    assert outages.on("temple", by="test", text="Down.").text == "Down."


def test_a_refused_outage_leaves_the_old_one_on(
    outages: Outages, engine: Engine, clock: Clock
) -> None:
    with engine.begin() as connection:
        connection.execute(contact_routes.update().values(outage_text=""))
    version = ContentStore(engine, clock).version()
    with pytest.raises(SetupError):
        outages.on("temple", by="test")
    assert len(outages.show("temple")) == 1
    assert ContentStore(engine, clock).version() == version
