"""From a filter to the conversations that it finds: the queries of lists, exports, bulk changes.

Two ways lead to a page. Where some part of the filter (a word, a subject, a tag) leaves few
conversations, their numbers are fetched and everything else is asked of them alone. Otherwise the
list is walked in its order, and each conversation is asked for the rest, until the page is full:
what is common fills it soon. So neither what is rare nor what is common is slow. The database
itself would have to guess which way is the shorter one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Connection

from bot.conversations.review_tables import (
    conversation_tags,
    overview_subjects,
    overviews,
    search_words,
)
from bot.conversations.words import key
from bot.review.filters import ConversationFilter, Cursor, FeedbackIs, Order
from bot.review.search import Term, read_search

FEW = 10_000
"""Conversations that are fetched by number; above it, walking the list is the shorter way."""

_ALONE = sa.select(sa.func.set_config("max_parallel_workers_per_gather", "0", sa.true()))
"""A search takes one processor: the others are the visitors', and helpers that start for a page of
a list read far beyond it.
"""

ORDERS = {
    Order.ATTENTION: (overviews.c.attention, overviews.c.last_activity_at, overviews.c.number),
    Order.LATEST: (overviews.c.last_activity_at, overviews.c.number),
}


@dataclass(frozen=True)
class Part:
    """A part of a filter that another table answers.

    `numbers` selects the conversations; `holds` is the same as a condition on one of them.
    """

    numbers: Any
    holds: Any


def narrowed(connection: Connection, wanted: ConversationFilter) -> list[Any]:
    """The conditions on `overviews` that a filter comes to."""
    if connection.dialect.name == "postgresql":
        connection.execute(_ALONE)
    conditions = list(_simple(wanted))
    few: set[int] | None = None
    for part in _parts(connection, wanted):
        if connection.execute(part.numbers.offset(FEW).limit(1)).first() is not None:
            conditions.append(part.holds)
        else:
            numbers = set(connection.execute(part.numbers).scalars())
            few = numbers if few is None else few & numbers
    if few is not None:
        conditions.append(is_one_of(connection, overviews.c.number, sorted(few)))
    return conditions


def is_one_of(connection: Connection, column: Any, numbers: list[int]) -> Any:
    """Whether a column is one of these, given as one value however many they are."""
    if connection.dialect.name == "postgresql":
        return column == sa.func.any(sa.cast(numbers, ARRAY(column.type)))
    listed = sa.func.json_each(json.dumps(numbers)).table_valued("value")
    return column.in_(sa.select(listed.c.value))


def beyond(order: Order, cursor: Cursor) -> Any:
    """The condition that a conversation stands behind the cursor, or before it."""
    place = {
        "attention": cursor.attention,
        "last_activity_at": cursor.last_activity_at,
        "number": cursor.number,
    }
    columns = ORDERS[order]
    here = sa.tuple_(*columns)
    there = sa.tuple_(*(sa.literal(place[each.name], each.type) for each in columns))
    return here > there if cursor.backwards else here < there


def in_order(query: Any, order: Order, backwards: bool = False) -> Any:
    """A query in the order of the list, or in the reverse of it."""
    columns = ORDERS[order]
    return query.order_by(*(each.asc() if backwards else each.desc() for each in columns))


def _simple(wanted: ConversationFilter) -> Iterator[Any]:
    """What the overview itself says."""
    of = overviews.c
    yield of.clinic.in_(wanted.clinics)
    for value, compare in (
        (wanted.since, of.last_activity_at.__ge__),
        (wanted.until, of.last_activity_at.__lt__),
        (wanted.confidence_below, of.lowest_confidence.__lt__),
        (wanted.least_turns, of.turns.__ge__),
        (wanted.most_turns, of.turns.__le__),
    ):
        if value is not None:
            yield compare(value)
    for wish, is_so in (
        (wanted.missed, of.missed > 0),
        (wanted.red_flag, of.red_flag.is_(sa.true())),
        (wanted.handoff, of.handoff.is_(sa.true())),
        (wanted.reviewed, of.reviewed_at.is_not(None)),
    ):
        if wish is not None:
            yield is_so if wish else sa.not_(is_so)
    if wanted.feedback is not None:
        yield _opinions(wanted.feedback)
    if wanted.assigned_to is not None:
        nobody = of.assigned_to.is_(None)
        yield of.assigned_to == wanted.assigned_to if wanted.assigned_to else nobody
    if wanted.words is not None and not read_search(wanted.words).terms:
        yield sa.false()  # nothing that one could search for is not the same as no search


def _opinions(feedback: FeedbackIs) -> Any:
    of = overviews.c
    either = (of.helpful > 0) | (of.not_helpful > 0)
    return {
        FeedbackIs.HELPFUL: of.helpful > 0,
        FeedbackIs.NOT_HELPFUL: of.not_helpful > 0,
        FeedbackIs.ANY: either,
    }[feedback]


def _parts(connection: Connection, wanted: ConversationFilter) -> Iterator[Part]:
    if wanted.subject is not None or wanted.detail is not None:
        yield _about(connection, wanted.subject, wanted.detail)
    if wanted.tag is not None:
        of = conversation_tags.c
        tagged = sa.select(of.number).where(of.tag == wanted.tag)
        this = tagged.where(of.clinic == overviews.c.clinic, of.number == overviews.c.number)
        yield Part(tagged.where(of.clinic.in_(wanted.clinics)), this.exists())
    for term in read_search(wanted.words).terms if wanted.words else ():
        yield _of_term(connection, term)


def _about(connection: Connection, subject: str | None, detail: str | None) -> Part:
    of = overview_subjects.c
    chosen = [(of.subject, subject), (of.detail, detail)]
    given = [(column, value) for column, value in chosen if value is not None]
    numbers = sa.select(of.number).where(*(column == value for column, value in given))
    # With an empty text after it SQLite, which guesses wrongly here, cannot look a column up in an
    # index: `number` remains, which a conversation has few of.
    by_number = connection.dialect.name == "sqlite"
    here = ((column + "" if by_number else column) == value for column, value in given)
    this = sa.select(of.number).where(of.number == overviews.c.number, *here)
    return Part(numbers, this.exists())


def _of_term(connection: Connection, term: Term) -> Part:
    if term.begins is not None:
        return _beginning(connection, term)
    return _phrase(term) if len(term.words) > 1 else _word(term)


def _word(term: Term) -> Part:
    of = search_words.c
    numbers = sa.select(of.number).where(of.word == key(term.words[0][0]))
    return Part(numbers, numbers.where(of.number == overviews.c.number).exists())


def _beginning(connection: Connection, term: Term) -> Part:
    of = search_words.c
    keys = sorted(key(stem) for stem in term.stems)
    numbers = sa.select(of.number).where(is_one_of(connection, of.word, keys))
    return Part(numbers, _is_in(numbers))


def _phrase(term: Term) -> Part:
    (first, _), *others = term.words
    start = search_words.alias()
    numbers = sa.select(start.c.number).where(start.c.word == key(first))
    for stem, offset in others:
        other = search_words.alias()
        numbers = numbers.where(
            other.c.word == key(stem),
            other.c.number == start.c.number,
            other.c.place == start.c.place + offset,
        )
    return Part(numbers, _is_in(numbers))


def _is_in(numbers: Any) -> Any:
    # The sum keeps SQLite from fetching all of these in place of walking the list.
    return (overviews.c.number + 0).in_(numbers)
