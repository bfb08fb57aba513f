"""Mends words that are misspelt, split ("epi dural") or run together ("nerveblock").

Only towards the words of the content store, and only words that are no English: what is spelt right
is never changed into something else. Pure: no Rasa, no database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from typing import TypeVar

import jellyfish
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from bot.nlu.words import Word

SHORTEST_TO_MEND = 4
"""Shorter unknown words have too many neighbours to guess which one was meant."""

SHORTEST_OTHER_INITIAL = 6
"""First letters are seldom mistyped; where they differ the rest must be long to prove the word."""

SHORTEST_JOINED = 6
SHORTEST_RUN_TOGETHER = 8
"""Two words without a space between them are mended only where they are long: "nerveblok"."""

SHORTEST_SOUND = 3
"""Consonants that two words must share to count as sounding alike."""

FARTHEST_SOUND = 0.4
"""Words that sound alike may differ in this share of their letters ("fizikal", "physical")."""

MOST_REMEMBERED = 20_000
"""Mended words are remembered, but strangers send any number of words."""


Key = TypeVar("Key", bound=Hashable)


class Speller:
    """Built once for the phrases of a content; mends any number of texts."""

    def __init__(self, phrases: Iterable[Sequence[str]], known_words: Collection[str]):
        """`phrases` are the store's, as plain words; `known_words` are English, spelt right."""
        phrases = list(phrases)
        counts = Counter(word for phrase in phrases for word in phrase)
        self._words = counts.keys()
        self._known = known_words
        self._pairs = {pair for phrase in phrases for pair in zip(phrase, phrase[1:])}
        self._run_together = {
            "".join(phrase[at : at + size]): tuple(phrase[at : at + size])
            for phrase in phrases
            for size in (2, 3)
            for at in range(len(phrase) - size + 1)
        }
        targets = {
            word
            for words, shortest in (
                (self._words, SHORTEST_TO_MEND),
                (self._run_together, SHORTEST_RUN_TOGETHER),
            )
            for word in words
            if len(word) >= shortest and word.isalpha()
        }
        # Of equally near words the first is taken: the one that the store uses most.
        ordered = sorted(targets, key=lambda word: (-counts[word], word))
        self._places = {word: place for place, word in enumerate(ordered)}
        self._by_initial = _grouped(ordered, lambda word: word[0])
        self._by_tail = _grouped(ordered, lambda word: word[1:])
        self._by_sound = _grouped(ordered, jellyfish.metaphone)
        self._by_size = _grouped(
            [word for word in known_words if len(word) >= SHORTEST_TO_MEND], _initial_and_size
        )
        self._mended: dict[str, str] = {}

    def mend(self, words: Sequence[Word]) -> list[Word]:
        """The words with the store's spelling; a mended word keeps its place in the text."""
        mended: list[Word] = []
        at = 0
        while at < len(words):
            joined, used = self._joined(words, at)
            word = joined or words[at]
            right = word.text if joined else self.nearest(word.text)
            parts = self._parts(right)
            mended += [Word(part, word.start, word.end) for part in parts]
            at += used
        return mended

    def nearest(self, word: str) -> str:
        """The store's word that a misspelt one means; the word itself if it is right, or none."""
        if len(word) < SHORTEST_TO_MEND or not word.isalpha() or self._is_right(word):
            return word
        if word not in self._mended:
            if len(self._mended) > MOST_REMEMBERED:
                self._mended.clear()
            self._mended[word] = self._spelt(word) or self._sounding(word) or word
        return self._mended[word]

    def _is_right(self, word: str) -> bool:
        return word in self._words or word in self._known or f"{word}s" in self._known

    def _parts(self, word: str) -> Sequence[str]:
        if self._is_right(word):
            return (word,)
        return self._run_together.get(word, (word,))

    def _joined(self, words: Sequence[Word], at: int) -> tuple[Word | None, int]:
        """Two or three pieces from `at` on that make one word of the store, and how many."""
        for size in (3, 2):
            pieces = words[at : at + size]
            if len(pieces) < size or not _touch(pieces):
                continue
            together = "".join(piece.text for piece in pieces)
            whole = self._whole(together, [piece.text for piece in pieces])
            if whole:
                return Word(whole, pieces[0].start, pieces[-1].end), size
        return None, 1

    def _whole(self, together: str, pieces: Sequence[str]) -> str | None:
        if len(together) < SHORTEST_JOINED or any(
            p in self._pairs for p in zip(pieces, pieces[1:])
        ):
            return None
        if together in self._words:
            return together
        # What is right by itself, or can be mended so, is no piece of a misspelt word.
        if len(together) < SHORTEST_RUN_TOGETHER or any(self._is_word(piece) for piece in pieces):
            return None
        found = _extract(together, self._by_initial.get(together[0], ()), 1)
        return found[0] if found and found[0] in self._words else None

    def _is_word(self, piece: str) -> bool:
        return len(piece) > 3 and (self._is_right(piece) or self.nearest(piece) != piece)

    def _spelt(self, word: str) -> str | None:
        """The nearest target by letters, unless an English word is nearer still."""
        found = _extract(word, self._by_initial.get(word[0], ()), _allowed(word))
        if found is None:
            return self._with_other_initial(word)
        return None if self._is_nearer_to_english(word, found[1]) else found[0]

    def _with_other_initial(self, word: str) -> str | None:
        """The target that differs in its first letter: wrong, missing, one too many, swapped."""
        if len(word) < SHORTEST_OTHER_INITIAL:
            return None
        swapped = word[1] + word[0] + word[2:]
        whole = (target for target in (word[1:], swapped) if target in self._places)
        tails = (target for tail in (word[1:], word) for target in self._by_tail.get(tail, ()))
        return min((*whole, *tails), key=self._places.__getitem__, default=None)

    def _is_nearer_to_english(self, word: str, distance: int) -> bool:
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


def _allowed(word: str) -> int:
    """How many letters may be wrong: one, two of eight, three of twelve."""
    return 1 if len(word) < 8 else 2 if len(word) < 12 else 3


def _extract(word: str, among: Sequence[str], most: int) -> tuple[str, int] | None:
    found = process.extractOne(word, among, scorer=DamerauLevenshtein.distance, score_cutoff=most)
    return (found[0], int(found[1])) if found else None


def _touch(pieces: Sequence[Word]) -> bool:
    """Whether nothing but one space or hyphen stands between the pieces, and all are letters."""
    near = all(b.start - a.end == 1 for a, b in zip(pieces, pieces[1:]))
    return near and all(len(p.text) > 1 and p.text.isalpha() for p in pieces)


def _initial_and_size(word: str) -> tuple[str, int]:
    return word[0], len(word)


def _grouped(words: Iterable[str], key: Callable[[str], Key]) -> dict[Key, list[str]]:
    groups: dict[Key, list[str]] = {}
    for word in words:
        groups.setdefault(key(word), []).append(word)
    return groups
