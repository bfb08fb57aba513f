"""Corrections as files that a developer takes into git, and back.

    FOLDER/nlu/SUBJECT.yml      what is learnt, in the form of `data/nlu/`
    FOLDER/regression.jsonl     what is asked, in the form of `tests/eval/`, details and clinics too
    FOLDER/written.jsonl        the same for written answers, which `careline evaluate` cannot score

All sorted, so that the same corrections give the same files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.content.subjects import FAQ
from bot.corrections.model import Correction, Wanted, key_of, one_line
from bot.corrections.shipped import examples_of
from bot.errors import CarelineError, SetupError
from bot.folding import folded

NLU = "nlu"
REGRESSION = "regression.jsonl"
WRITTEN = "written.jsonl"
HEAD = 'version: "3.1"\nnlu:\n'
OURS = "# Corrections, written by `careline training export`.\n"
"""The first line of what an export may replace or take away."""
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""What no database takes: NUL, and halves of characters."""
KEYS = frozenset({"text", "subject", "detail", "clinic"})


@dataclass(frozen=True)
class Entry:
    """What the files say of one message: whether it is to be learnt (`nlu/`) and to be asked (the
    other files). `place` is file and line.
    """

    text: str
    wanted: Wanted
    clinic: str | None
    place: str
    learnt: bool = False
    asked: bool = False


def write_files(
    folder: Path, examples: Iterable[tuple[str, str]], asked: Iterable[Correction]
) -> list[Path]:
    """Write what is learnt, as (subject, text), and what is asked; returns the files, in order.

    Files of an earlier export that no longer have anything to say are taken away. Raises
    `SetupError` where the folder cannot be written, or holds files of somebody else: nothing is
    changed then.
    """
    texts = {
        folder / NLU / f"{subject}.yml": OURS + rasa_yaml(subject, lines)
        for subject, lines in _by_subject(examples).items()
    }
    asked = list(asked)
    written = [each for each in asked if each.wanted.subject == FAQ]
    others = [each for each in asked if each.wanted.subject != FAQ]
    texts |= {
        folder / name: lines
        for name, those in ((REGRESSION, others), (WRITTEN, written))
        if (lines := json_lines(those))
    }
    try:
        (folder / NLU).mkdir(parents=True, exist_ok=True)
        before = [*(folder / NLU).glob("*.yml")]
        before += [path for name in (REGRESSION, WRITTEN) if (path := folder / name).exists()]
        _refuse_foreign(before)
        for path in set(before) - set(texts):
            path.unlink()
        for path, text in texts.items():
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SetupError(f"{folder} cannot be written: {error.strerror}.") from error
    return sorted(texts)


def _refuse_foreign(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.suffix == ".yml" and not path.read_bytes().startswith(OURS.encode()):
            raise SetupError(f"{path} is no file of an export; export into a folder of its own.")
        if path.suffix != ".yml":
            list(_asked(path))


def rasa_yaml(subject: str, lines: Iterable[str]) -> str:
    """A file of `data/nlu/`: the messages of one subject, sorted."""
    return HEAD + _section(subject, lines)


def all_in_one(examples: Iterable[tuple[str, str]]) -> str:
    """What is learnt, as (subject, text), as one file in the form of `data/nlu/`."""
    sections = sorted(_by_subject(examples).items())
    return HEAD + "".join(_section(*each) for each in sections) if sections else 'version: "3.1"\n'


def _section(subject: str, lines: Iterable[str]) -> str:
    examples = "".join(f"    - {line}\n" for line in sorted(set(lines), key=_order))
    return f"- intent: {subject}\n  examples: |\n{examples}"


def json_lines(asked: Iterable[Correction]) -> str:
    """A file of `tests/eval/`: each message with its subject and detail, sorted, each once."""
    found = {
        json.dumps(
            {
                "text": each.text,
                "subject": each.wanted.subject,
                "detail": each.wanted.detail,
                **({"clinic": each.clinic} if each.clinic else {}),
            },
            ensure_ascii=False,
        )
        for each in asked
    }
    return "".join(f"{line}\n" for line in sorted(found, key=_order))


def read_files(folder: Path) -> list[Entry]:
    """What the files of a folder say. Raises `SetupError` that names file and line."""
    if not folder.is_dir():
        raise SetupError(f"{folder} is no folder; give the one that an export wrote.")
    taught: dict[tuple[str, str], tuple[str, str]] = {}
    for path in sorted((folder / NLU).glob("*.yml")):
        for subject, text in examples_of(path):
            taught.setdefault((subject, key_of(text)), (text, str(path)))
    asked = [
        entry
        for name in (REGRESSION, WRITTEN)
        if (folder / name).is_file()
        for entry in _asked(folder / name)
    ]
    entries = _with_taught(asked, taught)
    if not entries:
        raise SetupError(f"There is neither {NLU}/*.yml nor {REGRESSION} in {folder}.")
    return entries


def _with_taught(
    asked: list[Entry], taught: Mapping[tuple[str, str], tuple[str, str]]
) -> list[Entry]:
    """Which entries are learnt: those in the very words that are taught, else, where somebody has
    changed these, in any words of the same message. What is not asked makes entries of its own.
    """
    worded = {(each.wanted.subject, one_line(each.text)) for each in asked}
    entries = []
    for each in asked:
        subject = each.wanted.subject
        text, _ = taught.get((subject, key_of(each.text)), (None, ""))
        reworded = text is not None and (subject, text) not in worded
        entries.append(replace(each, learnt=reworded or one_line(each.text) == text))
    known = {(each.wanted.subject, key_of(each.text)) for each in asked}
    for (subject, key), (text, place) in taught.items():
        if (subject, key) not in known:
            entries.append(Entry(text, _wanted(subject, None, place), None, place, learnt=True))
    return entries


def _asked(path: Path) -> Iterator[Entry]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"{path} cannot be read as UTF-8 text.") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _entry(line, f"{path}:{number}")


def _entry(line: str, place: str) -> Entry:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise SetupError(f"{place}: this is not JSON: {error.msg}.") from error
    if not isinstance(value, dict) or not set(value) <= KEYS:
        raise SetupError(f"{place}: a line is an object with {', '.join(sorted(KEYS))}.")
    text, clinic = value.get("text"), value.get("clinic")
    if not isinstance(text, str) or not text.strip():
        raise SetupError(f"{place}: text must be a message that is not empty.")
    if UNSTORABLE.search(text):
        raise SetupError(f"{place}: text holds characters that no text has.")
    if clinic is not None and not isinstance(clinic, str):
        raise SetupError(f"{place}: clinic must be the key of a clinic.")
    wanted = _wanted(value.get("subject"), value.get("detail"), place)
    return Entry(text, wanted, clinic, place, asked=True)


def _wanted(subject: Any, detail: Any, place: str) -> Wanted:
    if not isinstance(subject, str) or not isinstance(detail, (str, type(None))):
        raise SetupError(f"{place}: subject and detail are texts, and there may be no detail.")
    wanted = Wanted(subject, detail or None)
    try:
        wanted.check()
    except CarelineError as error:
        raise SetupError(f"{place}: {error}") from error
    return wanted


def _by_subject(examples: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for subject, text in examples:
        found.setdefault(subject, []).append(text)
    return found


def _order(line: str) -> tuple[str, str]:
    return (folded(line), line)
