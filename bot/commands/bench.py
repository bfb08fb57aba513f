"""`careline bench`: ours beside a stock Rasa set-up, in one run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.errors import SetupError


def bench(  # noqa: PLR0917  options, given by name
    steps: Annotated[
        str,
        typer.Option(
            help="Only these steps, with commas: train,ready,accuracy,memory,turns,visitors,long. "
            "The results of the others are kept.",
        ),
    ] = "",
    stock_model: Annotated[
        Path | None,
        typer.Option(help="A stock model that was trained before: its training is left out."),
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Begin anew, even if the last run did not end.")
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="A tiny run to see that all works; means nothing.")
    ] = False,
    examples: Annotated[
        int,
        typer.Option(
            min=0,
            help="Train both on about so many examples, spread over the intents (0: all of them, "
            "which takes the stock set-up hours).",
        ),
    ] = 1100,
    gate: Annotated[
        bool, typer.Option("--gate", help="Exit with code 1 when a target is missed.")
    ] = False,
) -> None:
    """Measure ours beside a stock Rasa set-up, trained on the same data, and write
    docs/benchmarks.md.

    Needs two quiet cores and 30 to 60 minutes, most of it for training the stock models. A run that
    was broken off goes on where it was.
    """
    try:
        from bench.run import Options, run
    except ModuleNotFoundError as error:
        raise SetupError("The benchmark runs in the repository only: bench/ is missing.") from error
    console = Console()
    names = tuple(name.strip() for name in steps.split(",") if name.strip())
    missed = run(Options(names, stock_model, fresh, quick, examples), console)
    for target in missed:
        console.print(f"target missed: {target}", highlight=False)
    if gate and missed:
        raise typer.Exit(1)
