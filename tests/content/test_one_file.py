"""A content file that staff bring: taken in as a whole, by the rules of a single edit."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy.engine import Engine

from bot.content.approval import ApprovalSetting
from bot.content.exporter import export_texts
from bot.content.model import LIBRARY
from bot.content.one_file import FileChanges, OneFile
from bot.content.records import DRAFT, AnswerRecord
from bot.content.store import ContentStore
from bot.content.vectors import VectorStore
from tests.content.conftest import Clock
from tests.content.test_answer_index import vectors
from tests.content.test_editing import DOGS as IN_NO_FILE

FILE = "library/dialogue.yml"
DOGS = dataclasses.replace(IN_NO_FILE, file=FILE)


@pytest.fixture
def files(engine: Engine, clock: Clock) -> OneFile:
    return OneFile(engine, clock, VectorStore(engine, "model", vectors))


@pytest.fixture
def store(engine: Engine, clock: Clock) -> ContentStore:
    return ContentStore(engine, clock)


def text_with(store: ContentStore, *records: AnswerRecord) -> str:
    """The file with these answers in it, in their order, in the place of those it had."""
    held = store.content()
    new = {record.key for record in records}
    kept = tuple(answer for answer in held.answers if answer.key not in new)
    return export_texts(dataclasses.replace(held, answers=(*records, *kept)))[FILE]


def take_in(files: OneFile, store: ContentStore, *records: AnswerRecord) -> FileChanges:
    text = text_with(store, *records)
    shown = files.changes(FILE, text)
    return files.take_in(FILE, text, by="kim", read_version=shown.version)


def test_only_what_visitors_would_read_waits_for_approval(
    engine: Engine, clock: Clock, files: OneFile, store: ContentStore
) -> None:
    ApprovalSetting(engine, clock).set("temple", True, by="ada")
    cats = dataclasses.replace(DOGS, detail="cats", title="Cats", status=DRAFT)
    done = take_in(files, store, DOGS, cats)
    assert {each.after.detail: each.waits for each in done.answers} == {"dogs": True, "cats": False}
    kept = {answer.detail: answer.status for answer in store.content().answers}
    assert kept["cats"] == DRAFT
    assert "dogs" not in kept
    now = store.snapshot()
    assert now.answer(LIBRARY, "faq", "cats") is now.answer(LIBRARY, "faq", "dogs") is None
