"""The honest miss: asks back where two or three subjects are close, else says that it has no
answer, what it can do, and how to reach the clinic.
"""

import dataclasses

from rasa_sdk import Tracker

from actions import memory
from actions.base import SubjectAction
from actions.guesses import close_guesses, maybe_urgent
from bot.content.model import Answer, Snapshot
from bot.content.subjects import DID_YOU_MEAN, FALLBACK
from bot.replies import wording


class Fallback(SubjectAction):
    """Answers a message that was not understood."""

    subject = FALLBACK

    def topic(self, tracker: Tracker, snapshot: Snapshot) -> tuple[str, str | None]:
        return (DID_YOU_MEAN, None) if self._guesses(tracker, snapshot) else memory.miss(tracker)

    def worded(self, tracker: Tracker, snapshot: Snapshot, answer: Answer) -> Answer:
        """With a button for each guess; where it may be urgent, with what to do then."""
        if answer.subject == DID_YOU_MEAN:
            guesses = tuple(self._guesses(tracker, snapshot))
            answer = dataclasses.replace(answer, offers=guesses)
        urgent = maybe_urgent(tracker.latest_message)
        return wording.with_emergency(answer) if urgent else answer

    @staticmethod
    def _guesses(tracker: Tracker, snapshot: Snapshot) -> list[str]:
        clinic = tracker.get_slot("clinic")
        found = [memory.Topic.of(name) for name in close_guesses(tracker.latest_message)]
        held = [topic.name for topic in found if snapshot.answer(clinic, *topic)]
        return held if len(held) > 1 else []
