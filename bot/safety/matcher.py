"""Finds wordings in words: their parts in order, few other words between. Pure.

A wording is `<cannot> pee`: parts that are words, or groups of phrases that mean the same. Its
parts may stand up to `MOST_BETWEEN` words apart, so that a few wordings catch what many people say.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.errors import SetupError
from bot.safety.words import Stems, Word

MOST_BETWEEN = 2
"""Words that may stand between two parts of a wording."""

_PART = re.compile(r"<([a-z_]+)>|([^\s<>]+)")


class Span(NamedTuple):
    """Words `start` to `end` (not included), counted in words."""

    start: int
    end: int


class Matcher:
    """Built once for wordings, each with a key; asked any number of times, by several threads."""

    def __init__(
        self,
        wordings: Iterable[tuple[str, str]],
        groups: Mapping[str, Sequence[str]],
        stems: Stems,
        *,
        most_between: int = MOST_BETWEEN,
    ):
        """`wordings`: pairs of key and wording. Raises `SetupError` for an unknown group."""
        self._most_between = most_between
        self._parts: dict[str, int] = {}
        self._phrases: dict[str, list[tuple[tuple[str, ...], int]]] = defaultdict(list)
        self._wordings: dict[int, list[tuple[str, tuple[int, ...]]]] = defaultdict(list)
        for key, wording in wordings:
            parts = tuple(self._part(part, wording, groups, stems) for part in _cut(wording))
            if parts:
                self._wordings[parts[0]].append((key, parts))

    def find(self, words: Sequence[Word]) -> dict[str, list[Span]]:
        """Where each wording's key is said; keys that are not said are left out."""
        places = self._places(words)
        found: dict[str, list[Span]] = defaultdict(list)
        for part in places:
            for key, parts in self._wordings.get(part, ()):
                if all(other in places for other in parts):
                    found[key].extend(self._spans(parts, places, words))
        return {key: spans for key, spans in found.items() if spans}

    def _part(
        self, part: tuple[str, str], wording: str, groups: Mapping[str, Sequence[str]], stems: Stems
    ) -> int:
        """The number of a part, whose phrases are taken up when it is seen first."""
        group, word = part
        name = f"<{group}>" if group else stems.of(word)
        if name not in self._parts:
            if group and group not in groups:
                raise SetupError(f"'{wording}' names the word group '{group}', which is none.")
            number = self._parts[name] = len(self._parts)
            for phrase in dict.fromkeys(map(stems.of_phrase, groups[group] if group else [word])):
                if phrase:
                    self._phrases[phrase[0]].append((phrase, number))
        return self._parts[name]

    def _places(self, words: Sequence[Word]) -> dict[int, list[Span]]:
        """Where each part stands."""
        places: dict[int, list[Span]] = defaultdict(list)
        for start, word in enumerate(words):
            for phrase, number in self._phrases.get(word.stem, ()):
                end = start + len(phrase)
                if end <= len(words) and all(
                    words[start + k].stem == stem for k, stem in enumerate(phrase)
                ):
                    places[number].append(Span(start, end))
        return places

    def _spans(
        self, parts: tuple[int, ...], places: Mapping[int, list[Span]], words: Sequence[Word]
    ) -> list[Span]:
        reached = places[parts[0]]
        for part in parts[1:]:
            reached = [
                Span(before.start, after.end)
                for before in reached
                for after in places[part]
                if 0 <= after.start - before.end <= self._most_between
                and words[after.start].sentence == words[before.start].sentence
            ]
        return list(dict.fromkeys(reached))


def _cut(wording: str) -> list[tuple[str, str]]:
    return _PART.findall(wording)


def groups_in(wording: str) -> list[str]:
    """The names of the word groups that a wording uses."""
    return [group for group, _ in _cut(wording) if group]
