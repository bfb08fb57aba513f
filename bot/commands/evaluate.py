"""`careline evaluate`: replies of the real engine against the development set, or any file of that
form.
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

from bot.evaluation import picture, report
from bot.evaluation.figures import Figures, count
from bot.evaluation.gates import GateResult, check_gates, load_gates
from bot.evaluation.reading import DataSet, read_data, shipped_files
from bot.evaluation.real import real_bot
from bot.evaluation.running import Bot, ask_all, converse_all
from bot.paths import EVAL_DIR, ROOT
from bot.settings import Settings

RESULTS = ROOT / "results"

PLAIN_WIDTH = 160
"""Columns of the tables in a file or a pipe, where nothing says how wide the reader's screen is."""


class Format(str, Enum):
    """What is written to standard output; progress goes to standard error."""

    text = "text"
    json = "json"


def evaluate(
    data: Annotated[
        list[Path] | None,
        typer.Option(help="A .jsonl file of questions or a .yml file of dialogues; repeatable."),
    ] = None,
    format: Annotated[Format, typer.Option(help="How to show the figures.")] = Format.text,
    gate: Annotated[
        bool, typer.Option("--gate", help="Exit with code 1 when a threshold is missed.")
    ] = False,
    results: Annotated[
        Path, typer.Option(help="Folder for figures, confusion table and picture.")
    ] = RESULTS,
    draw: Annotated[
        bool, typer.Option("--picture/--no-picture", help="Draw the confusion table.")
    ] = True,
) -> None:
    """Ask the bot the development set (tests/eval) and show how many replies are right."""
    if draw:
        picture.check_drawable()
    gates = load_gates() if gate else None
    chosen = read_data(data or shipped_files(EVAL_DIR))
    errors = Console(stderr=True)
    errors.print("Loading the engine ...")
    with real_bot(Settings.from_env()) as bot:
        bot.check_clinics(chosen)
        figures = asyncio.run(measure(bot, chosen, errors))
    reached = check_gates(figures, gates) if gates else []
    write_results(figures, reached, results, draw)
    show(figures, reached, format)
    if not all(result.passed for result in reached):
        raise typer.Exit(1)


async def measure(bot: Bot, data: DataSet, console: Console) -> Figures:
    """Put everything to the bot, with a progress bar."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console) as bars:
        asked = bars.add_task("questions", total=len(data.questions))
        outcomes = await ask_all(bot, data.questions, lambda: bars.advance(asked))
        if data.dialogues is None:
            return count(outcomes)
        held = bars.add_task("dialogues", total=len(data.dialogues))
        dialogues = await converse_all(bot, data.dialogues, lambda: bars.advance(held))
        return count(outcomes, dialogues)


def write_results(figures: Figures, gates: Sequence[GateResult], folder: Path, draw: bool) -> None:
    """Write `evaluation.json`, `confusion.csv` and `confusion.png` (where wanted) into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(report.as_json(figures, gates), indent=1, ensure_ascii=False)
    (folder / "evaluation.json").write_text(text, encoding="utf-8")
    report.write_confusion(figures, folder / "confusion.csv")
    if draw and figures.outcomes:
        picture.draw_confusion(figures, folder / "confusion.png")


def show(figures: Figures, gates: Sequence[GateResult], format: Format) -> None:
    """Write the figures to standard output."""
    if format is Format.json:
        typer.echo(json.dumps(report.as_json(figures, gates), ensure_ascii=False))
    else:
        console = Console(highlight=False)
        if not console.is_terminal:
            console = Console(highlight=False, width=PLAIN_WIDTH)
        report.print_report(console, figures, gates)
