"""Groups vectors as they come. Pure.

Each joins the group that it is most like, if it is like enough, else it begins a group of its own;
so what is grouped once stays where it is. Two groups that became alike may be merged. How alike:
the mean cosine of all pairs (average linkage), which is the product of the two mean vectors.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator

import numpy as np

JOIN = 0.25
"""Mean cosine to a group's questions from which on a question belongs to it (chosen on all sets
of `tests/eval/missed/` but `blind.jsonl`, and on questions about topics that were taken out).
"""

MERGE = 0.2
"""Mean cosine between two groups' questions from which on they are one."""


class Groups:
    """Groups by number, each with the sum and the mean of its vectors. For one thread."""

    def __init__(self, dimensions: int, join: float = JOIN, merge: float = MERGE):
        self._join, self._merge = join, merge
        self._numbers: list[int] = []
        self._places: dict[int, int] = {}
        self._counts = np.zeros(64, np.int64)
        self._sums = np.zeros((64, dimensions), np.float32)
        self._means = np.zeros((64, dimensions), np.float32)

    def add(self, number: int, vectors: np.ndarray) -> None:
        """Put vectors (one, or rows) into a group, which is begun where it is new."""
        if number not in self._places:
            self._places[number] = len(self._numbers)
            self._numbers.append(number)
            if len(self._numbers) > len(self._sums):
                self._counts = np.concatenate([self._counts, np.zeros_like(self._counts)])
                self._sums = np.vstack([self._sums, np.zeros_like(self._sums)])
                self._means = np.vstack([self._means, np.zeros_like(self._means)])
        place = self._places[number]
        rows = np.atleast_2d(vectors)
        self._sums[place] += rows.sum(axis=0)
        self._counts[place] += len(rows)
        self._means[place] = self._sums[place] / self._counts[place]

    def nearest(self, vector: np.ndarray) -> int | None:
        """The group that a vector belongs to, None where none is near enough."""
        if not self._numbers:
            return None
        near = self._means[: len(self._numbers)] @ vector
        best = int(near.argmax())
        return self._numbers[best] if near[best] >= self._join else None

    def centrality(self, number: int, vector: np.ndarray) -> float:
        """How like a group's questions a vector is, from -1 to 1: its cosine to their mean."""
        mean = self._means[self._places[number]]
        return float(mean @ vector / max(float(np.linalg.norm(mean)), 1e-9))

    def alike(self, fixed: Collection[int] = ()) -> Iterator[tuple[int, int]]:
        """Pairs (stays, goes) to merge, the most alike first; each merge changes what follows.

        The older (the lower number) stays, or that of the `fixed`, which staff have dealt with: two
        of them are never merged, and none ever goes.
        """
        size = len(self._numbers)
        means, counts = self._means[:size].copy(), self._counts[:size].copy()
        kept = np.array([number in fixed for number in self._numbers], bool)
        versions = np.zeros(size, np.int64)
        gone = np.zeros(size, bool)
        pairs = [pair for row in range(size) for pair in self._pairs(row, means[:row], means[row])]
        heap = [(-like, a, b, 0, 0) for like, a, b in pairs]
        heapq.heapify(heap)
        while heap:
            _, a, b, *seen = heapq.heappop(heap)
            changed = gone[a] or gone[b] or [versions[a], versions[b]] != seen
            if changed or (kept[a] and kept[b]):
                continue
            stays, goes = sorted((a, b), key=lambda p: (not kept[p], self._numbers[p]))
            both = counts[stays] + counts[goes]
            means[stays] = (means[stays] * counts[stays] + means[goes] * counts[goes]) / both
            counts[stays], gone[goes], means[goes] = both, True, 0
            versions[stays] += 1
            for like, one, other in self._pairs(stays, means, means[stays]):
                heapq.heappush(heap, (-like, one, other, versions[one], versions[other]))
            yield self._numbers[stays], self._numbers[goes]

    def _pairs(
        self, place: int, means: np.ndarray, mean: np.ndarray
    ) -> Iterator[tuple[float, int, int]]:
        """How like a mean is to those of other places, where it is enough to merge."""
        near = means @ mean
        for other in np.flatnonzero(near >= self._merge):
            if other != place:
                yield float(near[other]), place, int(other)
