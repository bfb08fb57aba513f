"""Groups vectors in the order of the server, without its store."""

from __future__ import annotations

import numpy as np

from bot.missed.grouping import JOIN, MERGE, Groups


def grouped(vectors: np.ndarray, *, join: float = JOIN, merge: float = MERGE) -> list[int]:
    """The group of each vector: filed one after the other, then merged, as after each start."""
    groups = Groups(vectors.shape[1], join, merge)
    found = []
    for place, vector in enumerate(vectors, 1):
        number = groups.nearest(vector)
        number = place if number is None else number
        groups.add(number, vector)
        found.append(number)
    for stays, goes in groups.alike():
        found = [stays if number == goes else number for number in found]
    return found
