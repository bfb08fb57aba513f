"""A yes to what the bot offered: takes the first offer of the last reply."""

from rasa_sdk import Tracker

from actions.base import ActAction
from actions.memory import Topic
from bot.content.model import Snapshot


class Affirm(ActAction):
    """Answers what is named beside the yes, else the first follow-up that was offered."""

    subject = "affirm"

    def unnamed(self, tracker: Tracker, snapshot: Snapshot) -> Topic | None:
        offered = tracker.get_slot("offered")
        return Topic.of(offered[0]) if offered else None
