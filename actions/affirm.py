"""A yes to what the bot offered: takes the first offer of the last reply."""

from rasa_sdk import Tracker

from actions.base import SubjectAction
from bot.content.model import Snapshot
from bot.content.subjects import FALLBACK
from bot.replies.render import offers


class Affirm(SubjectAction):
    """Answers the first follow-up that the last reply offered."""

    subject = "affirm"

    def topic(self, tracker: Tracker, snapshot: Snapshot) -> tuple[str, str | None]:
        clinic, last = tracker.get_slot("clinic"), tracker.get_slot("last_subject")
        answer = last and snapshot.answer(clinic, last, tracker.get_slot("last_detail"))
        shown = offers(snapshot, answer, clinic) if answer else ()
        return (shown[0].subject, shown[0].detail) if shown else (FALLBACK, None)
