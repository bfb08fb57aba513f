"""`careline train`: make the model for the present training data."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.settings import Settings


def train(
    force: Annotated[
        bool, typer.Option("--force", help="Train even if nothing changed since the last time.")
    ] = False,
) -> None:
    """Train the model if the training data or the pipeline changed (about a minute)."""
    from bot.commands.serve import check_data_dir
    from bot.engine.training import ensure_model, model_path

    settings = Settings.from_env()
    check_data_dir(settings.data_dir)
    model = model_path(settings)
    if model.is_file() and not force:
        typer.echo(f"The model is up to date: {model}")
        return
    ensure_model(settings, anew=force)
    typer.echo(f"Trained: {model}")
