"""Wants to hear it again: "say that again", "pardon"."""

import dataclasses

from rasa_sdk import Tracker

from actions import memory
from actions.base import ActAction
from actions.memory import Topic
from bot.content.model import Answer, Snapshot
from bot.content.subjects import DID_YOU_MEAN


class Repeat(ActAction):
    """Says the last reply once more, as it was asked for, word for word."""

    subject = "repeat"

    def unnamed(self, tracker: Tracker, snapshot: Snapshot) -> Topic | None:
        return memory.last(tracker)

    def worded(self, tracker: Tracker, snapshot: Snapshot, answer: Answer) -> Answer:
        if answer.subject != DID_YOU_MEAN:
            return answer
        return dataclasses.replace(answer, offers=tuple(tracker.get_slot("offered") or ()))
