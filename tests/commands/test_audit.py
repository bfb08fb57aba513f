from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot import cli
from bot.commands.database import now
from bot.db.engine import create_engine
from bot.settings import Settings
from bot.staff.audit import AuditEntry, AuditLog

Run = Callable[..., int]


@pytest.fixture
def engine(
    stocked_copy: Callable[[str, Path], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Engine:
    """A record of three entries in a data folder of our own."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    stocked_copy("sqlite", tmp_path / "careline.db")
    engine = create_engine(Settings.from_env().database_url)
    log = AuditLog(engine, now)
    for number in range(3):
        log.record(AuditEntry("ana", "conversation.read", "temple", f"c{number}"))
    return engine


@pytest.fixture
def run(engine: Engine) -> Run:
    def call(*arguments: str) -> int:
        try:
            cli.main(["audit", *arguments])
        except SystemExit as stopped:
            return int(stopped.code or 0)
        return 0

    return call


def tamper(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        for trigger in ("audit_entries_not_changed", "audit_entries_not_deleted"):
            connection.execute(sa.text(f"DROP TRIGGER {trigger}"))
        connection.execute(sa.text(statement))


def end(capsys: pytest.CaptureFixture[str]) -> str:
    """The last line: the number and hash to be kept elsewhere."""
    return capsys.readouterr().out.splitlines()[-1]


def test_a_whole_record_is_said_to_be_one_and_its_end_printed(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("verify") == 0
    out = capsys.readouterr().out
    assert out.startswith("3 entries, all as they were written.\n3:")
    assert len(out.splitlines()[1]) == len("3:") + 64


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE audit_entries SET by = 'eve' WHERE number = 2", "Entry 2 is wrong: changed."),
        ("DELETE FROM audit_entries WHERE number = 1", "Entry 1 is wrong: missing."),
        ("DELETE FROM audit_entries WHERE number = 3", "Entry 3 is wrong: cut off."),
    ],
)
def test_the_first_wrong_entry_is_named_with_exit_code_one(
    run: Run, engine: Engine, capsys: pytest.CaptureFixture[str], statement: str, says: str
) -> None:
    tamper(engine, statement)
    assert run("verify") == 1
    assert says in capsys.readouterr().out


def test_an_end_that_was_noted_is_checked_too(
    run: Run, engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    run("verify")
    noted = end(capsys)
    AuditLog(engine, now).record(AuditEntry("ana", "later"))
    assert run("verify", "--known", noted) == 0
    assert run("verify", "--known", "3:" + "0" * 64) == 1
    assert run("verify", "--known", "9" + noted[1:]) == 1
    capsys.readouterr()
    assert run("verify", "--known", "yesterday") == 1
    assert "careline audit verify" in capsys.readouterr().err


def test_the_export_has_each_entry_on_a_line_and_is_recorded(
    run: Run, engine: Engine, tmp_path: Path
) -> None:
    out = tmp_path / "record.jsonl"
    assert run("export", "--out", str(out)) == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert [line["number"] for line in lines] == [1, 2, 3, 4]
    assert [line["action"] for line in lines][-1] == "audit.exported"
    assert lines[0]["target"] == "c0"
    assert set(lines[0]) == {
        *("number", "at", "by", "action", "clinic", "target", "details", "hash")
    }


def test_without_a_file_the_export_goes_to_standard_output(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("export") == 0
    assert len(capsys.readouterr().out.splitlines()) == 4


def test_a_file_that_cannot_be_written_is_said(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("export", "--out", str(tmp_path)) == 1
    assert "cannot be written" in capsys.readouterr().err
