"""Staff set contact routes, hours and retention days: checked, recorded, safe from an import."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from bot.content.contact_routes import ClinicSettings, RoutesRefusedError, mistakes, version_of
from bot.content.exporter import export_texts
from bot.content.files import load_directory
from bot.content.hours import read_hours
from bot.content.importer import import_content
from bot.content.model import Clinic, ContactRoute, RouteKind
from bot.content.outages import Outages
from bot.content.problems import ContentFilesError
from bot.content.records import ContentFiles
from bot.content.store import ContentStore
from bot.errors import ContentError, EditOvertaken, NotFound
from bot.paths import CONTENT_DIR
from bot.staff.audit import AuditFilter, AuditLog, Recorded
from tests.content.conftest import Clock, edit
from tests.content.test_outages import booking

OFFICE = read_hours({"mon-fri": "08:00-17:00"})


@pytest.fixture
def settings(engine: Engine, clock: Clock) -> ClinicSettings:
    return ClinicSettings(engine, clock)


@pytest.fixture
def recorded(engine: Engine, clock: Clock) -> Callable[[], list[Recorded]]:
    return lambda: list(AuditLog(engine, clock).export(AuditFilter()))


def with_hours(clinic: Clinic) -> list[ContactRoute]:
    """The clinic's routes, its phone with office hours."""
    return [
        replace(route, hours=OFFICE) if route.kind is RouteKind.PHONE else route
        for route in clinic.routes
    ]


def give_hours(settings: ClinicSettings, key: str = "twin-cities") -> None:
    clinic = settings.clinic(key)
    seen = version_of(clinic.routes)
    settings.set_routes(key, with_hours(clinic), by="mia", read_version=seen)


def test_hours_are_in_force_with_the_next_message_and_in_the_record(
    settings: ClinicSettings, engine: Engine, clock: Clock, recorded: Callable[[], list[Recorded]]
) -> None:
    version = ContentStore(engine, clock).version()
    give_hours(settings)
    assert ContentStore(engine, clock).version() == version + 1
    said = booking(engine, clock, "twin-cities")  # Saturday noon
    assert "It is closed right now, and opens again on Monday at 8:00 AM." in said
    (entry,) = recorded()
    assert (entry.by, entry.action, entry.clinic) == ("mia", "routes.changed", "twin-cities")
    assert entry.details["after"]["phone"]["hours"] == {"mon-fri": "08:00-17:00"}
    assert entry.details["before"]["phone"]["hours"] == {}
    assert "order" not in entry.details


def test_by_night_the_portal_is_told_before_the_phone(
    settings: ClinicSettings, engine: Engine, clock: Clock
) -> None:
    Outages(engine, clock).off("temple", by="test")
    give_hours(settings, "temple")
    said = booking(engine, clock, "temple")
    assert said.index("myTempleHealth") < said.index("800-836-7536") < said.index("closed")


def test_the_order_is_the_one_that_staff_chose(
    settings: ClinicSettings, engine: Engine, clock: Clock, recorded: Callable[[], list[Recorded]]
) -> None:
    clinic = settings.clinic("temple")
    phone, portal, *rest = clinic.routes
    turned = [portal, phone, *rest]
    settings.set_routes("temple", turned, by="mia", read_version=version_of(clinic.routes))
    assert settings.clinic("temple").routes == tuple(turned)
    (entry,) = recorded()
    assert entry.details["order"][:2] == ["portal", "phone"]
    assert entry.details["after"] == {}


def test_an_edit_of_what_somebody_else_changed_meanwhile_is_refused(
    settings: ClinicSettings, recorded: Callable[[], list[Recorded]]
) -> None:
    seen = version_of(settings.clinic("temple").routes)
    give_hours(settings, "temple")
    with pytest.raises(EditOvertaken):
        settings.set_routes(
            "temple", settings.clinic("temple").routes[::-1], by="leo", read_version=seen
        )
    assert [entry.by for entry in recorded()] == ["mia"]


def test_saving_what_is_there_already_changes_and_records_nothing(
    settings: ClinicSettings, engine: Engine, clock: Clock, recorded: Callable[[], list[Recorded]]
) -> None:
    give_hours(settings)
    version = ContentStore(engine, clock).version()
    give_hours(settings)
    assert ContentStore(engine, clock).version() == version
    assert len(recorded()) == 1


def test_an_import_leaves_alone_what_staff_set_and_follows_the_file_in_the_rest(
    settings: ClinicSettings, engine: Engine, clock: Clock, folder: Path
) -> None:
    give_hours(settings, "temple")
    edit(folder / "temple.yml", "name: Temple Health\n", "name: Temple Health Spine\n")
    told = import_content(engine, load_directory(folder), clock, by="file")
    assert [str(c) for c in told] == ["keep clinic temple", "update clinic temple"]
    clinic = settings.clinic("temple")
    assert clinic.name == "Temple Health Spine"
    assert clinic.route(RouteKind.PHONE).hours == OFFICE  # type: ignore[union-attr]
    again = import_content(engine, load_directory(folder), clock, by="file")
    assert [change.verb for change in again] == ["keep"]


def test_an_import_that_overwrites_staff_edits_takes_the_file_s_routes_and_days(
    settings: ClinicSettings, engine: Engine, clock: Clock, shipped: ContentFiles
) -> None:
    give_hours(settings, "temple")
    settings.set_retention_days("temple", 30, by="mia", read_days=90)
    import_content(engine, shipped, clock, by="file", overwrite_staff_edits=True)
    clinic = settings.clinic("temple")
    assert clinic.route(RouteKind.PHONE).hours.always  # type: ignore[union-attr]
    assert clinic.retention_days == 90
    assert import_content(engine, shipped, clock, by="file") == []


def test_an_export_holds_the_hours_and_an_import_of_it_changes_nothing(
    settings: ClinicSettings, engine: Engine, clock: Clock, tmp_path: Path, folder: Path
) -> None:
    give_hours(settings)
    text = export_texts(ContentStore(engine, clock).content())["twin-cities.yml"]
    assert "      hours:\n        mon-fri: 08:00-17:00\n" in text
    (folder / "twin-cities.yml").write_text(text, encoding="utf-8")
    content = load_directory(folder)
    assert export_texts(content)["twin-cities.yml"] == text
    assert import_content(engine, content, clock, by="file") == []


def test_hours_in_a_file_are_imported(engine: Engine, clock: Clock, folder: Path) -> None:
    edit(
        folder / "twin-cities.yml",
        "      url: tel:+19528412345\n",
        "      url: tel:+19528412345\n      hours: {fri: '8:00-12:00', sat: '08:00-12:00'}\n",
    )
    import_content(engine, load_directory(folder), clock, by="file")
    phone = ContentStore(engine, clock).snapshot().clinics["twin-cities"].route(RouteKind.PHONE)
    assert phone is not None
    assert phone.hours.as_mapping() == {"fri-sat": "08:00-12:00"}


def test_a_mistake_in_the_hours_of_a_file_is_told_with_its_line_and_key(folder: Path) -> None:
    line = edit(
        folder / "twin-cities.yml",
        "      url: tel:+19528412345\n",
        "      hours: {mon: 8 to 5}\n",
    )
    with pytest.raises(ContentFilesError) as caught:
        load_directory(folder)
    (problem,) = caught.value.problems
    assert (problem.line, problem.key) == (line, "clinic.routes.0.hours")
    assert problem.message == "'8 to 5' of 'mon' are no hours; write 08:00-17:00."


def test_help_in_an_emergency_has_no_hours(settings: ClinicSettings) -> None:
    help_ = settings.clinic("temple").route(RouteKind.EMERGENCY)
    assert help_ is not None
    (mistake,) = mistakes([replace(help_, hours=OFFICE)])
    assert (mistake.kind, mistake.field) == (RouteKind.EMERGENCY, "hours")


def test_every_mistake_is_told_by_route_and_field(settings: ClinicSettings) -> None:
    phone = settings.clinic("temple").routes[0]
    wrong = [
        replace(
            phone, label="", text="Stop your gabapentin.", url="http://x", outage_text="x" * 1001
        )
    ]
    with pytest.raises(RoutesRefusedError) as caught:
        settings.set_routes("temple", wrong, by="mia", read_version="")
    told = [(m.kind and m.kind.value, m.field) for m in caught.value.mistakes]
    assert sorted(told, key=str) == sorted(
        [("phone", "label"), ("phone", "url"), ("phone", "outage_text"), ("phone", "text"),
         (None, "kind")],
        key=str,
    )  # fmt: skip


def test_days_are_set_recorded_and_kept_by_an_import(
    settings: ClinicSettings,
    engine: Engine,
    clock: Clock,
    shipped: ContentFiles,
    recorded: Callable[[], list[Recorded]],
) -> None:
    settings.set_retention_days("temple", 30, by="mia", read_days=90)
    told = import_content(engine, shipped, clock, by="file")
    assert [str(change) for change in told] == ["keep clinic temple"]
    assert settings.clinic("temple").retention_days == 30
    (entry,) = recorded()
    assert (entry.action, entry.details) == ("retention.changed", {"before": 90, "after": 30})


@pytest.mark.parametrize("days", [0, -1, 3651])
def test_a_number_of_days_that_makes_no_sense_is_refused(
    settings: ClinicSettings, days: int
) -> None:
    with pytest.raises(ContentError, match="from 1 to 3650"):
        settings.set_retention_days("temple", days, by="mia", read_days=90)


def test_days_that_somebody_else_changed_meanwhile_are_not_overwritten(
    settings: ClinicSettings,
) -> None:
    settings.set_retention_days("temple", 30, by="mia", read_days=90)
    with pytest.raises(EditOvertaken):
        settings.set_retention_days("temple", 60, by="leo", read_days=90)


def test_an_unknown_clinic_is_not_found(settings: ClinicSettings) -> None:
    with pytest.raises(NotFound):
        settings.set_retention_days("elsewhere", 30, by="mia", read_days=90)


def test_switching_an_outage_is_recorded_with_who_did_it(
    engine: Engine, clock: Clock, recorded: Callable[[], list[Recorded]]
) -> None:
    outages = Outages(engine, clock)
    outages.on("twin-cities", by="mia", text="Our line is down.")
    clock.pass_by(minutes=5)
    outages.off("twin-cities", by="leo")
    on, off = recorded()
    assert (on.by, on.action, on.details["text"]) == ("mia", "notice.on", "Our line is down.")
    assert (off.by, off.action, off.clinic) == ("leo", "notice.off", "twin-cities")


def test_a_notice_that_gives_advice_is_refused(engine: Engine, clock: Clock) -> None:
    with pytest.raises(ContentError):
        Outages(engine, clock).on("twin-cities", by="mia", text="Stop your gabapentin.")


def test_the_shipped_files_state_no_hours() -> None:
    assert not any("hours:" in path.read_text() for path in CONTENT_DIR.glob("*.yml"))
