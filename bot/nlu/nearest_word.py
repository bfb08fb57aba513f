"""Which known word a misspelt one means: by its letters, else by its sound. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

import jellyfish
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

SHORTEST_TO_MEND = 4
"""Shorter unknown words have too many neighbours to guess which one was meant."""

SHORTEST_OTHER_INITIAL = 6
"""First letters are seldom mistyped; where they differ the rest must be long to prove the word."""

SHORTEST_SOUND = 3
"""Consonants that two words must share to count as sounding alike."""

FARTHEST_SOUND = 0.4
"""Words that sound alike may differ in this share of their letters ("fizikal", "physical")."""

MOST_REMEMBERED = 20_000
"""Mended words are remembered, but strangers send any number of words."""

Key = TypeVar("Key", bound=Hashable)


class NearestWord:
    """Built once for the words that may be meant; asked any number of times."""

    def __init__(
        self, targets: Mapping[str, int], known_words: Collection[str], *, plain: bool = False
    ):
        """`targets`: words that may be meant, in lower case, and how common each is (0: never right
        itself); `known_words`: others that are right; `plain`: words have lost an "s" at their end
        (`plain_word`), so what is right with one is right.
        """
        self._plain = plain
        self._targets = targets
        self._known = known_words
        wanted = (word for word in targets if len(word) >= SHORTEST_TO_MEND and word.isalpha())
        # Of equally near words the first is taken: the most common one.
        ordered = sorted(wanted, key=lambda word: (-targets[word], word))
        self._places = {word: place for place, word in enumerate(ordered)}
        self._by_initial = _grouped(ordered, lambda word: word[0])
        self._by_tail = _grouped(ordered, lambda word: word[1:])
        self._by_sound = _grouped(ordered, jellyfish.metaphone)
        self._by_size = _grouped(
            [word for word in known_words if len(word) >= SHORTEST_TO_MEND], _initial_and_size
        )
        self._mended: dict[str, str] = {}

    def of(self, word: str) -> str:
        """The word that a misspelt one means; the word itself if it is right, or none is near."""
        if len(word) < SHORTEST_TO_MEND or not word.isalpha() or self.is_right(word):
            return word
        if word not in self._mended:
            if len(self._mended) > MOST_REMEMBERED:
                self._mended.clear()
            self._mended[word] = self._spelt(word) or self._sounding(word) or word
        return self._mended[word]

    def is_right(self, word: str) -> bool:
        """Whether a word needs no mending."""
        if self._targets.get(word, 0) > 0 or word in self._known:
            return True
        return self._plain and f"{word}s" in self._known

    def within(self, word: str, most: int) -> str | None:
        """The nearest target with the same first letter and `most` wrong letters at most."""
        found = _extract(word, self._by_initial.get(word[0], ()), most)
        return found[0] if found else None

    def _spelt(self, word: str) -> str | None:
        """The nearest target by letters, unless a known word is nearer still."""
        found = _extract(word, self._by_initial.get(word[0], ()), _allowed(word))
        if found is None:
            return self._with_other_initial(word)
        return None if self._is_nearer_to_known(word, found[1]) else found[0]

    def _with_other_initial(self, word: str) -> str | None:
        """The target that differs in its first letter: wrong, missing, one too many, swapped."""
        if len(word) < SHORTEST_OTHER_INITIAL:
            return None
        swapped = word[1] + word[0] + word[2:]
        whole = (target for target in (word[1:], swapped) if target in self._places)
        tails = (target for tail in (word[1:], word) for target in self._by_tail.get(tail, ()))
        return min((*whole, *tails), key=self._places.__getitem__, default=None)

    def _is_nearer_to_known(self, word: str, distance: int) -> bool:
        if distance < 2:
            return False  # nothing is nearer than one letter to a word that is none
        sizes = range(len(word) - distance + 1, len(word) + distance)
        near = (other for size in sizes for other in self._by_size.get((word[0], size), ()))
        return _extract(word, list(near), distance - 1) is not None

    def _sounding(self, word: str) -> str | None:
        """The target that sounds the same, if it looks a little alike too."""
        sound = jellyfish.metaphone(word)
        if len(sound) < SHORTEST_SOUND:
            return None
        found = process.extractOne(
            word,
            self._by_sound.get(sound, ()),
            scorer=DamerauLevenshtein.normalized_distance,
            score_cutoff=FARTHEST_SOUND,
        )
        return found[0] if found else None


def _extract(word: str, among: Sequence[str], most: int) -> tuple[str, int] | None:
    found = process.extractOne(word, among, scorer=DamerauLevenshtein.distance, score_cutoff=most)
    return (found[0], int(found[1])) if found else None


def _allowed(word: str) -> int:
    """How many letters may be wrong: one, two of eight, three of twelve."""
    return 1 if len(word) < 8 else 2 if len(word) < 12 else 3


def _initial_and_size(word: str) -> tuple[str, int]:
    return word[0], len(word)


def _grouped(words: Iterable[str], key: Callable[[str], Key]) -> dict[Key, list[str]]:
    groups: dict[Key, list[str]] = {}
    for word in words:
        groups.setdefault(key(word), []).append(word)
    return groups
