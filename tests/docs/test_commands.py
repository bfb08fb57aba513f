"""What the documents tell people to type is there, and what is there is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.paths import ROOT
from tests.docs.pages import (
    PAGES,
    calls,
    commands,
    name_of,
    options,
    said_commands,
    targets,
    text_of,
)

COMMANDS_PAGE = ROOT / "docs" / "commands.md"
HIDDEN = {"browser"}
"""Targets that people do not call: others need them."""


def rows(word: str) -> dict[str, str]:
    """Rows of the tables of the commands' page whose first cell begins with a word."""
    found = re.findall(
        rf"^\| `{word} ([a-z -]+)` \| (.*) \|$", text_of(COMMANDS_PAGE), re.MULTILINE
    )
    return dict(found)


@pytest.fixture(scope="module")
def all_commands() -> dict[str, set[str]]:
    return {words: options(command) - {"--help"} for words, command in commands().items()}


def test_every_make_target_has_its_row() -> None:
    assert set(rows("make")) == set(targets())


def test_every_make_target_explains_itself_in_make_help() -> None:
    assert {target for target, explained in targets().items() if not explained} == HIDDEN


def test_every_command_has_its_row(all_commands: dict[str, set[str]]) -> None:
    assert set(rows("careline")) == set(all_commands)


def test_every_option_is_in_its_commands_row(all_commands: dict[str, set[str]]) -> None:
    documented = rows("careline")
    on_by_itself = {"--picture"}
    missing = {
        f"{words} {option}"
        for words, names in all_commands.items()
        for option in names - on_by_itself
        if not re.search(rf"{option}\b", documented[words]) and not _of_outage(words, option)
    }
    assert missing == set()


def _of_outage(words: str, option: str) -> bool:
    """All three need the clinic; it is told once."""
    return words.startswith("outage") and option == "--clinic"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_make_target_that_a_page_names_exists(page: Path) -> None:
    named = {line.split()[1] for line in said_commands(page) if re.match(r"make [a-z]", line)}
    assert named <= set(targets())


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_call_of_careline_in_a_page_is_one_that_works(
    page: Path, all_commands: dict[str, set[str]]
) -> None:
    for arguments in calls(page):
        words, given = _split(arguments, all_commands)
        assert words in all_commands, arguments
        assert given <= all_commands[words], arguments


def _split(arguments: list[str], known: dict[str, set[str]]) -> tuple[str, set[str]]:
    """The words that name a command, and the options; a group stands for its first command."""
    given = {argument for argument in arguments if argument.startswith("--")}
    for length in (2, 1):
        words = " ".join(arguments[:length])
        if words in known:
            return words, given
    group = next((name for name in known if name.split()[0] == words), words)
    return group, given


def test_the_readme_shows_both_commands_of_a_newcomer_and_each_task() -> None:
    typed = list(said_commands(ROOT / "README.md"))
    assert {"make run", "make test"} <= set(typed)
    used = {" ".join(arguments[:2]) for arguments in calls(ROOT / "README.md")}
    assert used >= {"content validate", "content import", "outage on", "outage off", "train"}


def test_the_addresses_in_the_readme_are_routes_of_the_contract() -> None:
    contract = text_of(ROOT / "docs" / "api.md")
    asked = re.findall(
        r"(?:\$BASE|http://127\.0\.0\.1:8000)(/[\w/.-]*)", text_of(ROOT / "README.md")
    )
    assert len(asked) >= 4
    for path in asked:
        route = re.sub(r"/(api|demo)/[\w-]+", r"/\1/{clinic}", path)
        assert f" {route}`" in contract, path
