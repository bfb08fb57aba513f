"""The fifty written answers of `tests/eval/written_answers.yml`, to measure with."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from bot.content.model import LIBRARY, Answer, Snapshot
from bot.content.records import AnswerRecord
from bot.content.subjects import FAQ
from bot.content.yaml_lines import read_yaml
from bot.paths import EVAL_DIR

SOURCE = "temple"
"""Key of a source that ships, as every written answer needs one."""


class Asked(NamedTuple):
    """A question of a visitor, and the key of the answer that it is for."""

    text: str
    detail: str


@lru_cache(maxsize=1)
def _entries() -> dict[str, dict[str, Any]]:
    path = EVAL_DIR / "written_answers.yml"
    found: dict[str, dict[str, Any]] = read_yaml(path, path.name).data["answers"]
    return found


def records(clinic: str = LIBRARY) -> list[AnswerRecord]:
    """The answers as staff would write them."""
    return [
        AnswerRecord(
            clinic,
            FAQ,
            key,
            entry["text"],
            title=entry["title"],
            examples=tuple(entry["examples"]),
            source=SOURCE,
        )
        for key, entry in _entries().items()
    ]


def questions() -> list[Asked]:
    """What visitors ask, in words of their own."""
    return [Asked(text, key) for key, entry in _entries().items() for text in entry["questions"]]


def snapshot_with(shipped: Snapshot, version: int) -> Snapshot:
    """The shipped content and the fifty answers."""
    answers = dict(shipped.answers)
    for number, record in enumerate(records(), start=10_000):
        answers[record.key] = Answer(
            number,
            1,
            record.clinic,
            record.subject,
            record.detail,
            record.title,
            record.text,
            examples=record.examples,
        )
    return Snapshot(version, shipped.clinics, answers)
