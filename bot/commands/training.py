"""`careline training`: corrections as files; candidates, their comparison and promotion."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.database import BY, now, open_database
from bot.errors import NotFound, PromotionRefused, SetupError
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.candidates.model import Kind, Model, Run
    from bot.candidates.workshop import Workshop
    from bot.corrections.repository import Corrections

app = typer.Typer(
    help="Corrections; train, compare and promote models beside the running one.",
    no_args_is_help=True,
)

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of the files.")]
ModelId = Annotated[str, typer.Argument(metavar="MODEL", help="The model's id, or how it begins.")]

SHOWN = 8
"""Characters of a model's id, which tell it from all others."""


@app.command()
def export(folder: Folder) -> None:
    """Write the reviewed corrections: nlu/SUBJECT.yml as in data/nlu, and regression.jsonl."""
    from bot.corrections.files import write_files
    from bot.corrections.learning import Shipped, lesson

    reviewed = _corrections().reviewed()
    learnt = lesson(reviewed, Shipped.read())
    paths = write_files(folder, learnt.examples, reviewed)
    for path in paths:
        typer.echo(str(path))
    for each in learnt.left_out:
        typer.echo(f"Not learnt: correction {each.correction.id[:SHOWN]}: {each.why}", err=True)
    typer.echo(f"{len(learnt.examples)} to learn, {len(reviewed)} to ask.", err=True)


@app.command("import")
def import_(
    folder: Folder,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would be imported.")
    ] = False,
) -> None:
    """Read what `export` wrote. Corrections that are known already stay as they are."""
    from bot.content.importer import import_if_empty
    from bot.content.store import ContentStore
    from bot.corrections.files import read_files
    from bot.corrections.learning import Shipped
    from bot.corrections.repository import Corrections
    from bot.corrections.taking_in import carry_out, plan

    database = open_database()
    import_if_empty(database, now)
    clinics = ContentStore(database, now).snapshot().clinics
    corrections = Corrections(database, now)
    made = plan(read_files(folder), corrections, Shipped.read(), clinics)
    if not dry_run:
        carry_out(made, corrections, by=BY)
    for sentence in made.only_asked:
        typer.echo(f"Asked, not learnt: {sentence}", err=True)
    for sentence in made.refused:
        typer.echo(f"Refused: {sentence}", err=True)
    typer.echo(
        f"{len(made.new)} new, {len(made.changed)} changed, {made.unchanged} unchanged,"
        f" {len(made.refused)} refused.{' Nothing was imported.' if dry_run else ''}"
    )
    if made.refused:
        raise typer.Exit(1)


@app.command()
def train() -> None:
    """Train a candidate from the shipped data and the corrections, some two minutes.

    It goes on beside the running model, which stays in force. Ctrl+C stops it.
    """
    from bot.candidates.model import Kind

    shop = _workshop()
    run = _carry_out(shop, Kind.TRAIN)
    model = shop.archives.get(run.model_id or "")
    typer.echo(
        f"Trained: {model.id[:SHOWN]}, {model.corrections} corrections learnt."
        f" Next: careline training compare {model.id[:SHOWN]}"
    )


@app.command()
def compare(
    model: ModelId,
    all_lines: Annotated[
        bool, typer.Option("--all", help="Show every changed line, not only worse ones.")
    ] = False,
) -> None:
    """Ask a candidate and the running model the same. Exit code 1 where it must not be promoted.

    Asked are the development set, the safety set and the corrections.
    """
    from rich.console import Console

    from bot.candidates import gates
    from bot.candidates.comparisons import Comparisons
    from bot.candidates.model import Kind
    from bot.commands.training_report import show_comparison

    shop = _workshop()
    candidate = shop.archives.named(model)
    _carry_out(shop, Kind.COMPARE, candidate.id)
    comparisons = Comparisons(shop.database, now)
    running = shop.promotions.running()
    found = comparisons.latest(running.sha256, candidate.sha256) if running else None
    if found is None:
        raise SetupError("Another model was promoted meanwhile; compare again.")
    console = Console(highlight=False, soft_wrap=True)
    show_comparison(console, found, comparisons.lines(found.id), all_lines)
    if not gates.passed(found.figures):
        raise typer.Exit(1)


@app.command()
def promote(model: ModelId) -> None:
    """Put a compared candidate in force; running servers take it over within seconds."""
    from bot.commands.training_report import REFUSALS

    shop = _workshop()
    try:
        promotion = shop.promotions.promote(shop.archives.named(model).id, by=BY)
    except PromotionRefused as error:
        raise SetupError(REFUSALS[error.why]) from error
    typer.echo(f"Promotion {promotion.number}: {_described(promotion.model)} is in force.")


@app.command()
def rollback() -> None:
    """Put the model in force again that was before the present one."""
    promotion = _workshop().promotions.roll_back(by=BY)
    typer.echo(
        f"Promotion {promotion.rolled_back} is taken back: {_described(promotion.model)}"
        " is in force."
    )


@app.command("list")
def list_() -> None:
    """Show models, promotions with what became of them in each server, and the run under way."""
    shop = _workshop()
    running = shop.promotions.running()
    for model in shop.archives.all():
        state = "in force" if running and running.id == model.id else ""
        fits = "" if model.based_on == shop.promotions.based_on else "of other shipped data"
        kept = "" if model.kept else "archive deleted"
        notes = ", ".join(filter(None, (state, fits, kept)))
        typer.echo(f"{_described(model)}{f' ({notes})' if notes else ''}")
    for promotion in shop.promotions.all():
        what = f"takes back {promotion.rolled_back}" if promotion.rolled_back else "promoted"
        typer.echo(
            f"{promotion.number}: {promotion.model.id[:SHOWN]} {what} by {promotion.by},"
            f" {promotion.at:%Y-%m-%d %H:%M} UTC"
        )
        for each in shop.promotions.takeovers(promotion.number):
            typer.echo(f"   {each.replica}: {each.state} {each.reason or ''}".rstrip())
    under_way = shop.runs.under_way()
    if under_way:
        step = under_way.steps[-1].name if under_way.steps else ""
        typer.echo(f"Under way: {under_way.kind.value} {step} by {under_way.by}")
    if running is None:
        typer.echo("In force: the model that ships.")


@app.command()
def stop() -> None:
    """Stop the training or the comparison that is under way, whoever began it."""
    runs = _workshop().runs
    under_way = runs.under_way()
    if under_way is None:
        raise NotFound("Nothing is being trained or compared.")
    run = runs.stop(under_way.id, by=BY)
    typer.echo(f"The {run.kind.value} run will stop within seconds.")


def _carry_out(shop: Workshop, kind: Kind, model_id: str | None = None) -> Run:
    """Begin a run, show how far it is until it has ended. Raises `SetupError` where it failed."""
    from bot.candidates.launching import launch
    from bot.candidates.model import RunState
    from bot.commands.training_report import REFUSALS, show_until_ended

    run, process = launch(shop.runs, shop.settings, kind, by=BY, model_id=model_id)
    try:
        show_until_ended(shop.runs, run, process)
    except KeyboardInterrupt:
        shop.runs.stop(run.id, by=BY)
        process.wait()
        raise SetupError("Stopped; nothing else has changed.") from None
    if shop.runs.get(run.id).state is RunState.RUNNING:  # killed from outside
        shop.runs.end(run.id, RunState.CRASHED)
    ended = shop.runs.get(run.id)
    if ended.state is not RunState.DONE:
        why = REFUSALS.get(ended.failure or "", ended.failure or "")
        raise SetupError(f"The run has {ended.state.value}. {why}".strip())
    return ended


def _described(model: Model) -> str:
    what = "the model that ships" if model.shipped else f"{model.corrections} corrections learnt"
    return f"{model.id[:SHOWN]}, {what}, {model.size / 1e6:.0f} MB, {model.at:%Y-%m-%d %H:%M} UTC"


def _corrections() -> Corrections:
    from bot.corrections.repository import Corrections

    return Corrections(open_database(), now)


def _workshop() -> Workshop:
    from bot import logs
    from bot.candidates.workshop import Workshop
    from bot.commands.serve import check_data_dir

    logs.configure()
    settings = Settings.from_env()
    check_data_dir(settings.data_dir)
    return Workshop(settings, open_database(), now)
