"""All the words by which the store's details are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.content.model import Snapshot
from bot.content.subjects import ENTITY_OF


@dataclass(frozen=True)
class Wording:
    """One name of a detail, and the kind of detail (entity) that it is."""

    entity: str
    detail: str
    text: str


def wordings(snapshot: Snapshot) -> Iterator[Wording]:
    """Titles and also-called words of every answer that has a detail, whoever's; some twice."""
    for answer in snapshot.answers.values():
        entity = ENTITY_OF.get(answer.subject)
        if entity is None or answer.detail is None:
            continue
        for text in (answer.title, *answer.also_called):
            yield Wording(entity, answer.detail, text)
