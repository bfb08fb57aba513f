"""The visitor meant something else: "no, the other one", "that is not what I asked"."""

import dataclasses

from rasa_sdk import Tracker

from actions.base import ActAction
from actions.memory import Topic
from bot.content.model import Answer, Snapshot

SORRY = "feedback_negative"


class Correction(ActAction):
    """Answers what is named instead; else says sorry and offers what else was likely meant."""

    subject = "correction"

    def unnamed(self, tracker: Tracker, snapshot: Snapshot) -> Topic | None:
        return Topic(SORRY)

    def worded(self, tracker: Tracker, snapshot: Snapshot, answer: Answer) -> Answer:
        """With a button for each of the meanings that the last question may have had."""
        if answer.subject != SORRY:
            return super().worded(tracker, snapshot, answer)
        guesses = tuple(tracker.get_slot("guesses") or ())
        return dataclasses.replace(answer, offers=guesses or answer.offers)
