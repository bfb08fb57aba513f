"""Writes content files in one canonical form: an export of an import is the same text."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import ScalarNode

WIDTH = 120
"""Columns. Content is prose and word lists, and wider lines keep a file on few screens."""

STEP = "  "

WORDS = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[ '-][A-Za-z0-9]+)*")
"""Texts that need no quotes anywhere."""


def write_mapping(mapping: dict[str, Any], level: int = 0) -> list[str]:
    """The lines of a mapping in block form.

    Values are text, dates, truth values, mappings, lists of text or lists of mappings.
    """
    lines = []
    for key, value in mapping.items():
        lines += _entry(STEP * level + key + ":", value, level)
    return lines


def _entry(head: str, value: Any, level: int) -> list[str]:
    if isinstance(value, dict):
        return [head, *write_mapping(value, level + 1)]
    if isinstance(value, bool):
        return [f"{head} {'true' if value else 'false'}"]
    if isinstance(value, int):
        return [f"{head} {value}"]
    if isinstance(value, date):
        return [f"{head} {value.isoformat()}"]
    if isinstance(value, str):
        return _text(head, value, STEP * (level + 1))
    if value and isinstance(value[0], dict):
        return [head, *_mappings(value, level + 1)]
    return _words(head, value, STEP * (level + 1))


def _mappings(values: Iterable[dict[str, Any]], level: int) -> list[str]:
    lines = []
    for value in values:
        first, *rest = write_mapping(value, level + 1)
        dash = STEP * level + "- "
        lines += [dash + first[len(dash) :], *rest]
    return lines


def _words(head: str, values: list[str], indent: str) -> list[str]:
    flow = [word if _is_plain(f"[{word}]", word) else _quoted(word) for word in values]
    line = f"{head} [{', '.join(flow)}]"
    if len(line) <= WIDTH:
        return [line]
    lines, current = [head], f"{indent}[{flow[0]}"
    for word in flow[1:]:
        if len(current) + len(word) + 3 > WIDTH:
            lines.append(current + ",")
            current = indent + word
        else:
            current += f", {word}"
    return [*lines, current + "]"]


def _text(head: str, text: str, indent: str) -> list[str]:
    tidy = all(line == line.strip() for line in text.split("\n")) and text.strip() == text
    if "\n" in text and tidy:
        return [f"{head} |-", *((indent + line).rstrip() for line in text.split("\n"))]
    plain = text if _is_plain(f"key: {text}", text) else _quoted(text)
    line = f"{head} {plain}"
    wrapped = textwrap.wrap(
        text, WIDTH - len(indent), break_long_words=False, break_on_hyphens=False
    )
    if len(line) <= WIDTH or not tidy or " ".join(wrapped) != text:
        return [line]
    return [f"{head} >-", *(indent + part for part in wrapped)]


def _quoted(text: str) -> str:
    """A JSON string is a YAML double-quoted one."""
    return json.dumps(text, ensure_ascii=False)


def _is_plain(document: str, text: str) -> bool:
    """Whether a text without quotes is read back as the same text. YAML itself is asked."""
    if text in ("", "true", "false", "null", "~", "Null", "NULL"):
        return False
    if WORDS.fullmatch(text):  # nearly all: asking takes a third of a millisecond
        return True
    try:
        node = YAML(typ="safe").compose(document).value[0]
    except (YAMLError, AttributeError, IndexError):
        return False
    value = node[1] if isinstance(node, tuple) else node
    return isinstance(value, ScalarNode) and value.value == text
