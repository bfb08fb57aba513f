"""Messages that ship: what the bot is trained on, and what it is only measured with."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from bot.errors import SetupError
from bot.folding import folded

DIALOGUE_KEYS = frozenset({"visitor", "questions", "examples"})
"""Keys of the YAML files in `tests/eval/` whose texts visitors say."""

GROUPING = "missed"
"""The folder of `tests/eval/` that measures how missed questions are grouped, not this."""


class Example(NamedTuple):
    """The subject of a training message, and its file in `data/nlu/`."""

    subject: str
    file: str


@lru_cache(maxsize=2)
def training_messages(folder: Path) -> Mapping[str, Example]:
    """The training messages of a folder by their folded text. Raises `SetupError`."""
    return {
        folded(text): Example(subject, path.relative_to(folder).as_posix())
        for path in sorted(folder.rglob("*.yml"))
        for subject, text in examples_of(path)
    }


@lru_cache(maxsize=2)
def measured_messages(folder: Path) -> frozenset[str]:
    """The folded texts of all that the bot is measured with: learning one would spoil the figures.

    Nothing where the folder is not there, as in an installation without its tests.
    """
    found: set[str] = set()
    lists = (path for path in folder.rglob("*.jsonl") if path.parent.name != GROUPING)
    for path in sorted(lists):
        lines = path.read_text(encoding="utf-8").split("\n")
        found.update(folded(text) for text in map(_text_of_line, filter(str.strip, lines)) if text)
    for path in sorted([*folder.rglob("*.yml"), *folder.rglob("*.yaml")]):
        found.update(folded(text) for text in _said(_loaded(path), False))
    return frozenset(found)


def examples_of(path: Path) -> Iterator[tuple[str, str]]:
    """Intent and text of each training message of a file in Rasa's form.

    Raises `SetupError` that names the file.
    """
    loaded = _loaded(path)
    entries = loaded.get("nlu") if isinstance(loaded, dict) else None
    if not isinstance(entries, list):
        raise SetupError(f"{path}: there is no list `nlu` in it.")
    for entry in entries:
        if not isinstance(entry, dict):
            raise SetupError(f"{path}: each entry of `nlu` needs a name and examples.")
        if "intent" not in entry:
            continue  # a lookup table and the like
        if not isinstance(entry.get("examples"), str):
            raise SetupError(f"{path}: `examples` of {entry['intent']} must be a text, after `|`.")
        for line in entry["examples"].splitlines():
            text = line.strip().removeprefix("-").strip()
            if text:
                yield str(entry["intent"]), text


def _text_of_line(line: str) -> str:
    value = json.loads(line)
    text = value.get("text") if isinstance(value, dict) else None
    return text if isinstance(text, str) else ""


def _said(value: Any, visitors: bool) -> Iterator[str]:
    """Texts below a key of `DIALOGUE_KEYS`, however deep."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _said(inner, key in DIALOGUE_KEYS)
    elif isinstance(value, list):
        for inner in value:
            yield from _said(inner, visitors)
    elif visitors and isinstance(value, str):
        yield value


def _loaded(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    except OSError as error:
        raise SetupError(f"{path} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SetupError(f"{path} is not YAML in UTF-8 ({type(error).__name__}).") from error
