"""Wants more: "tell me more", "go on"."""

from rasa_sdk import Tracker

from actions import memory
from actions.follow_up import FollowUp
from actions.memory import Topic
from bot.content.model import Snapshot
from bot.content.subjects import DETAILED
from bot.replies.render import listed_subject


class More(FollowUp):
    """Goes from a list to its first item; elsewhere as a follow-up."""

    subject = "more"

    def unnamed(self, tracker: Tracker, snapshot: Snapshot) -> Topic | None:
        topic = memory.current(tracker)
        if topic is None or topic.detail is not None:
            return topic
        answer = snapshot.answer(tracker.get_slot("clinic"), topic.subject)
        if answer and answer.items and answer.subject in {*DETAILED, *DETAILED.values()}:
            return Topic(listed_subject(answer.subject), answer.items[0])
        return topic
