"""What `careline evaluate --cross-validate` does and shows."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.evaluation.cross_validation import CrossValidation, cross_validate
from bot.evaluation.json_form import cross_validation_as_json
from bot.evaluation.reading import Question
from bot.evaluation.report import print_cross_validation, text_console


def show_cross_validation(
    questions: Sequence[Question], folds: int, results: Path, *, as_text: bool
) -> None:
    """Cross-validate over the training data, write `cross_validation.json` and
    `cross_validation_confusion.csv` into a folder, and show what came out.
    """
    found = measure(questions, folds, Console(stderr=True))
    write(found, results)
    if as_text:
        print_cross_validation(text_console(), found)
    else:
        typer.echo(json.dumps(cross_validation_as_json(found), ensure_ascii=False))


def measure(questions: Sequence[Question], folds: int, console: Console) -> CrossValidation:
    """Cross-validate, with a progress bar for reading and one for learning."""
    from bot.engine import rasa_environment

    console.print("Loading the training data ...")
    rasa_environment.prepare()
    from bot.engine.folds import IntentLearner  # importing Rasa takes seconds

    rasa_environment.silence()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console) as bars:
        reading = bars.add_task("reading messages", total=None)
        learning = bars.add_task("learning", total=folds + 1)
        learner = IntentLearner(
            report=lambda done, total: bars.update(reading, completed=done, total=total)
        )
        return cross_validate(learner, questions, folds, lambda: bars.advance(learning))


def write(found: CrossValidation, folder: Path) -> None:
    """The figures as JSON, and which intents were taken for which as CSV."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(cross_validation_as_json(found), indent=1, ensure_ascii=False)
    (folder / "cross_validation.json").write_text(text, encoding="utf-8")
    with (folder / "cross_validation_confusion.csv").open(
        "w", encoding="utf-8", newline=""
    ) as file:
        writer = csv.writer(file)
        writer.writerow(["expected", "got", "times"])
        wrong = [(names, n) for names, n in found.confusion.items() if names[0] != names[1]]
        writer.writerows([*names, n] for names, n in sorted(wrong, key=lambda w: (-w[1], w[0])))
