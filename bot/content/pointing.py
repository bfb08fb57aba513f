"""Which answers point at an answer, so that none is taken away from under another."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from bot.content import rows
from bot.content.checks import LISTING
from bot.content.model import LIBRARY
from bot.content.records import AnswerRecord
from bot.content.subjects import FAQ, SERVICE_SUBJECTS, SUBJECTS
from bot.errors import Unprocessable

MOST_NAMED = 5
"""Answers named in an error: enough to begin with."""


class StillNeeded(Unprocessable):
    """An answer that cannot be taken away."""

    code = "still_needed"


def refuse_needed(connection: Connection, record: AnswerRecord) -> None:
    """Raises `StillNeeded` for an answer that the bot cannot do without, or that others name."""
    required = record.detail is None and record.subject in (SUBJECTS | SERVICE_SUBJECTS) - {FAQ}
    if record.clinic == LIBRARY and required:
        raise StillNeeded("Every clinic needs this answer. Change its words instead.")
    others = [rows.answer_of(row) for row in rows.read_answer_rows(connection)]
    if record.clinic != LIBRARY and any(
        other.key == (LIBRARY, record.subject, record.detail) for other in others
    ):
        return  # the library's answer takes its place
    naming = [o.title or o.name for o in others if o.key != record.key and _names(o, record)]
    if naming:
        named = ", ".join(naming[:MOST_NAMED])
        raise StillNeeded(f"Other answers lead to this one: {named}. Change them first.")


def _names(other: AnswerRecord, record: AnswerRecord) -> bool:
    if record.clinic not in (LIBRARY, other.clinic) and other.clinic != LIBRARY:
        return False
    listed = LISTING.get(other.subject, other.subject)
    return (
        record.name in other.offers
        or (listed == record.subject and record.detail in other.items)
        or (other.subject == record.subject and other.part_of == record.detail is not None)
    )
