"""What got better and what got worse since a file was measured last.

Each file's verdicts are kept by themselves, so that a run over some files can be compared too. No
text is kept: a line is known by its hash, so that moving it changes nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.errors import SetupError
from bot.evaluation.figures import Figures
from bot.evaluation.mistakes import named
from bot.evaluation.reading import BLIND

Verdicts = Mapping[str, str]
"""By a line's hash: what was wrong with the reply and what it was, empty where it was right."""


@dataclass(frozen=True)
class Change:
    """One line that was right and is wrong, or the reverse.

    Where nobody may look at it, `text` is empty and `place` its file alone.
    """

    place: str
    text: str
    expected: str
    before: str
    now: str


@dataclass(frozen=True)
class FileComparison:
    """One file against its last run. `added` and `gone` count lines that only one run had."""

    file: str
    measured_at: str
    right_before: int
    right_now: int
    better: tuple[Change, ...]
    worse: tuple[Change, ...]
    added: int
    gone: int


@dataclass(frozen=True)
class _Line:
    """A line or a dialogue of the present run."""

    file: str
    place: str
    text: str
    expected: str
    wrong: str


def compare(figures: Figures, folder: Path) -> tuple[FileComparison, ...]:
    """Each measured file that has an earlier run in the folder, against that.

    Raises `SetupError` for a file there that this module did not write.
    """
    found = []
    for file, lines in _by_file(figures).items():
        path = _path(folder, file)
        if path.is_file():
            found.append(_compare(file, lines, *_read(path)))
    return tuple(found)


def keep(figures: Figures, folder: Path, at: datetime) -> None:
    """Write each measured file's verdicts, for the next run to be compared with."""
    for file, lines in _by_file(figures).items():
        path = _path(folder, file)
        path.parent.mkdir(parents=True, exist_ok=True)
        verdicts = {key: line.wrong for key, line in lines.items()}
        kept = {"measured_at": at.isoformat(timespec="seconds"), "lines": verdicts}
        path.write_text(json.dumps(kept, indent=1), encoding="utf-8")


def _compare(
    file: str, lines: Mapping[str, _Line], measured_at: str, before: Verdicts
) -> FileComparison:
    both = [key for key in lines if key in before]
    changed = [k for k in both if bool(before[k]) != bool(lines[k].wrong)]
    return FileComparison(
        file,
        measured_at,
        right_before=sum(not before[key] for key in both),
        right_now=sum(not lines[key].wrong for key in both),
        better=tuple(_change(lines[k], before[k]) for k in changed if before[k]),
        worse=tuple(_change(lines[k], before[k]) for k in changed if not before[k]),
        added=len(lines) - len(both),
        gone=len(before) - len(both),
    )


def _change(line: _Line, before: str) -> Change:
    blind = line.file.startswith(f"{BLIND}/")
    place, text = (line.file, "") if blind else (line.place, line.text)
    return Change(place, text, line.expected, before or "right", line.wrong or "right")


def _by_file(figures: Figures) -> dict[str, dict[str, _Line]]:
    found: dict[str, dict[str, _Line]] = {}
    for line in _lines(figures):
        lines = found.setdefault(line.file, {})
        digest = hashlib.sha256(line.text.encode()).hexdigest()[:16]
        same = sum(key.startswith(digest) for key in lines)  # the same text twice in a file
        lines[f"{digest}-{same}" if same else digest] = line
    return found


def _lines(figures: Figures) -> Iterable[_Line]:
    for outcome in figures.outcomes:
        question, reply = outcome.question, outcome.reply
        expected = named(question.subject, question.detail)
        came = named(reply.subject, reply.detail)
        wrong = "" if outcome.verdict.right else f"{came}: {outcome.verdict.wrong}"
        yield _Line(question.file, question.place, question.text, expected, wrong)
    for held in figures.dialogues or ():
        failure = held.failure
        wrong = "" if failure is None else f"failed at turn {failure.turn}"
        yield _Line(held.dialogue.file, held.dialogue.place, held.dialogue.id, "passed", wrong)


def _path(folder: Path, file: str) -> Path:
    return folder / f"{file}.json"


def _read(path: Path) -> tuple[str, Verdicts]:
    try:
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return str(kept["measured_at"]), {str(k): str(v) for k, v in kept["lines"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SetupError(f"{path} does not hold an earlier run; delete it.") from error
