"""`careline content`: check, import and export content files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.database import BY, now, open_database
from bot.content.answer_index import search_texts
from bot.content.exporter import export_to
from bot.content.files import load_directory
from bot.content.importer import KEEP, import_content
from bot.content.problems import ContentFilesError
from bot.content.records import ContentFiles
from bot.content.store import ContentStore
from bot.paths import CONTENT_DIR

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

app = typer.Typer(help="Check, import and export what the bot says.", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(help="Folder with the content files.")]


@app.command()
def validate(folder: Folder = CONTENT_DIR) -> None:
    """Check the content files and name every mistake with its file, line and key."""
    try:
        content = load_directory(folder)
    except ContentFilesError as error:
        for problem in error.problems:
            typer.echo(str(problem), err=True)
        raise typer.Exit(1) from error
    clinics = ", ".join(clinic.key for clinic in content.clinics)
    typer.echo(f"All right: {len(content.answers)} answers, clinics {clinics}.")


@app.command("import")
def import_(
    folder: Folder = CONTENT_DIR,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
    ] = False,
    overwrite_staff_edits: Annotated[
        bool,
        typer.Option("--overwrite-staff-edits", help="Also replace what staff edited."),
    ] = False,
) -> None:
    """Bring the store to what the files say, all or nothing. What staff edited is kept."""
    content, database = load_directory(folder), open_database()
    if not dry_run:
        _read_written_answers(database, content)
    changes = import_content(
        database,
        content,
        now,
        by=BY,
        overwrite_staff_edits=overwrite_staff_edits,
        dry_run=dry_run,
    )
    for change in changes:
        typer.echo(str(change))
    kept = sum(change.verb == KEEP for change in changes)
    done = "would change" if dry_run else "changed"
    typer.echo(f"{len(changes) - kept} {done}, {kept} kept as staff edited them.")


def _read_written_answers(database: Engine, content: ContentFiles) -> None:
    """Compute what answers with examples are found by, so that no server has to (1 ms a text).

    What nobody needs any more is deleted.
    """
    from bot.nlu.answer_vectors import vector_store

    held = ContentStore(database, now).content()
    texts = _search_texts(content)
    vectors = vector_store(database)
    if texts:
        vectors(texts)
    vectors.forget_unused([*texts, *_search_texts(held)])


def _search_texts(content: ContentFiles) -> list[str]:
    return [
        text
        for answer in content.answers
        if answer.examples
        for text in search_texts(answer.title, answer.text, answer.examples)
    ]


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Folder to write the content files to.")],
) -> None:
    """Write the store's content as content files; files of the same name are replaced."""
    written = export_to(ContentStore(open_database(), now).content(), folder)
    for path in written:
        typer.echo(str(path))
