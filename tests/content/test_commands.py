from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.commands import content, outage
from bot.errors import CarelineError, ContentError, NotFound
from bot.paths import CONTENT_DIR
from tests.content.conftest import edit

runner = CliRunner()


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)


def run(*words: str) -> Result:
    """Run `careline` with these words; errors of ours are left for `bot/cli.py`."""
    app = {"content": content.app, "outage": outage.app}[words[0]]
    result = runner.invoke(app, list(words[1:]))
    if isinstance(result.exception, CarelineError):
        raise result.exception
    return result


@pytest.fixture
def imported() -> None:
    assert run("content", "import").exit_code == 0


def test_validate_says_that_all_is_right() -> None:
    result = run("content", "validate")
    assert result.exit_code == 0
    assert "clinics temple, twin-cities" in result.output


def test_validate_names_every_mistake_and_ends_with_1(folder: Path) -> None:
    edit(folder / "temple.yml", "timezone: America/New_York", "timezone: Mars/Base")
    edit(folder / "twin-cities.yml", "key: twin-cities\n", "key: twin-cities\n  colour: red\n")
    result = run("content", "validate", str(folder))
    assert result.exit_code == 1
    assert "temple.yml:4: clinic.timezone:" in result.output
    assert "twin-cities.yml:3: clinic.colour:" in result.output


def test_import_tells_what_changed_and_the_second_time_nothing() -> None:
    assert "add answer library definition" in run("content", "import", "--dry-run").output
    assert "add answer library definition" in run("content", "import").output
    assert run("content", "import").output == "0 changed, 0 kept as staff edited them.\n"


def test_import_of_a_broken_file_changes_nothing(imported: None, folder: Path) -> None:
    edit(folder / "temple.yml", "timezone: America/New_York", "timezone: Mars/Base")
    with pytest.raises(ContentError):
        run("content", "import", str(folder))
    assert run("content", "import").output.startswith("0 changed")


def test_export_gives_the_imported_files_back(imported: None, tmp_path: Path) -> None:
    result = run("content", "export", str(tmp_path / "out"))
    assert result.exit_code == 0
    for path in CONTENT_DIR.rglob("*.yml"):
        assert (tmp_path / "out" / path.relative_to(CONTENT_DIR)).read_text() == path.read_text()


def test_show_prints_the_outage_and_what_the_bot_says(imported: None) -> None:
    output = run("outage", "show", "--clinic", "temple").output
    assert "from 2026-11-20 00:00 until it is switched off (America/New_York)" in output
    assert "How do I book? " in output
    assert "myTempleHealth" in output


def test_off_and_on_change_what_the_bot_says(imported: None) -> None:
    run("outage", "off", "--clinic", "temple")
    output = run("outage", "show", "--clinic", "temple").output
    assert "No phone outage of temple is on or to come." in output
    assert "Call 800-TEMPLE-MED" in output
    told = run("outage", "on", "--clinic", "temple", "--message", "Lines are down.").output
    assert "Lines are down." in told
    assert "Lines are down." in run("outage", "show", "--clinic", "temple").output


def test_an_outage_to_come_is_shown_in_the_clinics_own_time(imported: None) -> None:
    words = ["--clinic", "twin-cities", "--from", "2099-07-01 08:00", "--until", "2099-07-01 9:00"]
    with pytest.raises(ContentError, match="YYYY-MM-DD HH:MM"):
        run("outage", "on", *words)
    words[-1] = "2099-07-01 09:00"
    run("outage", "on", *words)
    output = run("outage", "show", "--clinic", "twin-cities").output
    assert "to come: from 2099-07-01 08:00 until 2099-07-01 09:00 (America/Chicago)" in output
    assert "Call 952-841-2345" in output


def test_an_unknown_clinic_is_an_error_of_one_sentence(imported: None) -> None:
    for command in ("on", "off", "show"):
        with pytest.raises(NotFound, match="no clinic 'elsewhere'"):
            run("outage", command, "--clinic", "elsewhere")
