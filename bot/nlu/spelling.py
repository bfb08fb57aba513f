"""Mends words that are misspelt, split ("epi dural") or run together ("nerveblock").

Only towards the words of the content store, and only words that are no English: what is spelt right
is never changed into something else. Pure: no Rasa, no database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from bot.nlu.nearest_word import NearestWord
from bot.nlu.words import Word

SHORTEST_JOINED = 6
SHORTEST_RUN_TOGETHER = 8
"""Two words without a space between them are mended only where they are long: "nerveblok"."""


class Speller:
    """Built once for the phrases of a content; mends any number of texts."""

    def __init__(self, phrases: Iterable[Sequence[str]], known_words: Collection[str]):
        """`phrases` are the store's, as plain words; `known_words` are English, spelt right."""
        phrases = list(phrases)
        self._words = Counter(word for phrase in phrases for word in phrase)
        self._pairs = {pair for phrase in phrases for pair in zip(phrase, phrase[1:])}
        self._run_together = {
            "".join(phrase[at : at + size]): tuple(phrase[at : at + size])
            for phrase in phrases
            for size in (2, 3)
            for at in range(len(phrase) - size + 1)
        }
        long = (word for word in self._run_together if len(word) >= SHORTEST_RUN_TOGETHER)
        targets = {**dict.fromkeys(long, 0), **self._words}
        self._nearest = NearestWord(targets, known_words, plain=True)

    def mend(self, words: Sequence[Word]) -> list[Word]:
        """The words with the store's spelling; a mended word keeps its place in the text."""
        mended: list[Word] = []
        at = 0
        while at < len(words):
            joined, used = self._joined(words, at)
            word = joined or words[at]
            right = word.text if joined else self._nearest.of(word.text)
            parts = self._parts(right)
            mended += [Word(part, word.start, word.end) for part in parts]
            at += used
        return mended

    def _parts(self, word: str) -> Sequence[str]:
        if self._nearest.is_right(word):
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
        found = self._nearest.within(together, 1)
        return found if found in self._words else None

    def _is_word(self, piece: str) -> bool:
        return len(piece) > 3 and (
            self._nearest.is_right(piece) or self._nearest.of(piece) != piece
        )


def _touch(pieces: Sequence[Word]) -> bool:
    """Whether nothing but one space or hyphen stands between the pieces, and all are letters."""
    near = all(b.start - a.end == 1 for a, b in zip(pieces, pieces[1:]))
    return near and all(len(p.text) > 1 and p.text.isalpha() for p in pieces)
