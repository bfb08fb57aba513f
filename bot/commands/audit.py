"""`careline audit`: the record of who did what."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.database import BY, now, open_database
from bot.commands.output import output
from bot.errors import SetupError

if TYPE_CHECKING:
    from bot.staff.audit import Recorded
    from bot.staff.audit_check import Known

app = typer.Typer(help="Check and export the record of who did what.", no_args_is_help=True)

KNOWN = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


@app.command()
def verify(
    known: Annotated[
        str,
        typer.Option(
            "--known", metavar="NUMBER:HASH", help="An earlier end of the record, as printed then."
        ),
    ] = "",
) -> None:
    """Check that no entry was changed, removed or moved; exit code 1 where one was.

    Prints the number and hash of the last entry. Keep them in another place, and give them with
    --known later: whoever can rewrite the whole database cannot rewrite your note.
    """
    from rich.console import Console
    from rich.progress import Progress

    from bot.staff import audit_check

    noted = _known(known) if known else None
    engine = open_database()
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("checking", total=audit_check.count(engine))
        found = audit_check.verify(engine, noted, lambda done: progress.advance(task, done))
    if found.broken is not None:
        typer.echo(f"Entry {found.broken.number} is wrong: {found.broken.fault.value}.")
        typer.echo(f"Whole up to {found.number}:{found.hash}")
        raise typer.Exit(1)
    typer.echo(f"{found.number} entries, all as they were written.")
    typer.echo(f"{found.number}:{found.hash}")


@app.command()
def export(
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write; standard output without it.")
    ] = None,
) -> None:
    """Write the record as JSON lines, the oldest entry first. That is recorded too."""
    from bot.staff.audit import AuditEntry, AuditFilter, AuditLog

    log = AuditLog(open_database(), now)
    log.record(AuditEntry(BY, "audit.exported"))
    with output(out) as file:
        for entry in log.export(AuditFilter()):
            file.write(json.dumps(_as_json(entry), ensure_ascii=False) + "\n")


def _known(text: str) -> Known:
    from bot.staff.audit_check import Known

    match = KNOWN.fullmatch(text.strip())
    if match is None:
        raise SetupError("--known is what `careline audit verify` printed, such as 120:9f86d0...")
    return Known(int(match[1]), match[2])


def _as_json(entry: Recorded) -> dict[str, Any]:
    """The fields that the hash covers, as `bot/staff/chain.py` writes them, and the hash."""
    from bot.staff.chain import moment

    return {
        "number": entry.number,
        "at": moment(entry.at),
        "by": entry.by,
        "action": entry.action,
        "clinic": entry.clinic,
        "target": entry.target,
        "details": entry.details,
        "hash": entry.hash,
    }
