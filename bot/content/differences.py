"""What is different between two versions of an answer, word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

WORDS = re.compile(r"\s+|[^\s]+")

SAME, GONE, NEW = "same", "gone", "new"

Piece = tuple[str, str]
"""`SAME`, `GONE` or `NEW`, and the words."""


@dataclass(frozen=True)
class Difference:
    """A field of an answer (a key of its body), and its words in order."""

    field: str
    pieces: tuple[Piece, ...]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """The fields that differ between two bodies of an answer (`AnswerRecord.body`)."""
    found = []
    for field, value in after.items():
        old, new = as_text(before.get(field)), as_text(value)
        if old != new:
            found.append(Difference(field, pieces(old, new)))
    return tuple(found)


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """The words of two texts in one order: what stayed, what went and what came."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    found: list[Piece] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        if kind == "equal":
            found.append((SAME, "".join(old[from_old:to_old])))
            continue
        for name, words in ((GONE, old[from_old:to_old]), (NEW, new[from_new:to_new])):
            if words:
                found.append((name, "".join(words)))
    return tuple(found)


def as_text(value: Any) -> str:
    """A field as text: a list has a line for each of its parts."""
    if isinstance(value, list):
        return "\n".join(as_text(each) for each in value)
    if isinstance(value, dict):
        return " ".join(as_text(each) for each in value.values())
    return "" if value is None else str(value)
