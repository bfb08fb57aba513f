"""A no to what the bot offered: says what else it can do."""

from rasa_sdk import Tracker

from actions.base import SubjectAction
from bot.content.model import Snapshot


class Deny(SubjectAction):
    """Answers with the help text."""

    subject = "deny"

    def topic(self, tracker: Tracker, snapshot: Snapshot) -> tuple[str, str | None]:
        return "help", None
