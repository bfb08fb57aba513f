"""`careline outage`: the notice that a clinic's phone lines are out."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands.database import BY, now, open_database
from bot.content.local_time import format_local, parse_local
from bot.content.model import Notice
from bot.content.outages import Outages
from bot.content.store import ContentStore
from bot.replies.render import render

app = typer.Typer(help="Switch the notice of a phone outage.", no_args_is_help=True)

ClinicKey = Annotated[str, typer.Option("--clinic", help="Key of the clinic, such as temple.")]
TIME = "YYYY-MM-DD HH:MM on the clinic's own clock, or ISO 8601 with an offset."


@app.command()
def on(
    clinic: ClinicKey,
    from_: Annotated[str, typer.Option("--from", help=f"When it begins: {TIME}")] = "",
    until: Annotated[str, typer.Option("--until", help=f"When it ends by itself: {TIME}")] = "",
    message: Annotated[str, typer.Option("--message", help="What visitors are told.")] = "",
) -> None:
    """Tell visitors that the phones are out, and how else to reach the clinic."""
    outages = Outages(open_database(), now)
    zone = outages.clinic(clinic).timezone
    notice = outages.on(
        clinic,
        by=BY,
        starts_at=parse_local(from_, zone) if from_ else None,
        ends_at=parse_local(until, zone) if until else None,
        text=message.strip() or None,
    )
    typer.echo(f"Phone outage of {clinic}: {_described(notice, zone)}")


@app.command()
def off(clinic: ClinicKey) -> None:
    """End the outage that is on, and call off those to come."""
    ended = Outages(open_database(), now).off(clinic, by=BY)
    typer.echo(f"Phone outages of {clinic} ended or called off: {len(ended)}.")


@app.command()
def show(clinic: ClinicKey) -> None:
    """Show the outages that are on or to come, and what the bot says now to "how do I book"."""
    engine = open_database()
    outages = Outages(engine, now)
    zone = outages.clinic(clinic).timezone
    at = now()
    found = outages.show(clinic)
    for notice in found:
        state = "on" if notice.in_force(at) else "to come"
        typer.echo(f"{state}: {_described(notice, zone)}")
    if not found:
        typer.echo(f"No phone outage of {clinic} is on or to come.")
    snapshot = ContentStore(engine, now).snapshot()
    answer = snapshot.answer(clinic, "appointment")
    if answer is not None:
        typer.echo(f"How do I book? {render(snapshot, answer, clinic, at).text}")


def _described(notice: Notice, zone: str) -> str:
    starts = format_local(notice.starts_at.replace(second=0, microsecond=0), zone)
    ends = format_local(notice.ends_at, zone) if notice.ends_at else "it is switched off"
    return f"from {starts} until {ends} ({zone}): {notice.text}"
