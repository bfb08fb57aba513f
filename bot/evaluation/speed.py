"""How long the whole of understanding takes for a message of usual length."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

MESSAGES = (
    "my back still hurts a year after the operation what is this",
    "can you tell me what kinds of injections you offer for pain",
    "how do i make an appointment with one of your doctors please",
    "is it common that the pain comes back after a second surgery",
    "what are the symptoms of failed back surgery syndrome in older people",
    "my husband wants to know whether you take his insurance for this",
)
"""Twelve words each. Always the same, so that runs can be compared."""

ROUNDS = 10


def understanding_ms(understand: Callable[[str], object]) -> float:
    """The median of `ROUNDS` times each of `MESSAGES`, in milliseconds, after one to warm up."""
    took = []
    for text in (MESSAGES[0], *MESSAGES * ROUNDS):
        began = time.perf_counter()
        understand(text)
        took.append(1000 * (time.perf_counter() - began))
    return median(took[1:])
