"""Admits what the clinic has approved no answer to."""

import dataclasses

from rasa_sdk import Tracker

from actions import pointing
from actions.base import SubjectAction
from bot.content.model import Answer, Snapshot
from bot.content.subjects import FALLBACK, MISSED_AGAIN


class OutOfScope(SubjectAction):
    """Says that it cannot answer that, unless it may ask about what is talked about."""

    subject = "out_of_scope"

    def topic(self, tracker: Tracker, snapshot: Snapshot) -> tuple[str, str | None]:
        named = pointing.named_in_context(tracker, snapshot)
        missed = MISSED_AGAIN if tracker.get_slot("misses") else self.subject
        return named or (missed, None)

    def answer(self, tracker: Tracker, snapshot: Snapshot) -> Answer:
        """As any; however the miss is said, it stays this subject."""
        answer = super().answer(tracker, snapshot)
        missed = answer.subject == FALLBACK
        return dataclasses.replace(answer, subject=self.subject) if missed else answer
