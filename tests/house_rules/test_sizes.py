"""Files and functions are short enough to be read in one go."""

from __future__ import annotations

import ast

from tests.house_rules.source import MIGRATIONS, files, functions, listed, repository_files, text

MOST_LINES = 300
MOST_FUNCTION_LINES = 40
MOST_YAML_LINES = 250


def lines(name: str) -> int:
    return len(text(name).splitlines())


def length_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The head counts as one line: a command's options are a list, however long."""
    return (function.end_lineno or 0) - function.body[0].lineno + 2


def test_no_python_file_has_300_lines() -> None:
    long = [f"{name} {lines(name)}" for name in files() if lines(name) >= MOST_LINES]
    assert not long, listed(long)


def test_no_script_or_style_sheet_has_300_lines() -> None:
    names = [*files("bot", suffix=".js"), *files("bot", suffix=".css")]
    long = [f"{name} {lines(name)}" for name in names if lines(name) >= MOST_LINES]
    assert not long, listed(long)


def test_no_function_has_40_lines() -> None:
    long = [
        f"{name}:{function.lineno} {function.name} {length}"
        for name in files()
        if not name.startswith(MIGRATIONS)
        for function in functions(name)
        if (length := length_of(function)) >= MOST_FUNCTION_LINES
    ]
    assert not long, listed(long)


def test_no_data_file_has_250_lines() -> None:
    names = files("data", suffix=".yml")
    assert len(names) > 50
    long = [f"{name} {lines(name)}" for name in names if lines(name) >= MOST_YAML_LINES]
    assert not long, listed(long)


def test_no_module_is_named_for_having_no_subject() -> None:
    vague = {"utils.py", "util.py", "helpers.py", "misc.py", "common.py"}
    found = [name for name in repository_files() if name.rpartition("/")[2] in vague]
    assert not found, listed(found)
