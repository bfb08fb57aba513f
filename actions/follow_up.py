"""A follow-up without a subject of its own: "the second one", "the other one?", "why is that"."""

from rasa_sdk import Tracker

from actions import memory, pointing
from actions.base import ActAction, all_said, just_said
from actions.memory import Topic
from bot.content.model import Answer, Snapshot
from bot.content.subjects import MEDICAL
from bot.replies import wording


class FollowUp(ActAction):
    """Finds what the visitor points at; of what was just said there is no more than was said."""

    subject = "follow_up"

    def unnamed(self, tracker: Tracker, snapshot: Snapshot) -> Topic | None:
        return pointing.reason(tracker) or memory.current(tracker)

    def worded(self, tracker: Tracker, snapshot: Snapshot, answer: Answer) -> Answer:
        """What was just said in its simpler words, and who can tell more."""
        if not just_said(tracker, answer):
            return self.again(tracker, answer)
        again = answer if tracker.get_slot("last_simpler") else wording.simpler(answer)
        return all_said(tracker, snapshot, again)

    @staticmethod
    def again(tracker: Tracker, answer: Answer) -> Answer:
        """What has no other words and was just said: the heart of it."""
        same = memory.last(tracker) == (answer.subject, answer.detail)
        return wording.shorter(answer) if same and answer.subject not in MEDICAL else answer
