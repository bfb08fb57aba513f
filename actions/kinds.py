"""Asks what there is: "which kinds are there", "what else", "is that all of them"."""

from rasa_sdk import Tracker

from actions import memory
from actions.follow_up import FollowUp
from actions.memory import Topic
from bot.content.model import Snapshot
from bot.content.subjects import DETAILED


class Kinds(FollowUp):
    """Shows the list that what is talked about has or stands in."""

    subject = "kinds"

    def unnamed(self, tracker: Tracker, snapshot: Snapshot) -> Topic | None:
        topic = memory.current(tracker)
        answer = snapshot.answer(tracker.get_slot("clinic"), *topic) if topic else None
        if topic is None or answer is None or answer.items:
            return topic
        if answer.part_of:
            return Topic(topic.subject, answer.part_of)
        return Topic(DETAILED.get(topic.subject, topic.subject))
