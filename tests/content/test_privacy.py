"""What the bot says about a chat is true here: how long it is kept, who reads, what is hidden."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy.engine import Engine

from bot.content.files import load_files
from bot.content.importer import import_content
from bot.content.model import Snapshot
from bot.content.problems import ContentFilesError
from bot.content.records import ContentFiles
from bot.content.store import ContentStore
from bot.conversations.tables import conversations, daily_counts, feedback, messages, turns
from bot.paths import CONTENT_DIR
from bot.redaction.redact import KINDS
from bot.replies.render import render
from tests.content.conftest import Clock
from tests.content.test_shipped_content import BEFORE, CLINICS

CALLED = {
    "name": "names",
    "phone": "phone numbers",
    "email": "e-mail addresses",
    "date": "dates",
    "number": "record numbers",
    "address": "street addresses",
    "link": "web links",
    "login": "passwords",
    "age": "very high ages",
}
"""How the answer calls each kind of thing that is masked."""


def said(snapshot: Snapshot, clinic: str, detail: str | None = None) -> str:
    answer = snapshot.answer(clinic, "privacy", detail)
    assert answer is not None
    return render(snapshot, answer, clinic, BEFORE).text


@pytest.mark.parametrize("clinic", CLINICS)
@pytest.mark.parametrize("detail", [None, "forget"])
@pytest.mark.parametrize("days", [1, 30, 365])
def test_the_days_are_those_of_the_clinic(
    snapshot: Snapshot, clinic: str, detail: str | None, days: int
) -> None:
    mine = dataclasses.replace(snapshot.clinics[clinic], retention_days=days)
    changed = dataclasses.replace(snapshot, clinics={**snapshot.clinics, clinic: mine})
    assert f"deleted {days} days after its last message" in said(changed, clinic, detail)


@pytest.mark.parametrize("clinic", CLINICS)
def test_who_reads_it_is_the_clinic_s_own_staff(snapshot: Snapshot, clinic: str) -> None:
    text = said(snapshot, clinic)
    assert f"Staff of {snapshot.clinics[clinic].name}" in text
    assert not any(other.name in text for key, other in snapshot.clinics.items() if key != clinic)


def test_everything_that_is_masked_is_named(snapshot: Snapshot) -> None:
    text = said(snapshot, "temple")
    assert [kind for kind in KINDS if CALLED.get(kind, "?") not in text] == []


def test_no_address_and_only_counts_are_kept_as_it_says() -> None:
    held = {c.name for t in (conversations, turns, messages, feedback) for c in t.columns}
    assert not {name for name in held if "ip" in name.split("_") or "address" in name}
    assert not any(c.type.python_type is str for c in daily_counts.columns if c.name != "clinic")


@pytest.mark.parametrize("days", ["0", "-1", "3651", "ninety", "1.5"])
def test_days_that_make_no_sense_are_a_mistake_of_the_file(tmp_path, days: str) -> None:
    text = (CONTENT_DIR / "temple.yml").read_text(encoding="utf-8")
    path = tmp_path / "temple.yml"
    path.write_text(text.replace("retention_days: 90", f"retention_days: {days}"))
    library = [p for p in sorted(CONTENT_DIR.rglob("*.yml")) if p.name != "temple.yml"]
    with pytest.raises(ContentFilesError, match="retention_days"):
        load_files([*library, path])


def test_other_days_are_in_force_with_the_next_import(
    engine: Engine, clock: Clock, shipped: ContentFiles
) -> None:
    clinics = tuple(dataclasses.replace(each, retention_days=30) for each in shipped.clinics)
    changed = dataclasses.replace(shipped, clinics=clinics)
    told = import_content(engine, changed, clock, by="file")
    assert [(change.verb, change.what) for change in told] == [("update", "clinic")] * 2
    stored = ContentStore(engine, clock)
    assert "deleted 30 days after" in said(stored.snapshot(), "temple")
    assert {clinic.retention_days for clinic in stored.content().clinics} == {30}


def test_a_clinic_that_says_nothing_keeps_for_ninety_days(tmp_path) -> None:
    text = (CONTENT_DIR / "temple.yml").read_text(encoding="utf-8")
    path = tmp_path / "temple.yml"
    path.write_text(text.replace("  retention_days: 90\n", ""))
    library = [p for p in sorted(CONTENT_DIR.rglob("*.yml")) if p.name != "temple.yml"]
    content = load_files([*library, path])
    assert {clinic.retention_days for clinic in content.clinics} == {90}
