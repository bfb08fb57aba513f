"""Draws the confusion table and the reliability curve. matplotlib is a development dependency, so
it is imported only here and only when pictures are wanted.
"""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.errors import SetupError
from bot.evaluation.calibration import Calibration
from bot.evaluation.figures import Figures
from bot.evaluation.report import confusion_names

NUMBER_STYLE: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 8}
INCHES_A_NAME = 0.32
"""Enough for a name of a subject to be read at the usual 100 dots an inch."""


def check_drawable() -> None:
    """Raises `SetupError` when matplotlib is missing: better before a run than after it."""
    if importlib.util.find_spec("matplotlib") is None:
        raise SetupError(
            "The pictures need matplotlib, a development dependency: run `uv sync`, or ask for "
            "none with --no-picture."
        )


def draw_confusion(figures: Figures, path: Path) -> None:
    """Write the confusion table as a PNG picture; colours are shares of what was expected."""
    expected, given = confusion_names(figures)
    totals = {
        row: sum(figures.confusion.get((row, column), 0) for column in given) for row in expected
    }
    shares = [
        [100 * figures.confusion.get((row, column), 0) / totals[row] for column in given]
        for row in expected
    ]
    figure = _figure((3 + INCHES_A_NAME * len(given), 2.5 + INCHES_A_NAME * len(expected)))
    axes = figure.add_subplot()
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=100, aspect="equal")
    axes.set_xticks(range(len(given)), given, rotation=90)
    axes.set_yticks(range(len(expected)), expected)
    axes.set_xlabel("got (* right subject, wrong in detail)")
    axes.set_ylabel("expected")
    for row, values in enumerate(shares):
        for column, value in enumerate(values):
            if value:
                number = figures.confusion[(expected[row], given[column])]
                colour = "white" if value > 50 else "black"
                axes.text(column, row, str(number), color=colour, **NUMBER_STYLE)
    figure.colorbar(image, label="% of the expected subject", shrink=0.6)
    _save(figure, path)


def draw_calibration(found: Calibration, path: Path) -> None:
    """Write the reliability curve as a PNG picture, with 95 % confidence intervals."""
    figure = _figure((5, 5))
    axes = figure.add_subplot()
    sure = [100 * each.confidence for each in found.bins]
    right = [each.right.percent for each in found.bins]
    below = [max(0.0, each.right.percent - each.right.interval[0]) for each in found.bins]
    above = [max(0.0, each.right.interval[1] - each.right.percent) for each in found.bins]
    axes.plot([0, 100], [0, 100], linestyle="--", color="grey")
    axes.errorbar(sure, right, yerr=[below, above], marker="o", capsize=3)
    axes.set(xlim=(0, 101), ylim=(0, 101), xlabel="confidence, %", ylabel="intent right, %")
    axes.set_title(f"{found.name}: calibration error {found.error:.3f}, {found.lines} lines")
    _save(figure, path)


def _figure(inches: tuple[float, float]) -> Any:
    with _old_calls_unsaid():
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

    figure = Figure(figsize=inches, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def _save(figure: Any, path: Path) -> None:
    with _old_calls_unsaid():
        figure.savefig(path, dpi=100)


@contextmanager
def _old_calls_unsaid() -> Iterator[None]:
    """It is not ours to mend what matplotlib calls in an old way, and Rasa shows all of it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
