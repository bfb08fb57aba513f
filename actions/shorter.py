"""Wants it shorter: "too long", "in one sentence"."""

from rasa_sdk import Tracker

from actions.base import NEVER_REWORDED, ActAction
from bot.content.model import Answer, Snapshot
from bot.replies import wording


class Shorter(ActAction):
    """Says the heart of what is being talked about."""

    subject = "shorter"

    def worded(self, tracker: Tracker, snapshot: Snapshot, answer: Answer) -> Answer:
        return answer if answer.subject in NEVER_REWORDED else wording.shorter(answer)
