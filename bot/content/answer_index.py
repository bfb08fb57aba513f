"""Finds the written answers (subject `faq`) that a message is nearest to, among thousands.

An answer is found by what it is made of: its example questions, its text and its title. Pure: the
vectors are handed in by whoever makes an index (`bot/content/vectors.py` keeps them in the store).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bot.content.model import Answer
from bot.content.placeholders import PLACEHOLDER
from bot.content.subjects import FAQ

EXAMPLES_THAT_COUNT = 2
"""The mean of this many nearest examples is steadier than the nearest one alone."""

TEXT_SHARE = 0.4
TITLE_SHARE = 0.2
"""What text and title count beside the examples; chosen in `docs/decisions/015`."""

CLOSER_LOOK = 50
"""Answers whose examples are compared one by one: the first look takes all examples together."""

AT_ONCE = 500
"""Answers whose vectors are held in full numbers at a time: all at once would be 100 MB."""

Vectors = Callable[[Sequence[str]], np.ndarray]
"""Turns texts into unit vectors, shape (texts, dimensions)."""


class Match(NamedTuple):
    """A written answer's key and how near a message is to it, 0 to about 1.6."""

    detail: str
    nearness: float


class _Entry(NamedTuple):
    """What the index holds of an answer: `examples` in eight bits with a scale for each."""

    outline: np.ndarray
    examples: np.ndarray
    scales: np.ndarray


class AnswerIndex:
    """Made once for a snapshot of the content, by `of`; any number of threads may ask it."""

    def __init__(self, entries: Mapping[Answer, _Entry]):
        """`entries` of one clinic stand together."""
        found = list(entries.values())
        self._rows = {answer: row for row, answer in enumerate(entries)}
        self._details = [answer.detail or "" for answer in entries]
        self._places = _places([answer.clinic for answer in entries])
        self._outlines = _joined([entry.outline[np.newaxis] for entry in found], np.float32)
        self._examples = _joined([entry.examples for entry in found], np.int8)
        self._scales = np.concatenate([np.zeros(0, np.float32), *(e.scales for e in found)])
        self._starts = np.cumsum([0, *(len(entry.scales) for entry in found)])

    @classmethod
    def of(
        cls, answers: Iterable[Answer], vectors: Vectors, before: AnswerIndex | None = None
    ) -> AnswerIndex:
        """The index of a snapshot's answers; those without examples are left out.

        What `before` holds of the same answers is taken over; `vectors` is asked for the texts of
        the others.
        """
        mine = sorted(written(answers), key=lambda answer: (answer.clinic, answer.detail or ""))
        kept = before._rows if before else {}
        new = [answer for answer in mine if answer not in kept]
        if before and not new and len(mine) == len(kept):
            return before
        entries: dict[Answer, _Entry] = {}
        for start in range(0, len(new), AT_ONCE):
            portion = new[start : start + AT_ONCE]
            texts = list(dict.fromkeys(text for answer in portion for text in texts_of(answer)))
            known = dict(zip(texts, vectors(texts)))
            entries.update({answer: _entry(answer, known) for answer in portion})
        if before:
            entries.update({a: before._entry(kept[a]) for a in mine if a in kept})
        return cls({answer: entries[answer] for answer in mine})

    def __len__(self) -> int:
        return len(self._details)

    def nearest(self, vector: np.ndarray, clinics: Collection[str]) -> list[Match]:
        """The answers of some owners nearest to a message's vector, best first, each key once."""
        looked = [self._look(vector, *self._places[c]) for c in clinics if c in self._places]
        if not looked:
            return []
        rows = np.concatenate([rows for rows, _ in looked])
        roughly = np.concatenate([nearness for _, nearness in looked])
        nearness = roughly + self._closer(vector, rows)
        best: dict[str, Match] = {}
        for place in np.argsort(-nearness):
            detail = self._details[rows[place]]
            best.setdefault(detail, Match(detail, float(nearness[place])))
        return list(best.values())

    def _look(self, vector: np.ndarray, start: int, end: int) -> tuple[np.ndarray, np.ndarray]:
        """The likeliest rows of one owner, which go from `start` to `end`, and how near they seem
        when all examples count alike.
        """
        roughly = self._outlines[start:end] @ vector
        if end - start <= CLOSER_LOOK:
            return np.arange(start, end), roughly
        best = np.argpartition(roughly, -CLOSER_LOOK)[-CLOSER_LOOK:]
        return best + start, roughly[best]

    def _closer(self, vector: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """What it adds to the nearness of rows that only the nearest examples count."""
        counts = self._starts[rows + 1] - self._starts[rows]
        steps = np.arange(counts.max())
        real = steps < counts[:, np.newaxis]
        places = np.where(real, self._starts[rows][:, np.newaxis] + steps, 0)
        cosines = (self._examples[places] @ vector) * self._scales[places]
        mean = np.where(real, cosines, 0).sum(axis=1) / counts
        nearest = -np.sort(-np.where(real, cosines, -np.inf), axis=1)[:, :EXAMPLES_THAT_COUNT]
        used = np.minimum(counts, EXAMPLES_THAT_COUNT)
        summed = np.where(np.isfinite(nearest), nearest, 0).sum(axis=1)
        return np.asarray(summed / used - mean)

    def _entry(self, row: int) -> _Entry:
        """A row's part of the arrays, as views of them."""
        mine = slice(self._starts[row], self._starts[row + 1])
        return _Entry(self._outlines[row], self._examples[mine], self._scales[mine])


def written(answers: Iterable[Answer]) -> list[Answer]:
    """The answers that are found by their examples."""
    return [answer for answer in answers if answer.subject == FAQ and answer.examples]


def texts_of(answer: Answer) -> tuple[str, ...]:
    """The texts whose vectors an answer's entry is made from."""
    return search_texts(answer.title, answer.text, answer.examples)


def search_texts(title: str, text: str, examples: Iterable[str]) -> tuple[str, ...]:
    """Everything of an answer that it is found by: title, text, then the examples."""
    return (title, PLACEHOLDER.sub("", text), *examples)


def eight_bits(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows as whole numbers from -127 to 127, and the scale that each is to be multiplied by.

    A cosine computed from them is off by some thousandths.
    """
    scales = np.maximum(np.abs(vectors).max(axis=1), 1e-9) / 127
    return np.rint(vectors / scales[:, np.newaxis]).astype(np.int8), scales.astype(np.float32)


def _entry(answer: Answer, known: dict[str, np.ndarray]) -> _Entry:
    title, text, *examples = (known[text] for text in texts_of(answer))
    bits, scales = eight_bits(np.array(examples))
    outline = np.mean(examples, axis=0) + TEXT_SHARE * text + TITLE_SHARE * title
    return _Entry(outline.astype(np.float32), bits, scales)


def _places(owners: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Where each owner's rows begin and end."""
    places: dict[str, tuple[int, int]] = {}
    for row, owner in enumerate(owners):
        places[owner] = (places.get(owner, (row, row))[0], row + 1)
    return places


def _joined(parts: Sequence[np.ndarray], kind: type) -> np.ndarray:
    """Rows below each other; no part gives no row."""
    return np.concatenate(parts) if parts else np.zeros((0, 0), kind)
