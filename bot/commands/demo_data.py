"""`careline demo-data`: a believable history, for trying the staff console."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import NotFound, SetupError
from bot.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine as Database

    from bot.content.model import Snapshot
    from bot.demo.visits import Visit


def demo_data(
    conversations: Annotated[
        int, typer.Option("--conversations", min=1, max=1_000_000, help="How many to make.")
    ] = 200,
    clinic: Annotated[
        str | None, typer.Option("--clinic", help="Of this clinic only; without it, of all.")
    ] = None,
    days: Annotated[
        int, typer.Option("--days", min=1, max=3_650, help="Spread over so many past days.")
    ] = 60,
    seed: Annotated[
        int, typer.Option("--seed", help="Another number makes other conversations.")
    ] = 1,
    force: Annotated[
        bool, typer.Option("--force", help="Also where visitors' own conversations are stored.")
    ] = False,
) -> None:
    """Make conversations of invented people, answered by the real engine, to try the console with.

    Not for an installation that visitors use: the made ones cannot be told apart in its figures.
    """
    from bot import logs
    from bot.commands.database import now, open_database
    from bot.content.importer import import_if_empty
    from bot.content.store import ContentStore
    from bot.conversations import demo_marks
    from bot.demo.visits import load_stories, visits

    settings = Settings.from_env()
    logs.configure()
    database = open_database()
    theirs = demo_marks.of_visitors(database)
    if theirs and not force:
        raise SetupError(
            f"{theirs} conversations of visitors are stored here. Use another DATA_DIR, or add"
            " --force if this is no real installation."
        )
    import_if_empty(database, now)
    snapshot = ContentStore(database, now).snapshot()
    planned = visits(
        load_stories(),
        _zones(snapshot, clinic),
        conversations,
        until=now(),
        days=days,
        seed=seed,
    )
    asyncio.run(_make(settings, database, planned))
    typer.echo(f"{len(planned)} conversations made, of the last {days} days.")
    for key in sorted({visit.clinic for visit in planned}):
        kept = snapshot.clinics[key].retention_days
        if days > kept:
            typer.echo(f"{key} keeps {kept} days: what is older is deleted within the hour.")


def _zones(snapshot: Snapshot, clinic: str | None) -> dict[str, str]:
    zones = {key: each.timezone for key, each in snapshot.clinics.items() if clinic in (None, key)}
    if not zones:
        known = ", ".join(sorted(snapshot.clinics))
        raise NotFound(f"There is no clinic '{clinic}'. Clinics: {known}.")
    return zones


async def _make(settings: Settings, database: Database, planned: list[Visit]) -> None:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    from bot.chat.door import Door
    from bot.chat.limits import Limits
    from bot.content import live as live_content
    from bot.content.live import LiveContent
    from bot.content.store import ContentStore
    from bot.demo.history import History, KeepingLog, PastClock
    from bot.engine.engine import Engine
    from bot.nlu.answer_vectors import vector_store

    typer.echo("Loading the engine ...", err=True)
    clock = PastClock(planned[0].starts_at)
    store = ContentStore(database, clock, vector_store(database))
    live = LiveContent(store, settings.content_poll_seconds)
    live_content.use(live)
    log = KeepingLog(database, clock)
    engine = Engine.load(settings, live, log)
    history = History(Door(settings, engine, live, log, Limits(settings), clock), log, clock)
    columns = ("talking", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        with Progress(*columns, console=Console(stderr=True)) as progress:
            task = progress.add_task("talking", total=len(planned))
            async for _ in history.write(planned):
                progress.advance(task)
    finally:
        await engine.close()
        live_content.use(None)
