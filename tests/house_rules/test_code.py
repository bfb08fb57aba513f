"""How Python is written here, beyond what ruff and mypy check."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.house_rules.source import MIGRATIONS, files, listed, tree

MOST_WORDS = 4
WORDLESS = ("actions", "bot/replies", "bot/engine", "bot/nlu", "bot/conversations")
"""Folders on a reply's way. What it says is content, `domain.yml` or a template."""

FOR_DEVELOPERS = frozenset({"debug", "info", "warning", "error", "critical", "exception"})
"""Methods of a logger: nobody else reads what they write."""

SHORTEST_TO_EXPLAIN = 6
"""Lines. Anything shorter is read as fast as its docstring."""

Documented = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def test_no_error_is_swallowed() -> None:
    places = [place for name in files() for place in swallowed(name)]
    assert not places, listed(places)


def test_no_test_can_be_skipped() -> None:
    places = [place for name in files("tests") for place in skipped(name)]
    assert not places, listed(places)


@pytest.mark.parametrize("folder", WORDLESS)
def test_python_holds_no_words_for_visitors(folder: str) -> None:
    names = files(folder)
    assert names
    places = [place for name in names for place in sentences(name)]
    assert not places, listed(places)


def test_every_module_says_why_it_is_there() -> None:
    modules = [name for name in files("bot", "actions", "bench") if tree(name).body]
    without = [name for name in modules if not ast.get_docstring(tree(name))]
    assert not without, listed(without)


def test_every_public_function_and_class_says_what_it_is_for() -> None:
    without = [
        f"{name}:{node.lineno} {node.name}"
        for name in files("bot", "actions")
        if not name.startswith(MIGRATIONS)
        for node in tree(name).body
        if isinstance(node, Documented)
        and not node.name.startswith("_")
        and (node.end_lineno or 0) - node.lineno + 1 >= SHORTEST_TO_EXPLAIN
        and not ast.get_docstring(node)
    ]
    assert not without, listed(without)


def swallowed(name: str) -> Iterator[str]:
    """Where an error ends in nothing at all."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.ExceptHandler) and all(_is_nothing(s) for s in node.body):
            yield f"{name}:{node.lineno} except without a word"
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
            kinds = {ast.unparse(argument) for argument in node.args}
            if kinds & {"Exception", "BaseException"}:
                yield f"{name}:{node.lineno} suppress of everything"


def _is_nothing(node: ast.stmt) -> bool:
    constant = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return constant or isinstance(node, ast.Pass)


def skipped(name: str) -> Iterator[str]:
    """Where a test may leave itself out."""
    ways = ("skip", "importorskip", "mark.skip", "mark.skipif", "mark.xfail", "xfail")
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Attribute):
            whole = ast.unparse(node)
            if whole in {f"pytest.{way}" for way in ways}:
                yield f"{name}:{node.lineno} {whole}"


def sentences(name: str) -> Iterator[str]:
    """String literals that look like a sentence, apart from docstrings, errors and log lines."""
    exempt = {id(part) for node in ast.walk(tree(name)) for part in _for_developers(node)}
    for node in ast.walk(tree(name)):
        if not isinstance(node, ast.Constant) or id(node) in exempt:
            continue
        if isinstance(node.value, str) and len(node.value.split()) > MOST_WORDS:
            yield f"{name}:{node.lineno} {node.value!r}"


def _for_developers(node: ast.AST) -> Iterator[ast.AST]:
    """The strings inside a node that only developers and operators read."""
    docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    logged = (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in FOR_DEVELOPERS
    )
    if docstring or logged or isinstance(node, (ast.Raise, ast.Assert)):
        yield from ast.walk(node)
