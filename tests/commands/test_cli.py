from __future__ import annotations

import subprocess
import sys

import pytest

from bot import cli
from bot.errors import SetupError
from bot.paths import ROOT


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_help_lists_every_command():
    done = run("--help")
    assert done.returncode == 0
    for name in ("serve", "check", "content", "outage", "conversations"):
        assert name in done.stdout


@pytest.mark.parametrize("module", ["rasa", "sqlalchemy", "starlette.applications", "uvicorn"])
def test_the_help_imports_nothing_heavy(module: str):
    code = (
        "import sys\nfrom bot import cli\n"
        "try:\n    cli.main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"sys.exit({module!r} in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0


@pytest.mark.parametrize("name", ["serve", "check", "conversations", "content", "outage"])
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as stopped:
        cli.main([name, "--help"])
    assert stopped.value.code == 0
    assert f"careline {name}" in capsys.readouterr().out


def test_an_unknown_command_is_an_error(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["nonsense"])
    assert stopped.value.code == 2
    assert "nonsense" in capsys.readouterr().err


def test_an_error_of_ours_is_one_line_and_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def broken() -> None:
        raise SetupError("Something is missing: put it there.")

    monkeypatch.setattr("bot.commands.check.check", broken)
    with pytest.raises(SystemExit) as stopped:
        cli.main(["check"])
    assert stopped.value.code == 1
    assert capsys.readouterr().err == "careline: Something is missing: put it there.\n"


def test_a_setting_that_does_not_fit_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("PORT", "eighty")
    with pytest.raises(SystemExit) as stopped:
        cli.main(["serve"])
    assert stopped.value.code == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "eighty" in line
