"""What the house rules look at: the files of the repository, and Python files as syntax trees."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from bot.paths import ROOT

MIGRATIONS = "bot/db/migrations/versions/"
"""A migration is a list of steps, written once and never touched again."""


@lru_cache(maxsize=1)
def repository_files() -> tuple[str, ...]:
    """All files that are tracked, or would be, as paths from the root."""
    output = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    return tuple(sorted({name for name in output if name and (ROOT / name).is_file()}))


def files(*folders: str, suffix: str = ".py") -> list[str]:
    """The repository's files of a kind: those in the folders, or all if none is named."""
    under = tuple(f"{folder}/" for folder in folders)
    return [
        name
        for name in repository_files()
        if name.endswith(suffix) and (not under or name.startswith(under))
    ]


@cache
def tree(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text(encoding="utf-8"), name)


@dataclass(frozen=True)
class Import:
    """One imported module: `early` where it is imported as soon as the file is."""

    file: str
    line: int
    module: str
    early: bool

    def is_of(self, package: str) -> bool:
        return self.module == package or self.module.startswith(f"{package}.")

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.module}"


@cache
def imports(name: str) -> tuple[Import, ...]:
    """What a file imports when it runs; imports for type checkers only are left out."""
    return tuple(_imports(name, tree(name).body, early=True))


def _imports(name: str, body: list[ast.stmt], *, early: bool) -> Iterator[Import]:
    for node in body:
        if isinstance(node, ast.Import):
            yield from (Import(name, node.lineno, alias.name, early) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (Import(name, node.lineno, module, early) for module in _modules(node, name))
        else:
            inside = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
            yield from _imports(name, _children(node), early=early and not inside)


def _children(node: ast.AST) -> list[ast.stmt]:
    """The statements inside of one, without those that only type checkers read."""
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return node.orelse
    found = []
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            found.append(child)
        elif isinstance(child, (ast.ExceptHandler, ast.match_case)):
            found += child.body
    return found


def _modules(node: ast.ImportFrom, name: str) -> Iterator[str]:
    """`from a import b` names module `a.b` where that is a file of ours, else `a`."""
    assert node.level == 0, f"{name}:{node.lineno}: write the whole name of the module"
    for alias in node.names:
        module = f"{node.module}.{alias.name}"
        yield module if file_of(module) else str(node.module)


def file_of(module: str) -> str | None:
    """The file of a module of ours."""
    path = module.replace(".", "/")
    return next((f for f in (f"{path}.py", f"{path}/__init__.py") if (ROOT / f).is_file()), None)


def reached(name: str, *, early_only: bool = False) -> list[Import]:
    """Everything that a file imports, by itself or through other files of ours."""
    found: list[Import] = []
    waiting, seen = [name], {name}
    while waiting:
        for entry in imports(waiting.pop()):
            if early_only and not entry.early:
                continue
            found.append(entry)
            file = file_of(entry.module)
            if file and file not in seen:
                seen.add(file)
                waiting.append(file)
    return found


def functions(name: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(name)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def listed(places: Iterable[object]) -> str:
    """All places that break a rule, for the message of a test that fails."""
    return "".join(f"\n  {place}" for place in places)


def text(path: str | Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")
