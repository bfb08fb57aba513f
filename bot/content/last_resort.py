"""What is said of an emergency when the content store has no words for it: those that ship."""

from __future__ import annotations

from bot.content import live
from bot.content.model import LIBRARY, Answer
from bot.content.subjects import URGENT_AGAIN


def urgent_answer(subject: str, detail: str | None) -> Answer | None:
    """The shipped answer to an emergency or a crisis; `None` for every other subject."""
    if subject not in URGENT_AGAIN:
        return None
    shipped = live.shipped()
    return shipped.answer(LIBRARY, subject, detail) or shipped.answer(LIBRARY, subject)
