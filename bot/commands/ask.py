"""`careline ask`: how one message is understood and answered; nothing is stored.

Content and model are the store's own where there are any, else those that ship.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import sys
from collections.abc import Callable
from enum import Enum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.clock import utc_now
from bot.errors import CarelineError, SetupError, StoreUnavailable
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.content.model import Snapshot
    from bot.engine.engine import Engine
    from bot.engine.rehearsal import Part, Rehearsal
    from bot.replies.model import Reply


LEAST_SHOWN = 0.0005
"""A candidate after the first with less than this would be shown as 0.000."""


class Format(str, Enum):
    """What is written to standard output; progress goes to standard error."""

    text = "text"
    json = "json"


@dataclasses.dataclass(frozen=True)
class _Fixed:
    """A store whose content stays as it was read once."""

    found: Snapshot

    def version(self) -> int:
        return self.found.version

    def snapshot(self) -> Snapshot:
        return self.found


def ask(
    question: Annotated[
        str | None, typer.Argument(help="The message; without it, standard input is read.")
    ] = None,
    clinic: Annotated[str, typer.Option(help="Whose visitor asks.")] = "temple",
    format: Annotated[Format, typer.Option(help="How to show it.")] = Format.text,
) -> None:
    """Show how a message is understood, and what a visitor would get. Nothing is stored.

    Shows the redacted text, the sentences where there are several, how urgent it is and which
    words say so, the candidates with their scores, the details found, the action and the answer.
    """
    from bot import logs
    from bot.chat.requests import visitor_message
    from bot.chat.visitor_text import visible

    settings = Settings.from_env()
    logs.configure()
    typed = _typed() if question is None else question
    if not visible(typed):
        raise SetupError("There is no message: give one in quotes, or on standard input.")
    said = visitor_message({"text": typed})
    snapshot = _content(settings)
    if clinic not in snapshot.clinics:
        raise SetupError(f"No clinic {clinic!r}; there are {', '.join(sorted(snapshot.clinics))}.")
    rehearsal = _rehearse(settings, snapshot, said.text or "", clinic)
    if format is Format.json:
        typer.echo(json.dumps(as_json(rehearsal), indent=1, ensure_ascii=False))
    else:
        print_rehearsal(Console(highlight=False, soft_wrap=True), rehearsal)


def as_json(rehearsal: Rehearsal) -> dict[str, Any]:
    """All of it as one JSON object; scores have four decimals."""
    found = dataclasses.asdict(rehearsal)
    for scored in [*found["sentences"], *(c for p in found["parts"] for c in p["candidates"])]:
        scored["confidence"] = round(scored["confidence"], 4)
    for part, shown in zip(rehearsal.parts, found["parts"]):
        for reply, written in zip(part.replies, shown["replies"]):
            written["source"] = reply.source.as_json() if reply.source else None
    return found


def print_rehearsal(console: Console, rehearsal: Rehearsal) -> None:
    """All of it as a person reads it, in the order of the way of a message."""
    console.print(f"[bold]redacted[/]  {escape(rehearsal.text)}")
    if rehearsal.sentences:
        table = Table("intent by itself", "score", "sentence", box=None, pad_edge=False)
        for each in rehearsal.sentences:
            table.add_row(each.intent, f"{each.confidence:.3f}", escape(each.text))
        console.print("\n[bold]sentences[/]", table, sep="\n")
    for number, part in enumerate(rehearsal.parts, start=1):
        if len(rehearsal.parts) > 1:
            console.print(f"\n[bold]question {number}[/]  {escape(part.text)}")
        _print_part(console, part)


def _print_part(console: Console, part: Part) -> None:
    urgency = part.urgency
    console.print(
        f"\n[bold]urgent[/]  {urgency.probability:.3f} (by meaning alone {urgency.meaning:.3f})"
    )
    if urgency.signs:
        signs = Table("sign", "words", "taken back", box=None, pad_edge=False)
        for sign in urgency.signs:
            signs.add_row(sign.concept, escape(repr(sign.words)), sign.undone_by or "")
        console.print(signs)
    candidates = Table("intent", "score", box=None, pad_edge=False)
    for place, each in enumerate(part.candidates):
        if place and each.confidence < LEAST_SHOWN:
            break
        candidates.add_row(each.intent, f"{each.confidence:.3f}")
    console.print("\n[bold]candidates[/]", candidates, sep="\n")
    if part.details:
        details = Table("kind", "detail", "words", "", box=None, pad_edge=False)
        for found in part.details:
            excluded = "excluded" if found.excluded else ""
            details.add_row(found.entity, found.value, escape(repr(found.words)), excluded)
        console.print("\n[bold]details[/]", details, sep="\n")
    console.print(f"\n[bold]action[/]  {', '.join(part.actions)}")
    for reply in part.replies:
        _print_reply(console, reply)


def _print_reply(console: Console, reply: Reply) -> None:
    topic = "/".join(filter(None, (reply.subject, reply.detail)))
    console.print(f"\n[bold]answer[/]  {topic}\n{escape(reply.text)}")
    for link in reply.links:
        console.print(escape(f"-> {link.title} {link.url}".rstrip()))
    if reply.buttons:
        console.print(" ".join(escape(f"[ {button.title} ]") for button in reply.buttons))
    if reply.source is not None:
        said = (reply.source.title, reply.source.url, reply.source.reviewed_on)
        console.print(escape(f"source: {', '.join(str(part) for part in said if part)}"))


def _typed() -> str:
    if sys.stdin.isatty():
        typer.echo("Type a message, then Ctrl+D.", err=True)
    return sys.stdin.read()


def _content(settings: Settings) -> Snapshot:
    """The store's content, else that of the shipped files. No database is made, and of one that is
    there nothing changes but vectors of staff's answers, where they are still to be computed.
    """
    from bot.content import live
    from bot.content.store import ContentStore
    from bot.db.revision import existing
    from bot.nlu.answer_vectors import vector_store

    database = existing(settings.database_url)
    if database is not None:
        try:
            found = ContentStore(database, utc_now, vector_store(database)).snapshot()
        except StoreUnavailable:  # not migrated yet: nothing that could be answered from
            found = None
        finally:
            database.dispose()
        if found is not None and found.clinics:
            return found
    typer.echo("No content is stored yet: what ships answers.", err=True)
    return live.current()


def _engine(settings: Settings, load: Callable[[Path | None], Engine]) -> Engine:
    """One with the model in force, as a server's; `load` is given its archive, or None."""
    from bot.candidates.live import begin
    from bot.candidates.workshop import Workshop
    from bot.db.revision import existing

    database = existing(settings.database_url)
    if database is None:
        return load(None)
    try:
        return begin(Workshop(settings, database, utc_now), load)[0]
    except StoreUnavailable:  # not migrated yet
        return load(None)
    finally:
        database.dispose()


def _rehearse(settings: Settings, snapshot: Snapshot, text: str, clinic: str) -> Rehearsal:
    from bot.chat.door import Door
    from bot.chat.limits import Limits
    from bot.content import live as live_content
    from bot.content.live import LiveContent
    from bot.conversations.log import ConversationLog
    from bot.db.engine import create_engine
    from bot.engine.engine import Engine

    typer.echo("Loading the engine ...", err=True)
    live = LiveContent(_Fixed(snapshot), settings.content_poll_seconds)
    live_content.use(live)
    log = ConversationLog(create_engine("sqlite://"), utc_now)  # nothing is ever stored in it

    async def turn(engine: Engine) -> Rehearsal:
        try:
            door = Door(settings, engine, live, log, Limits(settings), utc_now)
            return await engine.rehearse(door.redacted(text).text, clinic)
        finally:
            await engine.close()

    try:
        engine = _engine(settings, partial(Engine.load, settings, live, log))
        return asyncio.run(turn(engine))
    except CarelineError:
        raise
    except Exception as error:
        problem = f"The turn failed ({type(error).__name__}): a visitor gets the safe reply."
        raise SetupError(problem) from error
    finally:
        live_content.use(None)
