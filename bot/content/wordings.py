"""All the words by which the store's details are known, and those of things it does not list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.content.model import Snapshot
from bot.content.subjects import ENTITY_OF, FAQ

NOT_LISTED = "not_listed"
"""Stands for the detail of a thing that has a name but no answer of its own (`acupuncture`)."""


@dataclass(frozen=True)
class Wording:
    """One name of a detail, and the kind of detail (entity) that it is."""

    entity: str
    detail: str
    text: str


def wordings(snapshot: Snapshot) -> Iterator[Wording]:
    """Titles and also-called words of every answer that has a detail, whoever's; some twice.

    The also-called words of the answer without a detail (`treatment_detail`) name what is not
    listed: that answer says so.
    """
    for answer in snapshot.answers.values():
        entity = ENTITY_OF.get(answer.subject)
        if entity is None or answer.subject == FAQ:  # those are found by whole questions
            continue
        names = (answer.title, *answer.also_called) if answer.detail else answer.also_called
        for text in names:
            yield Wording(entity, answer.detail or NOT_LISTED, text)
