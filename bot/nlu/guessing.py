"""What else a message may mean, from the probabilities of its ranking. Pure: no Rasa."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.content.subjects import OFFERED, URGENT_AGAIN

GUESSES = "guesses"
"""Key, in Rasa's parse data, of what `guessed` returns."""

CLOSE, LIKELY, RUNNERS_UP, URGENT = "close", "likely", "runners_up", "urgent"


def guessed(
    ranking: Sequence[Mapping[str, Any]],
    *,
    least_each: float,
    least_together: float,
    least_runner_up: float,
    most: int,
) -> dict[str, Any]:
    """The guesses of a ranking, each list at most `most` subjects long, the likeliest first.

    - `likely`: subjects with a probability of `least_each` or more.
    - `close`: the same, to ask back about, where they are two or more and together have a
      probability of `least_together` or more; else empty.
    - `runners_up`: subjects of `least_runner_up` or more, for when the first guess was wrong.
    - `urgent`: whether an emergency or a crisis has a probability of `least_each` or more.
    """
    offered = list(_offered(ranking))
    likely = [(name, p) for name, p in offered if p >= least_each][:most]
    enough = len(likely) > 1 and sum(p for _, p in likely) >= least_together
    names = [name for name, _ in likely]
    return {
        LIKELY: names,
        CLOSE: names if enough else [],
        RUNNERS_UP: [name for name, p in offered if p >= least_runner_up][:most],
        URGENT: any(
            each["name"] in URGENT_AGAIN and each["confidence"] >= least_each for each in ranking
        ),
    }


def _offered(ranking: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, float]]:
    for each in ranking:
        if each["name"] in OFFERED:
            yield each["name"], each["confidence"]
