"""Says what is kept and who reads it; asks back where the visitor wants the chat deleted."""

from rasa_sdk import Tracker

from actions.base import SubjectAction
from bot.content.model import Snapshot
from bot.content.subjects import ENTITY_OF, FORGET


class Privacy(SubjectAction):
    """Says what is kept and who reads it. A typed wish leads to the question, a button further."""

    subject = "privacy"

    def topic(self, tracker: Tracker, snapshot: Snapshot) -> tuple[str, str | None]:
        wish = next(tracker.get_latest_entity_values(ENTITY_OF[self.subject]), None)
        typed = len(tracker.latest_message.get("intent_ranking") or []) > 1
        return self.subject, FORGET if wish and typed else wish
