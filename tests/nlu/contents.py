"""Small contents to understand by: a test says which details there are and what they are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.content.model import LIBRARY, Answer, Snapshot

Details = Mapping[tuple[str, str], Iterable[str]]
"""By subject and detail: its title, then its also-called words."""


def snapshot(details: Details, version: int = 1) -> Snapshot:
    """Content that holds nothing but these details."""
    answers = {}
    for number, ((subject, detail), words) in enumerate(details.items(), start=1):
        title, *also_called = words
        answers[(LIBRARY, subject, detail)] = Answer(
            number, 1, LIBRARY, subject, detail, title, "", also_called=tuple(also_called)
        )
    return Snapshot(version, {}, answers)


class Fixed:
    """Content in force that changes only when a test says so."""

    def __init__(self, current: Snapshot):
        self.current = current
