"""What a turn says about its conversation: what the list of staff shows and asks for. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.content.subjects import HANDOFF, SAID_AS, URGENT_AGAIN
from bot.conversations.model import DraftMessage
from bot.review.filters import LOW_CONFIDENCE

RED_FLAG, NOT_HELPFUL, MISSED, UNSURE = 8, 4, 2, 1
REVIEWED = -1
"""Parts of `attention`: one that got emergency or crisis help stands before all others, then one
that a visitor called not helpful, then misses, then what was hardly understood; reviewed ones sink.
"""

FORMS = frozenset({"greeting"})
"""Subjects that say nothing about what was talked about."""


@dataclass(frozen=True)
class Facts:
    """`subjects` are pairs of subject and detail ("" where there is none) of the replies."""

    subjects: frozenset[tuple[str, str]]
    red_flag: bool
    handoff: bool
    missed: bool
    confidence: float | None


def facts_of(drafts: Sequence[DraftMessage]) -> Facts:
    """The facts of one turn."""
    replies = [each for each in drafts if each.sender == "bot"]
    sure = [each.understanding.confidence for each in drafts if each.understanding]
    return Facts(
        subjects=frozenset(
            (SAID_AS.get(each.subject, each.subject), each.detail or "")
            for each in replies
            if each.subject and each.subject not in FORMS
        ),
        red_flag=any(each.subject in URGENT_AGAIN for each in replies),
        handoff=any(each.subject == HANDOFF for each in replies),
        missed=any(each.missed for each in replies),
        confidence=min(sure, default=None),
    )


def attention(
    red_flag: bool, not_helpful: int, missed: int, confidence: float | None, reviewed: bool
) -> int:
    """How much a conversation needs a person: the higher the sooner."""
    if reviewed:
        return REVIEWED
    return (
        RED_FLAG * red_flag
        + NOT_HELPFUL * (not_helpful > 0)
        + MISSED * (missed > 0)
        + UNSURE * (confidence is not None and confidence < LOW_CONFIDENCE)
    )
