"""Reads a YAML file into plain data and remembers on which line each value stands.

All scalars stay text (except `true`, `false` and empty ones): `no` is the language code of
Norwegian here, and dates are the schema's business.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.content.problems import ContentFilesError, Problem

Path_ = tuple[Any, ...]
"""The way to a value: the keys and list positions that lead to it."""


class Document:
    """A parsed file: `data`, and the line of each key."""

    def __init__(self, name: str):
        self.name = name
        self.data: Any = None
        self._lines: dict[Path_, int] = {}
        self.problems: list[Problem] = []

    def note(self, path: Path_, node: Node) -> None:
        self._lines[path] = node.start_mark.line + 1

    def line(self, path: Path_) -> int:
        """The line of a value, or of the nearest thing around it where it is missing."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def problem(self, path: Path_, message: str) -> Problem:
        return Problem(self.name, self.line(path), ".".join(str(step) for step in path), message)


def read_yaml(path: Path, name: str) -> Document:
    """Read one file; `name` is what errors call it.

    Raises `ContentError` for a file that cannot be read or is not YAML. A key that stands twice in
    a mapping is noted in the document's `problems`.
    """
    document = Document(name)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ContentFilesError(
            [Problem(name, 1, "", f"The file cannot be read: {reason}.")]
        ) from error
    except UnicodeDecodeError as error:
        message = "The file is not UTF-8 text; save it as UTF-8."
        raise ContentFilesError([Problem(name, 1, "", message)]) from error
    try:
        root = YAML(typ="safe").compose(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        message = f"This is not valid YAML: {error.problem}; check indentation, colons and quotes."
        raise ContentFilesError([Problem(name, line, "", message)]) from error
    except YAMLError as error:
        message = "This is not valid YAML text; look for control characters."
        raise ContentFilesError([Problem(name, 1, "", message)]) from error
    document.data = {} if root is None else _plain(root, (), document)
    return document


def _plain(node: Node, path: Path_, document: Document) -> Any:
    document._lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, MappingNode):
        return _mapping(node, path, document)
    if isinstance(node, SequenceNode):
        return [_plain(value, (*path, i), document) for i, value in enumerate(node.value)]
    assert isinstance(node, ScalarNode)
    if node.tag == "tag:yaml.org,2002:null":
        return None
    if node.tag == "tag:yaml.org,2002:bool" and node.value in ("true", "false"):
        return node.value == "true"
    return node.value


def _mapping(node: MappingNode, path: Path_, document: Document) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        here = (*path, key)
        if key in found:
            first = document.line(here)
            document.note(here, key_node)
            document.problems.append(
                document.problem(
                    here, f"This stands here a second time (first on line {first}); keep one."
                )
            )
            continue
        document.note(here, key_node)
        found[key] = _plain(value_node, here, document)
    return found
