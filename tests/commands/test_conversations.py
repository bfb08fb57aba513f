from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot import cli
from bot.clock import utc_now
from bot.content.tables import clinics
from bot.conversations.log import ConversationLog
from bot.conversations.model import DraftMessage
from bot.db.engine import create_engine
from bot.db.migrate import migrate
from bot.settings import Settings

Run = Callable[..., int]


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ConversationLog:
    """A log with three conversations: two of today, one of forty days ago."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    url = Settings.from_env().database_url
    migrate(url)
    engine = create_engine(url)
    old = ConversationLog(engine, lambda: utc_now() - timedelta(days=40))
    new = ConversationLog(engine, utc_now)
    for each, clinic in ((old, "temple"), (new, "temple"), (new, "twin-cities")):
        each.open(
            clinic,
            token_hash=None,
            external_id=None,
            expires_at=None,
            greeting=DraftMessage("bot", f"Welcome to {clinic} é."),
        )
    return new


def set_days(clinic: str, days: int) -> None:
    """Set up a clinic that keeps conversations for so many days."""
    values = {"key": clinic, "name": clinic, "timezone": "UTC", "retention_days": days}
    place = {"origin": "file", "file": f"{clinic}.yml", "position": 0}
    engine = create_engine(Settings.from_env().database_url)
    with engine.connect() as connection:
        connection.execute(clinics.insert().values(**values, **place))
        connection.commit()
    engine.dispose()


@pytest.fixture
def run() -> Run:
    def call(*arguments: str) -> int:
        try:
            cli.main(["conversations", *arguments])
        except SystemExit as stopped:
            return int(stopped.code or 0)
        return 0

    return call


def test_purge_deletes_what_is_older(log: ConversationLog, run: Run, capsys):
    assert run("purge", "--older-than-days", "30") == 0
    assert "1 deleted." in capsys.readouterr().out
    assert len(log.all()) == 2
    assert run("purge", "--older-than-days", "0") == 0
    assert log.all() == []


def test_purge_without_an_age_takes_what_each_clinic_says(log: ConversationLog, run: Run, capsys):
    assert run("purge") == 0
    assert "0 deleted." in capsys.readouterr().out
    set_days("temple", 39)
    assert run("purge") == 0
    out = capsys.readouterr().out
    assert "temple: 1 conversations" in out
    assert "1 deleted." in out
    assert len(log.all()) == 2


def test_a_dry_run_of_purge_counts_and_deletes_nothing(log: ConversationLog, run: Run, capsys):
    assert run("purge", "--older-than-days", "0", "--dry-run") == 0
    out = capsys.readouterr().out
    assert "temple: 2 conversations with 0 messages" in out
    assert "3 would be deleted." in out
    assert len(log.all()) == 3


def test_purge_of_one_clinic_leaves_the_others(log: ConversationLog, run: Run):
    assert run("purge", "--older-than-days", "0", "--clinic", "twin-cities") == 0
    assert [c.clinic for c in log.all()] == ["temple", "temple"]


def test_purge_with_an_impossible_age_deletes_nothing(log: ConversationLog, run: Run):
    assert run("purge", "--older-than-days", "-1") == 2
    assert len(log.all()) == 3


def test_delete_takes_one(log: ConversationLog, run: Run):
    chosen = log.all()[0].id
    assert run("delete", chosen) == 0
    assert chosen not in [c.id for c in log.all()]
    assert len(log.all()) == 2


def test_delete_of_an_unknown_id_is_an_error(log: ConversationLog, run: Run, capsys):
    assert run("delete", "nothing") == 1
    assert "no conversation" in capsys.readouterr().err


def test_export_writes_a_line_for_each_conversation(log: ConversationLog, run: Run, capsys):
    assert run("export") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["id"] for line in lines] == [c.id for c in log.all()]
    assert lines[0]["messages"][0]["text"].endswith("é.")
    assert {"clinic", "started_at", "last_activity_at", "turns"} <= set(lines[0])


def test_export_writes_one_clinic_to_a_file_for_its_owner_only(
    log: ConversationLog, run: Run, tmp_path: Path, capsys
):
    out = tmp_path / "out.jsonl"
    assert run("export", "--clinic", "temple", "--out", str(out)) == 0
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [line["clinic"] for line in lines] == ["temple", "temple"]
    assert out.stat().st_mode & 0o077 == 0
    assert capsys.readouterr().out == ""


def test_export_to_a_place_that_cannot_be_written_is_an_error(
    log: ConversationLog, run: Run, tmp_path: Path, capsys
):
    assert run("export", "--out", str(tmp_path / "no" / "out.jsonl")) == 1
    assert "cannot be written" in capsys.readouterr().err
