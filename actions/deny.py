"""A no to what the bot offered: asks for anything else, or lets the visitor go."""

from rasa_sdk import Tracker

from actions import memory
from actions.base import ActAction
from actions.memory import Topic
from bot.content.model import Snapshot
from bot.content.subjects import DECLINED, DID_YOU_MEAN

ENDINGS = frozenset({"thanks", "help"})
"""Replies after which a no means that nothing else is wanted."""


class Deny(ActAction):
    """Answers what is named beside the no, else by what was offered."""

    subject = "deny"

    def unnamed(self, tracker: Tracker, snapshot: Snapshot) -> Topic | None:
        last = tracker.get_slot("last_subject")
        if last == DID_YOU_MEAN:
            return memory.miss(tracker)
        return Topic("goodbye" if last in ENDINGS else DECLINED)
