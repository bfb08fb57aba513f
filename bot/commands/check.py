"""`careline check`: is everything set up right? Looks, says what to do, and changes nothing."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import typer

from bot.clock import utc_now
from bot.errors import CarelineError, StoreUnavailable
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.content.model import Snapshot

WANTED_PYTHON = (3, 10)
SHORTEST_TOKEN = 24
"""Characters. `python -c "import secrets; print(secrets.token_urlsafe(32))"` makes 43."""
REDIS_SECONDS = 2.0


class State(str, Enum):
    """How something stands. Only what is `WRONG` keeps the bot from working."""

    OK = "ok"
    TO_DO = "to do"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """One line of the table: what was looked at, how it stands, what was found or what to do."""

    what: str
    state: State
    remark: str


def check() -> None:
    """Look whether everything is set up right. Exit code 1 when something keeps it from working."""
    findings = list(find())
    show(findings)
    if any(finding.state is State.WRONG for finding in findings):
        raise typer.Exit(1)


def find() -> Iterator[Finding]:
    """All findings, in the order in which they are put right."""
    yield check_python(sys.version_info[:2])
    try:
        settings = Settings.from_env()
    except CarelineError as error:
        yield Finding("settings", State.WRONG, str(error))
        return
    for what, look in (
        ("data folder", check_data_folder),
        ("content files", check_content_files),
        ("red flags", check_red_flags),
        ("database", check_database),
        ("model", check_model),
        ("Redis", check_redis),
        ("REST channel", check_rest_channel),
        ("rate limits", check_rate_limits),
        ("clinic's addresses", check_addresses),
    ):
        yield from guarded(what, look, settings)


def guarded(
    what: str, look: Callable[[Settings], Iterable[Finding]], settings: Settings
) -> Iterator[Finding]:
    """What one look finds; an error in it is a finding too, so that the others are still made."""
    try:
        yield from look(settings)
    except CarelineError as error:
        yield Finding(what, State.WRONG, str(error))
    except Exception as error:  # noqa: BLE001  whatever is broken belongs in the table
        yield Finding(what, State.WRONG, f"Cannot be checked ({type(error).__name__}).")


def check_python(version: tuple[int, ...]) -> Finding:
    if version == WANTED_PYTHON:
        return Finding("Python", State.OK, platform.python_version())
    wanted = ".".join(map(str, WANTED_PYTHON))
    return Finding("Python", State.WRONG, f"{platform.python_version()}; it must be {wanted}.")


def check_data_folder(settings: Settings) -> Iterator[Finding]:
    """Whether DATA_DIR can be written."""
    folder = settings.data_dir
    if not folder.exists():
        yield Finding("data folder", State.TO_DO, f"`careline serve` makes {folder}.")
    elif os.access(folder, os.W_OK | os.X_OK):
        yield Finding("data folder", State.OK, str(folder))
    else:
        yield Finding("data folder", State.WRONG, f"{folder} cannot be written.")


def check_content_files(settings: Settings) -> Iterator[Finding]:
    """Whether the shipped content is free of mistakes. Raises `ContentError` with all of them."""
    from bot.content.files import load_directory

    content = load_directory()
    clinics = ", ".join(clinic.key for clinic in content.clinics)
    yield Finding("content files", State.OK, f"{len(content.answers)} answers; {clinics}")


def check_red_flags(settings: Settings) -> Iterator[Finding]:
    """Whether `data/safety/` is free of mistakes. Raises `ContentError` with all of them."""
    from bot.paths import SAFETY_DIR
    from bot.safety.files import read_knowledge

    concepts = read_knowledge(SAFETY_DIR).concepts.values()
    wordings = sum(len(concept.wordings) for concept in concepts)
    yield Finding("red flags", State.OK, f"{len(concepts)} concepts in {wordings:,} wordings")


def check_database(settings: Settings) -> Iterator[Finding]:
    """Reachable, at the newest revision, and with content in it."""
    from bot.db.migrate import head_revision
    from bot.db.revision import existing, revision

    engine = existing(settings.database_url)
    if engine is None:
        yield Finding("database", State.TO_DO, "There is none yet; `careline serve` makes it.")
        return
    found = revision(engine)
    if found == head_revision():
        yield Finding("database", State.OK, f"revision {found}")
    else:
        yield Finding("database", State.TO_DO, "Not up to date; `careline serve` migrates it.")
        return
    snapshot = _stored(settings)
    if snapshot is None:
        yield Finding("content store", State.TO_DO, "Empty; `careline serve` fills it.")
    else:
        remark = f"{len(snapshot.answers)} answers; {', '.join(snapshot.clinics)}"
        yield Finding("content store", State.OK, remark)


def check_model(settings: Settings) -> Iterator[Finding]:
    """Whether a model of the present training data lies ready."""
    from bot.engine.training import model_path

    model = model_path(settings)
    if model.is_file():
        yield Finding("model", State.OK, f"{model.name} is made from the present training data.")
    else:
        remark = "None for the present training data; `careline train` makes it (about a minute)."
        yield Finding("model", State.TO_DO, remark)


def check_redis(settings: Settings) -> Iterator[Finding]:
    """Whether the Redis of REDIS_URL answers, if one is set."""
    if settings.redis_url is None:
        yield Finding("Redis", State.OK, "REDIS_URL is not set: right for one process.")
        return
    import redis

    client = redis.Redis.from_url(
        settings.redis_url,
        socket_timeout=REDIS_SECONDS,
        socket_connect_timeout=REDIS_SECONDS,
    )
    try:
        client.ping()
        yield Finding("Redis", State.OK, "answers")
    except redis.RedisError as error:
        remark = f"REDIS_URL does not answer ({type(error).__name__})."
        yield Finding("Redis", State.WRONG, remark)
    finally:
        client.close()


def check_rest_channel(settings: Settings) -> Iterator[Finding]:
    """Whether Rasa's REST contract is open, and its token hard to guess."""
    token = str(settings.rest_channel_token or "")
    if not token:
        yield Finding("REST channel", State.OK, "closed (REST_CHANNEL_TOKEN is not set)")
    elif len(token) < SHORTEST_TOKEN:
        remark = f"REST_CHANNEL_TOKEN should have at least {SHORTEST_TOKEN} random characters."
        yield Finding("REST channel", State.TO_DO, remark)
    else:
        yield Finding("REST channel", State.OK, "open to whoever has REST_CHANNEL_TOKEN")


def check_rate_limits(settings: Settings) -> Iterator[Finding]:
    if settings.rate_limits:
        yield Finding("rate limits", State.OK, "on")
    else:
        yield Finding("rate limits", State.TO_DO, "RATE_LIMITS=off is for load tests only.")


def check_addresses(settings: Settings) -> Iterator[Finding]:
    """Routes, sources and websites whose address nobody has filled in."""
    from bot.content import live
    from bot.content.model import RouteKind

    linked = (RouteKind.PHONE, RouteKind.PORTAL, RouteKind.CARE_TEAM)
    snapshot = _stored(settings) or live.current()
    for clinic in snapshot.clinics.values():
        for route in clinic.routes:
            if route.kind in linked and not route.url:
                remark = f"The address of {route.label!r} ({route.kind.value}) is not filled in."
                yield Finding(clinic.name, State.TO_DO, remark)
        if not clinic.origins:
            remark = "No website may show its chat yet (`origins` in its content; docs/embed.md)."
            yield Finding(clinic.name, State.TO_DO, remark)
        notice = clinic.notice(utc_now())
        if notice is not None:
            yield Finding(clinic.name, State.OK, f"A notice is on: {notice.kind}.")
    sources = {answer.source for answer in snapshot.answers.values() if answer.source}
    for source in sorted(sources, key=lambda s: s.key):
        if not source.url:
            remark = f"The address of the source {source.title!r} is not filled in."
            yield Finding(source.publisher, State.TO_DO, remark)


def show(findings: list[Finding]) -> None:
    """The table and one closing line on standard output."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table("what", "state", "remark", box=None, pad_edge=False)
    colours = {State.OK: "green", State.TO_DO: "yellow", State.WRONG: "bold red"}
    for finding in findings:
        state = f"[{colours[finding.state]}]{finding.state.value}[/]"
        table.add_row(escape(finding.what), state, escape(finding.remark))
    console = Console(highlight=False, soft_wrap=True)
    console.print(table)
    wrong = sum(f.state is State.WRONG for f in findings)
    to_do = sum(f.state is State.TO_DO for f in findings)
    console.print(f"{wrong} wrong, {to_do} to do.")


def _stored(settings: Settings) -> Snapshot | None:
    """The store's content, None where there is no database, no table or no content yet."""
    from bot.content.store import ContentStore
    from bot.db.revision import existing

    engine = existing(settings.database_url)
    if engine is None:
        return None
    try:
        found = ContentStore(engine, utc_now).snapshot()
    except StoreUnavailable:
        return None
    return found if found.clinics else None
