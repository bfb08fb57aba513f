"""Reads what the bot is measured with: questions (`*.jsonl`) and dialogues (`*.yml`).

A line of a `.jsonl` file is `{"text", "subject", "detail"}`, optionally with `"clinic"` (else
temple) and `"outage"` (false: as if the phones worked; else what the shipped content says). The
form is described in `tests/eval/README.md`. Lines of a file in a folder `blind` are
shown to nobody: once they are known, they measure nothing any more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.content.subjects import SUBJECTS
from bot.content.yaml_lines import Document, read_yaml
from bot.errors import SetupError

BLIND = "blind"
"""The folder of files that are looked at as figures only."""

BLIND_FILES = (
    "messages.jsonl",
    "hard_messages.jsonl",
    "other_topics.jsonl",
    "other_conditions.jsonl",
    "personal_advice.jsonl",
    "urgent.jsonl",
    "calm.jsonl",
    "calm_or_urgent.jsonl",
)
"""Those that hold questions as below; files of another form have tests of their own."""

DIALOGUE_FILES = ("conversations.yml", "dialogues.yml")

DEVELOPMENT_FILES = ("typical.jsonl", "noisy.jsonl", "safety.jsonl", "dialogues.yml")
"""The files that were given to measure with, and the first to look at."""

CLINIC = "temple"
"""The clinic where a line or a dialogue names none."""

QUESTION_KEYS = frozenset({"text", "subject", "detail", "clinic", "outage"})
DIALOGUE_KEYS = frozenset({"id", "about", "clinic", "outage", "turns"})
TURN_KEYS = frozenset({"visitor", "must", "must_not"})


@dataclass(frozen=True)
class Question:
    """One message with the subject (and detail) of its right reply. `place`: file and line."""

    text: str
    subject: str
    detail: str | None
    clinic: str
    outage: bool
    file: str
    line: int

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def blind(self) -> bool:
        return self.file.startswith(f"{BLIND}/")


@dataclass(frozen=True)
class DialogueTurn:
    """What a visitor says, and the patterns (`re.search`, ignore case) that the reply must and must
    not match.
    """

    visitor: str
    must: tuple[re.Pattern[str], ...]
    must_not: tuple[re.Pattern[str], ...]


@dataclass(frozen=True)
class Dialogue:
    """One conversation. `place` is its path and line, `file` what figures call its file."""

    id: str
    clinic: str
    outage: bool
    turns: tuple[DialogueTurn, ...]
    place: str
    file: str = "dialogues"


@dataclass(frozen=True)
class DataSet:
    """Everything to measure with. `dialogues` is None where no dialogue file was given."""

    questions: tuple[Question, ...]
    dialogues: tuple[Dialogue, ...] | None


def read_data(paths: Sequence[Path]) -> DataSet:
    """Read files by their ending: `.jsonl` questions, `.yml` or `.yaml` dialogues.

    Raises `SetupError` that names the file and the line.
    """
    questions: list[Question] = []
    dialogues: list[Dialogue] | None = None
    names: dict[str, Path] = {}
    for path in paths:
        other = names.setdefault(file_name(path), path)
        if other is not path:
            raise SetupError(
                f"{other} and {path} have the same name; rename one to tell them apart."
            )
        if path.suffix == ".jsonl":
            questions.extend(read_questions(path))
        elif path.suffix in (".yml", ".yaml"):
            dialogues = [*(dialogues or []), *read_dialogues(path)]
        else:
            raise SetupError(f"{path}: give a .jsonl file (questions) or a .yml file (dialogues).")
    return DataSet(tuple(questions), None if dialogues is None else tuple(dialogues))


def file_name(path: Path) -> str:
    """What figures call a file: `noisy`, `blind/messages`."""
    return f"{BLIND}/{path.stem}" if path.absolute().parent.name == BLIND else path.stem


def shipped_files(folder: Path) -> list[Path]:
    """The files of a folder that are measured with and whose lines may be looked at, in order."""
    found = [*folder.glob("*.jsonl"), *(folder / name for name in DIALOGUE_FILES)]
    return sorted(path for path in found if path.is_file())


def development_files(folder: Path) -> list[Path]:
    """The development set alone."""
    return [folder / name for name in DEVELOPMENT_FILES]


def blind_files(folder: Path) -> list[Path]:
    """The files beside them whose lines nobody looks at, in order."""
    return [folder / BLIND / name for name in sorted(BLIND_FILES)]


def read_questions(path: Path) -> list[Question]:
    """The questions of one file. Raises `SetupError` that names the file and the line."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise SetupError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise SetupError(f"{path} is not UTF-8 text; save it as UTF-8.") from error
    found = [
        _question(line, file_name(path), f"{path}:{number}", number)
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ]
    if not found:
        raise SetupError(f"{path}:1: the file holds no question.")
    return found


def read_dialogues(path: Path) -> list[Dialogue]:
    """The dialogues of one file. Raises `SetupError` that names the file and the line."""
    document = read_yaml(path, str(path))
    if document.problems:
        raise SetupError(str(document.problems[0]))
    if not isinstance(document.data, list) or not document.data:
        raise SetupError(f"{path}:1: the file must be a list of dialogues.")
    file = file_name(path)
    return [_dialogue(entry, number, document, file) for number, entry in enumerate(document.data)]


def _question(line: str, file: str, place: str, number: int) -> Question:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise SetupError(f"{place}: this is not JSON: {error.msg}.") from error
    if not isinstance(value, dict):
        raise SetupError(f"{place}: a line must be an object with text, subject and detail.")
    _check_keys(value, QUESTION_KEYS, place)
    text, subject, detail = value.get("text"), value.get("subject"), value.get("detail")
    if not isinstance(text, str) or not text.strip():
        raise SetupError(f"{place}: text must be a message that is not empty.")
    if not isinstance(subject, str) or subject not in SUBJECTS:
        raise SetupError(f"{place}: subject {subject!r} is not one of the vocabulary.")
    if detail is not None and not isinstance(detail, str):
        raise SetupError(f"{place}: detail must be a name or null.")
    clinic, outage = _setting(value, place)
    return Question(text, subject, detail, clinic, outage, file, number)


def _dialogue(entry: Any, number: int, document: Document, file: str) -> Dialogue:
    place = f"{document.name}:{document.line((number,))}"
    if not isinstance(entry, dict):
        raise SetupError(f"{place}: a dialogue must have an id and turns.")
    _check_keys(entry, DIALOGUE_KEYS, place)
    name, turns = entry.get("id"), entry.get("turns")
    if not isinstance(name, str) or not name:
        raise SetupError(f"{place}: a dialogue needs an id.")
    if not isinstance(turns, list) or not turns:
        raise SetupError(f"{place}: dialogue {name} needs a list of turns.")
    clinic, outage = _setting(entry, place)
    read = tuple(_turn(turn, (number, "turns", i), document) for i, turn in enumerate(turns))
    return Dialogue(name, clinic, outage, read, place, file)


def _turn(turn: Any, path: tuple[Any, ...], document: Document) -> DialogueTurn:
    place = f"{document.name}:{document.line(path)}"
    if not isinstance(turn, dict):
        raise SetupError(f"{place}: a turn must have visitor, must and must_not.")
    _check_keys(turn, TURN_KEYS, place)
    visitor = turn.get("visitor")
    if not isinstance(visitor, str) or not visitor.strip():
        raise SetupError(f"{place}: visitor must be a message that is not empty.")
    patterns = [_patterns(turn.get(key), (*path, key), document) for key in ("must", "must_not")]
    return DialogueTurn(visitor, *patterns)


def _patterns(value: Any, path: tuple[Any, ...], document: Document) -> tuple[re.Pattern[str], ...]:
    place = f"{document.name}:{document.line(path)}"
    if value is not None and not isinstance(value, list):
        raise SetupError(f"{place}: {path[-1]} must be a list of patterns.")
    found = []
    for number, pattern in enumerate(value or []):
        place = f"{document.name}:{document.line((*path, number))}"
        if not isinstance(pattern, str):
            raise SetupError(f"{place}: a pattern must be text.")
        try:
            found.append(re.compile(pattern, re.IGNORECASE))
        except re.error as error:
            raise SetupError(f"{place}: this is not a regular expression: {error}.") from error
    return tuple(found)


def _setting(value: dict[str, Any], place: str) -> tuple[str, bool]:
    clinic, outage = value.get("clinic", CLINIC), value.get("outage", True)
    if not isinstance(clinic, str) or not clinic:
        raise SetupError(f"{place}: clinic must be the key of a clinic.")
    if not isinstance(outage, bool):
        raise SetupError(f"{place}: outage must be true or false.")
    return clinic, outage


def _check_keys(value: dict[str, Any], known: Iterable[str], place: str) -> None:
    unknown = sorted(set(value) - set(known))
    if unknown:
        raise SetupError(
            f"{place}: unknown key {unknown[0]!r}; known are {', '.join(sorted(known))}."
        )
