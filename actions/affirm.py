"""A yes to what the bot offered: takes the first offer of the last reply."""

from rasa_sdk import Tracker

from actions.base import SubjectAction
from bot.content.model import Snapshot
from bot.content.subjects import FALLBACK


class Affirm(SubjectAction):
    """Answers the first follow-up that the last reply offered."""

    subject = "affirm"

    def topic(self, tracker: Tracker, snapshot: Snapshot) -> tuple[str, str | None]:
        last = tracker.get_slot("last_subject")
        answer = last and snapshot.answer(
            tracker.get_slot("clinic"), last, tracker.get_slot("last_detail")
        )
        if not answer or not answer.offers:
            return FALLBACK, None
        subject, _, detail = answer.offers[0].partition("/")
        return subject, detail or None
