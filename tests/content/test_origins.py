"""A clinic's file says which websites may show its chat."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from bot.content.exporter import export_texts
from bot.content.files import load_files
from bot.content.importer import import_content
from bot.content.problems import ContentFilesError
from bot.content.records import ContentFiles
from bot.content.store import ContentStore
from bot.paths import CONTENT_DIR

KEY = "  retention_days: 90\n"


def with_origins(folder: Path, *origins: str) -> ContentFiles:
    """The shipped content, Temple's file with these origins."""
    text = (CONTENT_DIR / "temple.yml").read_text(encoding="utf-8")
    path = folder / "temple.yml"
    listed = "".join(f"    - {origin}\n" for origin in origins)
    path.write_text(text.replace(KEY, f"{KEY}  origins:\n{listed}"))
    return load_files([*(p for p in CONTENT_DIR.rglob("*.yml") if p.name != "temple.yml"), path])


def test_origins_are_stored_read_and_exported(
    engine: Engine, clock: Callable[[], datetime], shipped: ContentFiles, tmp_path: Path
) -> None:
    import_content(engine, shipped, clock, by="file")
    content = with_origins(tmp_path, "https://www.temple.example", "http://localhost:8080")
    told = import_content(engine, content, clock, by="file")
    assert ("update", "clinic", "temple") in [dataclasses.astuple(change) for change in told]
    store = ContentStore(engine, clock)
    clinics = store.snapshot().clinics
    expected = ("https://www.temple.example", "http://localhost:8080")
    assert clinics["temple"].origins == expected
    assert clinics["twin-cities"].origins == ()
    text = export_texts(store.content())["temple.yml"]
    assert '  origins: ["https://www.temple.example", "http://localhost:8080"]\n' in text


@pytest.mark.parametrize(
    "origin",
    [
        "www.temple.example",
        "http://www.temple.example",
        "https://www.temple.example/",
        "https://www.temple.example/page",
        "https://WWW.temple.example",
        '"*"',
        '"null"',
        "https://*.temple.example",
    ],
)
def test_what_is_no_origin_is_a_mistake_of_the_file(tmp_path: Path, origin: str) -> None:
    with pytest.raises(ContentFilesError, match="is no origin"):
        with_origins(tmp_path, origin)
