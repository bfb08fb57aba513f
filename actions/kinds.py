"""Asks what there is: "which kinds are there", "what else", "is that all of them"."""

from rasa_sdk import Tracker

from actions import memory
from actions.base import just_said
from actions.follow_up import FollowUp
from actions.memory import Topic
from bot.content.model import Answer, Snapshot
from bot.content.subjects import DETAILED, MEDICAL
from bot.replies import wording

OPTIONS = "treatments"
ABOUT_CARE = MEDICAL | {"medical_advice"}
"""Of what has no list of its own here one asks for the options: how it is treated."""


class Kinds(FollowUp):
    """Shows the list that what is talked about has or stands in."""

    subject = "kinds"

    def worded(self, tracker: Tracker, snapshot: Snapshot, answer: Answer) -> Answer:
        """The list alone where it was just shown."""
        again = bool(answer.items) and just_said(tracker, answer)
        return wording.shorter(answer) if again else super().worded(tracker, snapshot, answer)

    def unnamed(self, tracker: Tracker, snapshot: Snapshot) -> Topic | None:
        topic = memory.current(tracker)
        answer = snapshot.answer(tracker.get_slot("clinic"), *topic) if topic else None
        if topic is None or answer is None or answer.items:
            return topic
        if answer.part_of:
            return Topic(topic.subject, answer.part_of)
        if topic.subject in DETAILED:
            return Topic(DETAILED[topic.subject])
        options = topic.subject in ABOUT_CARE and OPTIONS in answer.offers
        return Topic(OPTIONS) if options else topic
