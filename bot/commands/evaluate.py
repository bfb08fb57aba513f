"""`careline evaluate`: replies of the real engine against the development set and the blind files,
or any file of that form; or how well the intents are learnt, by cross-validation.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot import logs
from bot.clock import utc_now
from bot.errors import SetupError
from bot.evaluation import comparison, page, picture, report
from bot.evaluation.comparison import FileComparison
from bot.evaluation.figures import Figures, count
from bot.evaluation.gates import GateResult, check_gates, load_gates
from bot.evaluation.json_form import as_json
from bot.evaluation.reading import (
    DataSet,
    blind_files,
    development_files,
    read_data,
    shipped_files,
)
from bot.evaluation.real import real_bot
from bot.evaluation.running import Bot, ask_all, converse_all
from bot.evaluation.speed import understanding_ms
from bot.paths import EVAL_DIR, ROOT
from bot.settings import Settings

RESULTS = ROOT / "results"

LAST = "last"
"""The folder inside that one which holds each file's last run."""


class Format(str, Enum):
    """What is written to standard output; progress goes to standard error."""

    text = "text"
    json = "json"
    html = "html"


def evaluate(
    *,
    data: Annotated[
        list[Path] | None,
        typer.Option(help="A .jsonl file of questions or a .yml file of dialogues; repeatable."),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Measure on the development set only.")
    ] = False,
    cross_validate: Annotated[
        bool,
        typer.Option("--cross-validate", help="Learn from a part of the training data, ask of it."),
    ] = False,
    folds: Annotated[int, typer.Option(min=2, help="Parts of a cross-validation.")] = 5,
    format: Annotated[Format, typer.Option(help="How to show the figures.")] = Format.text,
    gate: Annotated[
        bool, typer.Option("--gate", help="Exit with code 1 when a target is missed.")
    ] = False,
    results: Annotated[
        Path, typer.Option(help="Folder for figures, pictures and the last run.")
    ] = RESULTS,
    draw: Annotated[bool, typer.Option("--picture/--no-picture", help="Draw the pictures.")] = True,
) -> None:
    """Ask the bot the messages of tests/eval and show how many replies are right.

    Blind files are counted, and their lines shown to nobody.
    """
    logs.configure()
    if cross_validate:
        if gate or format is Format.html:
            raise typer.BadParameter("--cross-validate has neither targets nor a page.")
        from bot.commands.cross_validation import show_cross_validation

        chosen = read_data(chosen_files(data, quick))
        show_cross_validation(chosen.questions, folds, results, as_text=format is Format.text)
        return
    if draw:
        picture.check_drawable()
    chosen = read_data(chosen_files(data, quick))
    errors = Console(stderr=True)
    errors.print("Loading the engine ...")
    with real_bot(Settings.from_env()) as bot:
        bot.check_clinics(chosen)
        figures = asyncio.run(measure(bot, chosen, errors))
    reached = check_gates(figures, load_gates())
    if gate and not reached:
        raise SetupError("None of the files that were measured has a target in gates.yml.")
    finish(figures, reached, results, draw=draw, format=format)
    if gate and not all(result.passed for result in reached):
        raise typer.Exit(1)


def chosen_files(data: Sequence[Path] | None, quick: bool) -> list[Path]:
    """The files that are named, else all that ship, or only the development set.

    Raises `typer.BadParameter` where both are asked for.
    """
    if data and quick:
        raise typer.BadParameter("--quick chooses the files, and so does --data.")
    if quick:
        return development_files(EVAL_DIR)
    return list(data or [*shipped_files(EVAL_DIR), *blind_files(EVAL_DIR)])


async def measure(bot: Bot, data: DataSet, console: Console) -> Figures:
    """Put everything to the bot, with a progress bar, and time how long it takes to understand."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console) as bars:
        asked = bars.add_task("questions", total=len(data.questions))
        outcomes = await ask_all(bot, data.questions, lambda: bars.advance(asked))
        dialogues = None
        if data.dialogues is not None:
            held = bars.add_task("dialogues", total=len(data.dialogues))
            dialogues = await converse_all(bot, data.dialogues, lambda: bars.advance(held))
    return count(outcomes, dialogues, understanding_ms(bot.understand))


def finish(
    figures: Figures, reached: Sequence[GateResult], folder: Path, *, draw: bool, format: Format
) -> None:
    """Compare with the last run, show the figures, write them and keep this run for the next."""
    at = utc_now()
    compared = comparison.compare(figures, folder / LAST)
    shown_page = page.render_page(figures, reached, compared, at)
    write_results(figures, reached, compared, folder, draw=draw)
    (folder / "evaluation.html").write_text(shown_page, encoding="utf-8")
    if format is Format.html:
        typer.echo(shown_page)
    elif format is Format.json:
        typer.echo(json.dumps(as_json(figures, reached, compared), ensure_ascii=False))
    else:
        report.print_report(report.text_console(), figures, reached, compared)
    comparison.keep(figures, folder / LAST, at)


def write_results(
    figures: Figures,
    reached: Sequence[GateResult],
    compared: Sequence[FileComparison],
    folder: Path,
    *,
    draw: bool,
) -> None:
    """Write `evaluation.json`, `confusion.csv` and the pictures (where wanted) into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(as_json(figures, reached, compared), indent=1, ensure_ascii=False)
    (folder / "evaluation.json").write_text(text, encoding="utf-8")
    report.write_confusion(figures, folder / "confusion.csv")
    if draw and figures.outcomes:
        picture.draw_confusion(figures, folder / "confusion.png")
    if draw and figures.calibration:
        picture.draw_calibration(figures.calibration[0], folder / "calibration.png")
