"""The labelled messages of `tests/eval/blind/redaction.jsonl`, and how redaction is scored.

A line: `{"text", "private": [{"text", "kind"}], "keep": [...], "held_out"}`. A private string is
found when each of its letters and digits is masked, whatever the placeholder says. A mask is false
when it touches nothing private, or takes a letter of a string that must stay.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from bot.chat.visitor_text import visible

FILE = Path(__file__).parents[1] / "eval" / "blind" / "redaction.jsonl"

GROUPS = {
    "names and addresses": frozenset({"name", "address"}),
    "phones, e-mail, dates, numbers": frozenset(
        {"phone", "email", "date", "number", "link", "age", "login"}
    ),
}

Stretch = tuple[int, int, str]
"""Where a stretch begins and ends, and of what kind it is."""


@dataclass(frozen=True)
class Labelled:
    text: str
    private: tuple[Stretch, ...]
    keep: tuple[tuple[int, int], ...]
    held_out: bool


@dataclass
class Score:
    """What a redactor found and missed, by kind."""

    private: dict[str, int] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)
    right: dict[str, int] = field(default_factory=dict)
    wrong: dict[str, int] = field(default_factory=dict)
    leaks: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)

    def recall(self, kinds: Iterable[str]) -> float:
        kinds = list(kinds)
        return _sum(self.found, kinds) / max(1, _sum(self.private, kinds))

    def precision(self, kinds: Iterable[str]) -> float:
        kinds = list(kinds)
        right = _sum(self.right, kinds)
        return right / max(1, right + _sum(self.wrong, kinds))


@cache
def messages() -> tuple[Labelled, ...]:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return tuple(_labelled(json.loads(line)) for line in lines)


def score(lines: Iterable[Labelled], find: Callable[[str], list[Stretch]]) -> Score:
    result = Score()
    for line in lines:
        spans = find(line.text)
        for start, end, kind in line.private:
            _count(result.private, kind)
            letters = [at for at in range(start, end) if line.text[at].isalnum()]
            if all(any(a <= at < b for a, b, _ in spans) for at in letters):
                _count(result.found, kind)
            else:
                result.leaks.append(f"{kind} {line.text[start:end]!r} in {line.text!r}")
        for span in spans:
            if _is_right(line, span):
                _count(result.right, span[2])
            else:
                _count(result.wrong, span[2])
                shown = line.text[span[0] : span[1]]
                result.false.append(f"{span[2]} {shown!r} in {line.text!r}")
    return result


def _is_right(line: Labelled, span: Stretch) -> bool:
    start, end, _ = span
    private = {at for a, b, _ in line.private for at in range(a, b)}
    kept = {at for a, b in line.keep for at in range(a, b)} - private
    masked = set(range(start, end))
    return bool(masked & private) and not masked & kept


def _labelled(value: dict) -> Labelled:
    text = visible(value["text"])  # as the door hands it on
    private: list[Stretch] = []
    for each in value["private"]:
        start = _place(text, visible(each["text"]), private)
        private.append((start, start + len(each["text"]), each["kind"]))
    kept = [visible(each) for each in value["keep"]]
    keep = [(at := _place(text, each, []), at + len(each)) for each in kept]
    return Labelled(text, tuple(private), tuple(keep), value.get("held_out", False))


def _place(text: str, part: str, taken: list[Stretch]) -> int:
    """Where a string first stands by itself and is not taken yet."""
    places = [m.start() for m in re.finditer(rf"(?<!\w){re.escape(part)}(?!\w)", text)]
    places += [m.start() for m in re.finditer(re.escape(part), text)]
    free = [p for p in places if not any(a < p + len(part) and p < b for a, b, _ in taken)]
    assert free, f"{part!r} is not in {text!r}"
    return free[0]


def _count(counts: dict[str, int], kind: str) -> None:
    counts[kind] = counts.get(kind, 0) + 1


def _sum(counts: dict[str, int], kinds: Iterable[str]) -> int:
    return sum(counts.get(kind, 0) for kind in kinds)
