"""What a message may have been about, from what is stored of its turn and from its words.

Needs no model, so that a page has it at once. Pure.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from bot.content.subjects import DID_YOU_MEAN, FAQ
from bot.corrections.model import CHOICES, NOT_KNOWN, SAYS_NOT_KNOWN, Wanted
from bot.corrections.shipped import Example
from bot.folding import folded
from bot.review.model import ReviewedMessage

MOST = 4
"""Guesses beside a message: more would be a list to read."""

ASKS_BACK = SAYS_NOT_KNOWN | {DID_YOU_MEAN}
"""Replies whose buttons are what the visitor may have meant; those of others lead on."""

MOST_NEAR = 5


def remembered(said: ReviewedMessage, replies: Sequence[ReviewedMessage]) -> tuple[Wanted, ...]:
    """What the bot itself took for likely when it replied, the likeliest first.

    Neither what it did reply, nor that it does not know: that has a button of its own.
    """
    subjects = [Wanted(each) for each in (said.intent, said.runner_up) if each]
    offered = [
        Wanted(button.subject, button.detail)
        for reply in replies
        if reply.subject in ASKS_BACK
        for button in reply.buttons
    ]
    replied = {Wanted(reply.subject, reply.detail) for reply in replies if reply.subject}
    bare = {Wanted(each.subject) for each in replied}
    return without([*subjects, *offered], replied | bare)[:MOST]


def without(found: Iterable[Wanted], taken: Iterable[Wanted]) -> tuple[Wanted, ...]:
    """Each once, in order, of those that a message can be corrected to and that are not taken."""
    left_out = set(taken)
    return tuple(
        each
        for each in dict.fromkeys(found)
        if each not in left_out and each.subject in CHOICES - {NOT_KNOWN} and _whole(each)
    )


class NearByWords:
    """Finds the subjects whose training messages share the most, and the rarest, words."""

    def __init__(self, training: Mapping[str, Example]):
        """`training`: folded messages with their subjects (`shipped.training_messages`)."""
        kept = [(t.split(), e.subject) for t, e in training.items() if e.subject in CHOICES]
        counts = Counter(word for words, _ in kept for word in set(words))
        self._weights = {word: math.log(1 + len(kept) / n) for word, n in counts.items()}
        self._subjects = [subject for _, subject in kept]
        self._lengths = [self._length(words) for words, _ in kept]
        self._where: dict[str, list[int]] = defaultdict(list)
        for place, (words, _) in enumerate(kept):
            for word in set(words):
                self._where[word].append(place)

    def __call__(self, text: str) -> tuple[Wanted, ...]:
        """The nearest subjects, at most five, the nearest first."""
        words = {word for word in folded(text).split() if word in self._weights}
        shared: dict[int, float] = defaultdict(float)
        for word in words:
            for place in self._where[word]:
                shared[place] += self._weights[word] ** 2
        best: dict[str, float] = {}
        for place, found in shared.items():
            subject, near = self._subjects[place], found / self._lengths[place]
            best[subject] = max(near, best.get(subject, 0.0))
        nearest = sorted(best, key=lambda subject: (-best[subject], subject))
        return tuple(Wanted(subject) for subject in nearest[:MOST_NEAR])

    def _length(self, words: Iterable[str]) -> float:
        return math.sqrt(sum(self._weights[word] ** 2 for word in set(words)))


def _whole(wanted: Wanted) -> bool:
    return wanted.subject != FAQ or wanted.detail is not None
