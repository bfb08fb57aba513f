"""`careline conversations`: delete and export what was said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.database import now, open_database
from bot.commands.output import output
from bot.errors import NotFound

if TYPE_CHECKING:
    from bot.conversations.log import ConversationLog
    from bot.conversations.model import Conversation

app = typer.Typer(help="Delete and export conversations.", no_args_is_help=True)


@app.command()
def purge(
    older_than_days: Annotated[
        int | None,
        typer.Option(
            "--older-than-days",
            min=0,
            max=36_500,
            help="Days since the last message; without it, what each clinic's content says.",
        ),
    ] = None,
    clinic: Annotated[
        str | None, typer.Option("--clinic", help="Only this clinic's conversations.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would be deleted.")
    ] = False,
) -> None:
    """Delete what is older than its clinic keeps it; counts by day stay. The server does so too."""
    from rich.console import Console
    from rich.progress import Progress

    log = _log()
    overdue = log.overdue(older_than_days, clinic)
    for each in overdue:
        typer.echo(
            f"{each.clinic}: {each.conversations} conversations with {each.messages} messages of"
            f" visitors, the last more than {each.days} days ago"
        )
    if dry_run:
        typer.echo(f"{sum(each.conversations for each in overdue)} would be deleted.")
        return
    deleted = 0
    with Progress(console=Console(stderr=True), disable=not overdue) as progress:
        task = progress.add_task("deleting", total=sum(each.conversations for each in overdue))
        for count in log.purge(older_than_days, clinic):
            deleted += count
            progress.advance(task, count)
    typer.echo(f"{deleted} deleted.")


@app.command()
def delete(
    conversation: Annotated[str, typer.Argument(metavar="ID", help="The conversation's id.")],
) -> None:
    """Delete one conversation whole."""
    if not _log().delete(conversation):
        raise NotFound(
            "There is no conversation of that id; `careline conversations export` lists them."
        )
    typer.echo("Deleted.")


@app.command()
def export(
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write; standard output without it.")
    ] = None,
    clinic: Annotated[
        str | None, typer.Option("--clinic", help="Only this clinic's conversations.")
    ] = None,
) -> None:
    """Write conversations as JSON lines: those with a red flag first, then the latest."""
    from rich.console import Console
    from rich.progress import track

    log = _log()
    chosen = [c for c in log.all() if clinic in (None, c.clinic)]
    errors = Console(stderr=True)
    with output(out) as file:
        for conversation in track(chosen, "exporting", console=errors, disable=not chosen):
            line = json.dumps(_as_json(log, conversation), ensure_ascii=False)
            file.write(line + "\n")
    errors.print(f"{len(chosen)} exported.")


def _log() -> ConversationLog:
    from bot.conversations.log import ConversationLog

    return ConversationLog(open_database(), now)


def _as_json(log: ConversationLog, conversation: Conversation) -> dict[str, Any]:
    from bot.chat import render

    flagged = conversation.red_flag_at
    return {
        "id": conversation.id,
        "clinic": conversation.clinic,
        "started_at": render.moment(conversation.started_at),
        "last_activity_at": render.moment(conversation.last_activity_at),
        "turns": conversation.turns,
        "red_flag_at": flagged and render.moment(flagged),
        **render.messages(log.messages(conversation.id)),
    }
