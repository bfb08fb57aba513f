"""A follow-up without a subject of its own: "the second one", "the other one?", "tell me more"."""

from rasa_sdk import Tracker

from actions.base import SubjectAction
from bot.content.model import Snapshot
from bot.content.subjects import DETAILED, FALLBACK

DETAIL_SUBJECT = {listing: subject for subject, listing in DETAILED.items()}
"""Which subject explains an item of a list: an item of `causes` is explained by `cause_detail`."""


class FollowUp(SubjectAction):
    """Finds what the visitor points at: an item of the list shown, or the other thing named."""

    subject = "follow_up"

    def topic(self, tracker: Tracker, snapshot: Snapshot) -> tuple[str, str | None]:
        reference = next(tracker.get_latest_entity_values("reference"), None)
        listed = tracker.get_slot("listed") or []
        listing = tracker.get_slot("listed_subject")
        last = tracker.get_slot("last_subject")
        if reference == "other":
            other = self._other(tracker, snapshot)
            if other:
                return other
        elif reference is not None and listed:
            item = self._item(listed, reference)
            return (DETAIL_SUBJECT.get(listing, listing), item) if item else (listing, None)
        if last in DETAIL_SUBJECT and listed:
            return DETAIL_SUBJECT[last], listed[0]
        return (last, tracker.get_slot("last_detail")) if last else (FALLBACK, None)

    @staticmethod
    def _item(listed: list[str], reference: str) -> str | None:
        """The item that an ordinal ("1", "2", ... or "last") names, if the list is that long."""
        if reference == "last":
            return listed[-1]
        place = int(reference) - 1
        return listed[place] if place < len(listed) else None

    @staticmethod
    def _other(tracker: Tracker, snapshot: Snapshot) -> tuple[str, str] | None:
        """The thing that was named beside the one that was answered, and its subject."""
        said, clinic = tracker.get_slot("last_detail"), tracker.get_slot("clinic")
        for detail in tracker.get_slot("named") or []:
            subjects = [s for s in DETAILED if snapshot.answer(clinic, s, detail)]
            if detail != said and subjects:
                return subjects[0], detail
        return None
