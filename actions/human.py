"""Tells how to reach a person."""

from rasa_sdk import Tracker

from actions import pointing
from actions.base import SubjectAction
from bot.content.model import Answer, Snapshot


class Human(SubjectAction):
    """Tells how to reach a person; before that, of a treatment that the words may mean."""

    subject = "human"

    def answers(self, tracker: Tracker, snapshot: Snapshot) -> list[Answer]:
        asked = super().answers(tracker, snapshot)
        other = pointing.named_in_context(tracker, snapshot)
        return [self.said(tracker, snapshot, *other), *asked] if other else asked
