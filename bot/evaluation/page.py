"""The figures as one HTML page that needs nothing else: no script, no other file, no request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape

from bot.evaluation.comparison import FileComparison
from bot.evaluation.figures import Figures
from bot.evaluation.gates import GateResult
from bot.evaluation.mistakes import pair
from bot.evaluation.report import confusion_names, with_sums

TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True)
class Cell:
    """One field of the confusion picture. `share` is of the row, 0 to 1."""

    row: int
    column: int
    expected: str
    got: str
    count: int
    share: float


def render_page(
    figures: Figures,
    gates: Sequence[GateResult],
    comparison: Sequence[FileComparison],
    at: datetime,
) -> str:
    """The page. Whatever it shows is escaped."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    rows, columns = confusion_names(figures)
    return environment.get_template("evaluation.html").render(
        figures=figures,
        gates=gates,
        comparison=comparison,
        at=at,
        pair=pair,
        sums=with_sums(figures),
        rows=rows,
        columns=columns,
        cells=cells(figures, rows, columns),
    )


def cells(figures: Figures, rows: Sequence[str], columns: Sequence[str]) -> list[Cell]:
    """The fields of the confusion picture that are not empty, row by row."""
    totals = dict.fromkeys(rows, 0)
    for (expected, _), times in figures.confusion.items():
        totals[expected] += times
    return [
        Cell(row, column, expected, got, times, times / totals[expected])
        for row, expected in enumerate(rows)
        for column, got in enumerate(columns)
        if (times := figures.confusion.get((expected, got), 0))
    ]
