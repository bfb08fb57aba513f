"""The pages that people read, and the commands in them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from bot import cli
from bot.paths import ROOT

PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CALLS = ("careline", ".venv/bin/careline", "uv run careline")
"""Ways to write a call of the command line."""


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def targets() -> dict[str, str]:
    """Targets of the Makefile that people may call, and the text that `make help` shows of each."""
    makefile = text_of(ROOT / "Makefile")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    shown = dict(re.findall(r"^([a-z-]+):.*?## (.*)$", makefile, re.MULTILINE))
    return {target: shown.get(target, "") for target in phony.split()}


def commands() -> dict[str, TyperCommand]:
    """Every command of `careline` that does something, by the words that call it."""
    root = get_command(cli.app)
    assert isinstance(root, TyperGroup)
    return dict(_leaves(root, ()))


def _leaves(group: TyperGroup, words: tuple[str, ...]) -> Iterator[tuple[str, TyperCommand]]:
    context = group.make_context("careline", [], resilient_parsing=True)
    for name in group.list_commands(context):
        _, command, _ = group.resolve_command(context, [name])
        if isinstance(command, TyperGroup):
            yield from _leaves(command, (*words, name))
        else:
            assert isinstance(command, TyperCommand)
            yield " ".join((*words, name)), command


def options(command: TyperCommand) -> set[str]:
    """The options of a command, as they are typed."""
    found = [p for p in command.params if isinstance(p, TyperOption)]
    return {name for option in found for name in (*option.opts, *option.secondary_opts)}


def said_commands(page: Path) -> Iterator[str]:
    """What a page tells to type: lines of its code blocks, and code within a line."""
    text = text_of(page)
    for language, block in BLOCK.findall(text):
        if language in ("", "sh"):
            yield from block.replace("\\\n", " ").splitlines()
    rest = BLOCK.sub("", text)
    yield from re.findall(r"^    (\S.*)$", rest, re.MULTILINE)
    yield from re.findall(r"`([^`]+)`", rest)


def calls(page: Path) -> Iterator[list[str]]:
    """Arguments of each call of `careline` in a page; `[--x Y]` stands for an option."""
    for line in said_commands(page):
        for way in CALLS:
            if line.startswith(f"{way} "):
                plain = line.removeprefix(way).replace("[", "").replace("]", "")
                yield shlex.split(plain, comments=True)
