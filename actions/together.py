"""Things of one kind that a message asks about side by side: "botox or a nerve block"."""

from __future__ import annotations

import re
from operator import itemgetter

from rasa_sdk import Tracker

from bot.content.model import Snapshot
from bot.content.subjects import DETAILED, ENTITY_OF

MOST = 2
"""More answers than this at once are read by nobody."""

JOINED = re.compile(
    r"(\W|\b(and|or|nor|versus|vs|also|then|a|an|the|any|some|about|for|what|how|which|is|are|there"
    r"|do|does|can|could|you|they|we|i|it|offer|have|get|give|do|use|too|maybe|even)\b)+",
    re.IGNORECASE,
)
"""What may stand between two things that are asked about together: signs, and words that ask."""


def asked_together(tracker: Tracker, snapshot: Snapshot, subject: str) -> list[str]:
    """The details of a subject that a message names side by side, in its order.

    None where it names but one, or one as a kind of the other ("nerve block injections").
    """
    message, clinic = tracker.latest_message, tracker.get_slot("clinic")
    found = [
        (answer, each["start"], each["end"])
        for each in message.get("entities", [])
        if each["entity"] == ENTITY_OF[subject] and not each.get("role") and each.get("end")
        for answer in [snapshot.answer(clinic, subject, each["value"])]
        if answer is not None
    ]
    last = sorted(found, key=itemgetter(1))[-MOST:]
    details = list(dict.fromkeys(answer.detail for answer, _, _ in last if answer.detail))
    if (
        subject not in DETAILED
        or len(details) < MOST
        or any(answer.part_of in details for answer, _, _ in last)
    ):
        return []
    (_, _, end), (_, start, _) = last
    between = (message.get("text") or "")[end:start]
    return details if between.strip() and JOINED.fullmatch(between) else []
