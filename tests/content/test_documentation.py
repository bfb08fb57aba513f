"""`docs/content.md` knows every key, placeholder and command."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from bot.content import schema
from bot.content.placeholders import PLACEHOLDERS
from bot.paths import ROOT

PAGE = (ROOT / "docs" / "content.md").read_text(encoding="utf-8")
MODELS = [
    schema.ContentFile,
    schema.ClinicEntry,
    schema.RouteEntry,
    schema.NoticeEntry,
    schema.SourceEntry,
    schema.AnswerEntry,
    schema.LinkEntry,
]


@pytest.mark.parametrize("model", MODELS)
def test_every_key_of_the_schema_is_described(model: type[BaseModel]) -> None:
    for field in model.__fields__.values():
        assert f"`{field.alias}`" in PAGE, field.alias


def test_every_placeholder_is_described() -> None:
    for name in PLACEHOLDERS:
        assert f"`{{{name}}}`" in PAGE


@pytest.mark.parametrize(
    "words",
    ["content validate", "content import", "content export", "outage on", "outage off",
     "outage show", "--dry-run", "--overwrite-staff-edits", "--from", "--until", "--message"],
)  # fmt: skip
def test_every_command_is_described(words: str) -> None:
    assert words in PAGE
