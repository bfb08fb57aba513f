"""Takes a complaint: "that is wrong", "you are no help"."""

from rasa_sdk import Tracker

from actions.base import ActAction
from actions.memory import Topic
from bot.content.model import Snapshot


class FeedbackNegative(ActAction):
    """Answers what is asked beside the complaint; else says sorry and who can help."""

    subject = "feedback_negative"

    def unnamed(self, tracker: Tracker, snapshot: Snapshot) -> Topic | None:
        return Topic(self.subject)
