from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.conversations.review_tables import (
    overview_subjects,
    overviews,
    search_words,
)
from bot.db.migrate import downgrade, upgrade
from tests.chat.stage import Clock
from tests.review.reviewed import Maker

MADE = 60


def by_conversation(engine: Engine) -> dict[str, Any]:
    """What staff find each conversation by."""
    with engine.connect() as connection:
        found = connection.execute(sa.select(overviews)).mappings().all()
        rows = {row["number"]: dict(row) for row in found}
        for name, table in (("subjects", overview_subjects), ("words", search_words)):
            for row in connection.execute(sa.select(table)):
                values = tuple(value for key, value in row._mapping.items() if key != "number")
                rows[row.number].setdefault(name, set()).add(values)
    return {row.pop("conversation_id"): {**row, "number": None} for row in rows.values()}


def test_conversations_that_were_there_before_are_found_like_new_ones(engine: Engine, clock: Clock):
    maker = Maker(engine, clock)
    for number in range(MADE):
        known = maker.begin("temple")
        for _ in range(number % 4):
            clock.move(seconds=7)
            maker.turn(known)
    before = by_conversation(engine)
    assert len(before) == MADE
    downgrade(engine, "0006")
    upgrade(engine)
    assert by_conversation(engine) == before
    maker.turn(maker.begin("temple"), "pain")  # the numbers go on where they were
    assert len(by_conversation(engine)) == MADE + 1
