"""The pages of the record."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
import sqlalchemy as sa

from bot.paths import ROOT
from bot.staff.audit import AuditEntry
from tests.console.stage import Staff, Stage, assert_page, words


@pytest.fixture
def admin(console: Stage) -> Staff:
    return console.signed_in("ada", temple="admin")


def note(console: Stage, action: str = "notice.on", by: str = "eve", **changes: object) -> None:
    entry = AuditEntry(by, action, **{"clinic": "temple", **changes})  # type: ignore[arg-type]
    console.parts.audit.record(entry)


def test_an_empty_record_explains_itself(admin: Staff) -> None:
    assert "Nothing is recorded yet." in assert_page(admin.get("/audit"))


def test_entries_stand_in_plain_words_the_newest_first(console: Stage, admin: Staff) -> None:
    note(console, "conversation.read", target="c1")
    console.clock.move(minutes=5)
    note(console, "routes.changed", "leo", details={"order": ["phone", "portal"]})
    text = assert_page(admin.get("/audit"))
    assert text.index("Changed contact routes") < text.index("Read a conversation")
    assert "Nov 20, 2026, 10:05 AM EST" in text
    assert "order: phone, portal" in text


ACTION = re.compile(
    r'"((?:sign_in|sign_out|password|second_factor|conversation|notice|routes|retention|person'
    r"|audit|filter)\.(?!html)[a-z_]+)\""
)


def test_every_action_that_the_code_records_has_its_words() -> None:
    told = (ROOT / "bot/console/templates/audit_words.html").read_text()
    files = [path for path in (ROOT / "bot").rglob("*.py") if "migrations" not in path.parts]
    found = {action for path in files for action in ACTION.findall(path.read_text())}
    assert len(found) > 15
    assert {action for action in found if f'"{action}"' not in told} == set()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("by=leo", ["leo"]),
        ("by=LEO", ["leo"]),
        ("action=routes.", ["leo"]),
        ("action=conversation.", ["eve"]),
        ("target=c1", ["eve"]),
        ("since=2026-11-21", ["leo"]),
        ("until=2026-11-20", ["eve"]),
        ("since=2026-11-20&until=2026-11-21", ["leo", "eve"]),
        ("clinic=temple", ["leo", "eve"]),
        ("by=nobody", []),
    ],
)
def test_the_record_can_be_filtered(
    console: Stage, admin: Staff, query: str, shown: list[str]
) -> None:
    note(console, "conversation.read", target="c1")
    console.clock.move(days=1)
    note(console, "routes.changed", "leo")
    admin = console.signed_in(admin.person)
    page = admin.get(f"/audit?{query}")
    assert_page(page)
    assert re.findall(r'<th scope="row">(\w+)</th>', page.text) == shown
    if not shown:
        assert "No entry fits." in words(page)


@pytest.mark.parametrize(
    ("query", "field"),
    [("since=monday", "since"), ("until=2026-13-01", "until"),
     ("since=2026-11-21&until=2026-11-20", "until"), ("clinic=twin-cities", "clinic")],
)  # fmt: skip
def test_a_filter_that_makes_no_sense_is_told_beside_its_field(
    admin: Staff, query: str, field: str
) -> None:
    response = admin.get(f"/audit?{query}")
    assert_page(response, 422)
    assert f'id="{field}-error"' in response.text
    assert admin.get(f"/audit/export/csv?{query}").status_code == 422


def test_pages_hold_fifty_entries_and_lead_to_older_ones(console: Stage, admin: Staff) -> None:
    for number in range(120):
        note(console, target=f"t{number}")
    page, seen = admin.get("/audit?by=eve"), []
    for _ in range(3):
        seen += re.findall(r'<td data-label="About">(t\d+)</td>', page.text)
        older = re.search(r'rel="next" href="/staff([^"]*)"', page.text)
        if older:
            page = admin.get(older[1].replace("&amp;", "&"))
    assert seen == [f"t{number}" for number in reversed(range(120))]


def test_what_was_done_at_another_clinic_is_not_shown(console: Stage, admin: Staff) -> None:
    note(console, "routes.changed", "zoe", clinic="twin-cities")
    assert "zoe" not in admin.get("/audit").text
    assert "zoe" not in admin.get("/audit/export/jsonl").text


def test_a_whole_record_is_called_whole_with_what_to_note(console: Stage, admin: Staff) -> None:
    note(console)
    text = assert_page(admin.post("/audit/check"))
    (entry,) = console.recorded()
    assert "The one entry is as it was written." in text
    assert f"1:{entry.hash}" in text


def test_a_changed_entry_is_named(console: Stage, admin: Staff) -> None:
    for _ in range(3):
        note(console)
    with console.database.begin() as connection:
        for (name,) in connection.execute(
            sa.text("SELECT name FROM sqlite_master WHERE type='trigger' AND name LIKE '%audit%'")
        ).all():
            connection.execute(sa.text(f"DROP TRIGGER {name}"))
        connection.execute(sa.text("UPDATE audit_entries SET by = 'leo' WHERE number = 2"))
    text = assert_page(admin.post("/audit/check"))
    assert "Entry 2 is wrong: it was changed after it was written." in text


def test_a_download_holds_what_was_looked_for_and_is_recorded(console: Stage, admin: Staff) -> None:
    note(console, "routes.changed", "leo", details={"order": ["portal"]})
    note(console, "notice.on", "eve")
    response = admin.get("/audit/export/jsonl?by=leo")
    assert response.headers["content-disposition"] == 'attachment; filename="record.jsonl"'
    assert response.headers["cache-control"] == "no-store"
    (line,) = map(json.loads, response.text.splitlines())
    assert (line["by"], line["action"], line["details"]) == (
        "leo", "routes.changed", {"order": ["portal"]},
    )  # fmt: skip
    (entry,) = console.recorded("audit.")
    assert (entry.by, json.loads(entry.details)) == ("ada", {"format": "jsonl", "by": "leo"})


def test_no_cell_of_the_table_begins_a_formula(console: Stage, admin: Staff) -> None:
    for nasty in ("=1+1", "+1", "-1", "@x", "\tx", "\rx"):
        note(console, by=nasty, target=nasty)
    rows = list(csv.reader(io.StringIO(admin.get("/audit/export/csv").text, newline="")))
    assert rows[0][:4] == ["number", "at", "by", "action"]
    assert len(rows) >= 7
    assert not [cell for row in rows for cell in row if cell.startswith(tuple("=+-@\t\r"))]


def test_a_file_of_another_kind_is_not_there(admin: Staff) -> None:
    assert_page(admin.get("/audit/export/exe"), 404)


def test_what_is_in_the_record_is_text_and_never_markup(console: Stage, admin: Staff) -> None:
    nasty = "<script>alert(1)</script>"
    note(console, nasty, nasty, target=nasty, details={nasty: nasty})
    assert "<script>alert" not in admin.get("/audit").text
