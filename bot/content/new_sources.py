"""Adds a source that answers name: where facts come from, as visitors read it below an answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.engine import Connection, Engine

from bot.content import rows
from bot.content.model import Source
from bot.content.records import STAFF
from bot.content.schema import SourceEntry
from bot.content.tables import sources
from bot.db.unit_of_work import UnitOfWork
from bot.staff.audit import AuditEntry, record

LONGEST_KEY = 60
FILE = f"{STAFF}.yml"
"""The content file that an export writes such sources to."""

NOTHING, NO_LETTERS, NO_ADDRESS = "nothing", "no_letters", "no_address"
"""Stand for the sentences of whoever asks: nothing is written, no letters, no address."""


def key_of(title: str) -> str:
    """A name inside Careline made of a title: small letters, digits and hyphens; maybe empty."""
    return re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[:LONGEST_KEY].strip("-")


def source_mistakes(title: str, publisher: str, url: str) -> dict[str, str]:
    """What is wrong with a source: `NOTHING`, `NO_LETTERS` or `NO_ADDRESS`, by field."""
    stated = {"title": title, "publisher": publisher, "url": url}
    try:
        SourceEntry.parse_obj(stated)
    except ValidationError as error:
        fields = [str(each["loc"][0]) for each in error.errors()]
        return {field: NO_ADDRESS if field == "url" else NOTHING for field in fields}
    return {} if key_of(title) else {"title": NO_LETTERS}


def add_source(
    engine: Engine, clock: Callable[[], datetime], title: str, publisher: str, url: str, *, by: str
) -> str:
    """Add a source and return its key; one that is there already is taken. Raises
    `StoreUnavailable`.
    """
    with UnitOfWork(engine) as unit:
        rows.bump_version(unit.connection)
        for known in rows.read_sources(unit.connection).values():
            if (known.title, known.publisher, known.url) == (title, publisher, url):
                return known.key
        key = _free(unit.connection, key_of(title))
        write_source(unit.connection, Source(key, title, publisher, url), FILE)
        entry = AuditEntry(by, "source.added", None, key, {"title": title, "url": url})
        record(unit.connection, clock, entry)
        unit.commit()
        return key


def write_source(connection: Connection, source: Source, file: str) -> None:
    """Write a new source in a caller's transaction."""
    last = connection.execute(sa.select(sa.func.max(sources.c.position))).scalar_one_or_none()
    connection.execute(
        sources.insert().values(
            key=source.key,
            title=source.title,
            publisher=source.publisher,
            url=source.url,
            retrieved_on=source.retrieved_on,
            origin=STAFF,
            file=file,
            position=(last or 0) + 1,
        )
    )


def _free(connection: Connection, key: str) -> str:
    taken = set(connection.execute(sa.select(sources.c.key)).scalars())
    found, number = key, 2
    while found in taken:
        found, number = f"{key}-{number}", number + 1
    return found
