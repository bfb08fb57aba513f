"""That personal details were masked in what the visitor typed: told once in a conversation.

Whether they were is told by the door's redaction, in the message itself and not in its text: a
visitor who types "[name]" had nothing masked.
"""

from __future__ import annotations

from collections.abc import Sequence

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from bot.content.model import Answer, Snapshot
from bot.content.subjects import CONTACT, MASKED, URGENT_AGAIN
from bot.replies.model import Reply

SLOT = "masked"
"""What the visitor has to be told of it: `DUE`, or nothing more."""

DUE, TOLD = "due", "told"


def notice(tracker: Tracker, snapshot: Snapshot, replies: Sequence[Reply]) -> Answer | None:
    """What to say of it after these replies, if anything.

    In an emergency or a crisis nothing may stand beside its help: then it is told later on.
    """
    known = tracker.get_slot(SLOT)
    if known == TOLD or not (known == DUE or _now(tracker)) or _urgent(tracker, replies):
        return None
    return snapshot.answer(tracker.get_slot("clinic"), MASKED)


def remembered(tracker: Tracker, told: bool) -> list[EventType]:
    """The slot after a turn in which it was told, or not."""
    if told:
        return [SlotSet(SLOT, TOLD)]
    due = _now(tracker) and tracker.get_slot(SLOT) is None
    return [SlotSet(SLOT, DUE)] if due else []


def _urgent(tracker: Tracker, replies: Sequence[Reply]) -> bool:
    """Whether these replies leave the visitor with the help for an emergency or a crisis."""
    stays = bool(tracker.get_slot("urgent")) and replies[-1].subject in CONTACT
    return stays or any(reply.subject in URGENT_AGAIN for reply in replies)


def _now(tracker: Tracker) -> bool:
    return bool(tracker.latest_message.get(MASKED))
