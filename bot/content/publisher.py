"""Publishes answers at their time while the server runs, in a thread of its own.

Any number of replicas may run it: a draft is published once, whoever comes first.
"""

from __future__ import annotations

from typing import Protocol

from bot.repeating import Repeating

EVERY_SECONDS = 10.0
"""An answer comes so much later than its minute, at most."""


class Due(Protocol):
    """The part of `Publishing` that the keeper needs (`bot/content/publishing.py`)."""

    def publish_due(self) -> int: ...


class PublishKeeper(Repeating):
    """Looks at the start and then every so many seconds, until it is stopped."""

    def __init__(self, publishing: Due, every_seconds: float = EVERY_SECONDS):
        super().__init__(
            "publishing", lambda _: publishing.publish_due(), every_seconds, at_once=True
        )
