"""Wants it in simpler words: "I don't understand", "say that in plain English"."""

from rasa_sdk import Tracker

from actions.base import ActAction, all_said
from bot.content.model import Answer, Snapshot
from bot.replies import wording


class Simpler(ActAction):
    """Says it in its simpler words; where it has none or they were said, who can explain it."""

    subject = "simpler"

    def worded(self, tracker: Tracker, snapshot: Snapshot, answer: Answer) -> Answer:
        if answer.simpler and not tracker.get_slot("last_simpler"):
            return wording.simpler(answer)
        return all_said(tracker, snapshot, wording.simpler(answer))
