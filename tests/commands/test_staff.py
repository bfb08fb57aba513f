from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import cli
from bot.commands import staff as command
from bot.commands.database import now
from bot.db.engine import create_engine
from bot.settings import Settings
from bot.staff import passwords
from bot.staff.model import Person, Role
from bot.staff.people import People
from bot.staff.service import StaffParts, build_staff
from tests.staff.stage import ADDRESS, CHEAP, PASSWORD

Run = Callable[..., int]
ANA = ("add", "ana", "--display-name", "Ana B.", "--clinic", "temple")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def installation(
    stocked_copy: Callable[[str, Path], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shipped clinics in a data folder of our own; hashing costs next to nothing."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    stocked_copy("sqlite", tmp_path / "careline.db")
    monkeypatch.setattr(passwords, "Passwords", lambda: CHEAP)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    def call(*arguments: str, typed: str = "", terminal: bool = False) -> int:
        monkeypatch.setattr("sys.stdin", Terminal() if terminal else io.StringIO(typed))
        try:
            cli.main(["staff", *arguments])
        except SystemExit as stopped:
            return int(stopped.code or 0)
        return 0

    return call


def parts() -> StaffParts:
    settings = Settings.from_env()
    return build_staff(create_engine(settings.database_url), now, settings, CHEAP)


def person(name: str = "ana") -> Person:
    return parts().people.by_name(name)


def printed_code(capsys: pytest.CaptureFixture[str]) -> str:
    found = re.search(r"(?:[0-9a-z]{4}-){4}[0-9a-z]{4}", capsys.readouterr().out)
    assert found is not None
    return found[0]


def test_the_first_admin_is_added_with_a_password_from_standard_input(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*ANA, "--role", "admin", "--password-stdin", typed=PASSWORD + "\n") == 0
    assert person().roles == {"temple": frozenset({Role.ADMIN})}
    assert PASSWORD not in capsys.readouterr().out
    parts().sign_in.password("ana", PASSWORD, address=ADDRESS, device=None)


def test_several_roles_in_all_clinics(run: Run) -> None:
    roles = ("--clinic", "all", "--role", "reader", "--role", "editor")
    assert run("add", "ben", "--display-name", "Ben", *roles, "--invite") == 0
    held = frozenset({Role.READER, Role.EDITOR})
    assert person("ben").roles == {"temple": held, "twin-cities": held}


def test_an_invited_person_chooses_a_password_with_the_printed_code(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*ANA, "--role", "reader", "--invite") == 0
    assert not person().has_password
    parts().sign_in.welcome(printed_code(capsys), PASSWORD, address=ADDRESS)
    assert person().has_password


def test_a_terminal_is_asked_twice(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, object]] = []

    def prompt(text: str, **options: object) -> str:
        asked.append(options)
        return PASSWORD

    monkeypatch.setattr(command.typer, "prompt", prompt)
    assert run(*ANA, "--role", "reader", terminal=True) == 0
    assert asked == [{"hide_input": True, "confirmation_prompt": True}]
    assert person().has_password


@pytest.mark.parametrize(
    ("arguments", "typed", "says"),
    [
        (("--role", "reader"), "", "--password-stdin"),
        (("--role", "reader", "--password-stdin"), "password1234\n", "easy to guess"),
        (("--role", "reader", "--password-stdin"), "", "at least 12"),
        (("--role", "reader", "--password-stdin", "--invite"), PASSWORD, "not both"),
        (("--role", "reader", "--invite", "--clinic", "nowhere"), "", "temple, twin-cities"),
    ],
)
def test_what_cannot_be_added_is_said_in_one_line(
    run: Run,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    typed: str,
    says: str,
) -> None:
    assert run(*ANA, *arguments, typed=typed) == 1
    error = capsys.readouterr().err
    assert says in error
    assert error.count("\n") == 1
    assert parts().people.all() == ()


@pytest.mark.parametrize("arguments", [("--role", "owner"), (), ("--role", "reader", "--x")])
def test_a_command_line_that_makes_no_sense_is_exit_code_two(
    run: Run, arguments: tuple[str, ...]
) -> None:
    assert run(*ANA, *arguments) == 2


def test_the_list_says_who_is_there_and_what_stands_in_the_way(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("list") == 0
    assert "careline staff add" in capsys.readouterr().out
    run(*ANA, "--role", "reader", "--role", "editor", "--invite")
    run("disable", "ana")
    capsys.readouterr()
    run("list")
    assert capsys.readouterr().out == (
        "ana (Ana B.): temple: editor, reader; disabled; no password\n"
    )


def test_disable_and_enable(run: Run) -> None:
    run(*ANA, "--role", "reader", "--invite")
    assert run("disable", "Ana") == 0
    assert person().disabled
    assert run("enable", "ana") == 0
    assert not person().disabled


def test_roles_replace_those_of_the_clinic_and_none_takes_it_away(run: Run) -> None:
    run(*ANA, "--role", "reader", "--invite")
    assert run("roles", "ana", "--clinic", "all", "--role", "editor", "--role", "reviewer") == 0
    held = frozenset({Role.EDITOR, Role.REVIEWER})
    assert person().roles == {"temple": held, "twin-cities": held}
    assert run("roles", "ana", "--clinic", "temple") == 0
    assert person().roles == {"twin-cities": held}


def test_a_reset_prints_a_code_that_works(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run(*ANA, "--role", "reader", "--password-stdin", typed=PASSWORD)
    capsys.readouterr()
    assert run("reset", "ana") == 0
    assert not person().has_password
    parts().sign_in.welcome(printed_code(capsys), PASSWORD, address=ADDRESS)


def test_the_last_admin_is_not_disabled_from_the_command_line_either(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    run(*ANA, "--role", "admin", "--password-stdin", typed=PASSWORD)
    assert run("disable", "ana") == 1
    assert "temple" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["disable", "enable", "reset"])
def test_an_unknown_name_is_said(run: Run, capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert run(name, "nobody") == 1
    assert "Nobody signs in with that name." in capsys.readouterr().err


def test_what_the_command_line_does_is_recorded_as_such(run: Run) -> None:
    from bot.staff.audit import AuditFilter

    run(*ANA, "--role", "reader", "--invite")
    run("disable", "ana")
    entries = list(parts().audit.export(AuditFilter()))
    assert [(entry.by, entry.action) for entry in entries] == [
        ("command line", "person.added"),
        ("command line", "person.disabled"),
    ]
    with pytest.raises(Exception, match="letters"):  # so nobody can take that name
        People(create_engine(Settings.from_env().database_url), now, CHEAP, operator=True).add(
            "command line", "x", {}, by="test"
        )
