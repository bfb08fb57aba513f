"""A content file that staff bring: taken in as a whole, by the rules of a single edit."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy.engine import Engine

from bot.content.approval import ApprovalSetting
from bot.content.editing import AnswerRefusedError
from bot.content.exporter import export_texts
from bot.content.model import LIBRARY
from bot.content.one_file import FileChanges, OneFile
from bot.content.opening import Desk
from bot.content.records import DRAFT, AnswerRecord
from bot.content.store import ContentStore
from bot.content.vectors import VectorStore
from tests.content.conftest import Clock
from tests.content.test_answer_index import vectors
from tests.content.test_editing import DOGS as IN_NO_FILE

FILE = "library.yml"
DOGS = dataclasses.replace(IN_NO_FILE, file=FILE)


@pytest.fixture
def files(engine: Engine, clock: Clock) -> OneFile:
    return OneFile(engine, clock, VectorStore(engine, "model", vectors))


@pytest.fixture
def store(engine: Engine, clock: Clock) -> ContentStore:
    return ContentStore(engine, clock)


def text_with(store: ContentStore, *records: AnswerRecord) -> str:
    """The file of these answers, in their order, in the place of those it had."""
    held = store.content()
    new = {record.key for record in records}
    kept = tuple(answer for answer in held.answers if answer.key not in new)
    return export_texts(dataclasses.replace(held, answers=(*records, *kept)))[records[0].file]


def take_in(files: OneFile, store: ContentStore, *records: AnswerRecord) -> FileChanges:
    name, text = records[0].file, text_with(store, *records)
    shown = files.changes(name, text)
    return files.take_in(name, text, by="kim", read_version=shown.version)


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


def test_answers_that_lead_to_each_other_come_in_one_file(
    files: OneFile, store: ContentStore
) -> None:
    first = dataclasses.replace(DOGS, offers=("faq/cats",))
    second = dataclasses.replace(DOGS, detail="cats", title="Cats", offers=("faq/dogs",))
    take_in(files, store, first, second)
    assert store.snapshot().answer(LIBRARY, "faq", "dogs")
    assert store.snapshot().answer(LIBRARY, "faq", "cats")


def test_a_name_moves_from_one_answer_to_another_in_one_file(
    files: OneFile, store: ContentStore
) -> None:
    held = {answer.key: answer for answer in store.content().answers}
    old = held[LIBRARY, "treatment_detail", "trigger_point"]
    new = held[LIBRARY, "treatment_detail", "nerve_block"]
    name = old.also_called[-1]
    gains = dataclasses.replace(new, also_called=(*new.also_called, name))
    loses = dataclasses.replace(old, also_called=old.also_called[:-1])
    take_in(files, store, gains, loses)
    found = store.snapshot().answer(LIBRARY, "treatment_detail", "nerve_block")
    assert found
    assert name in found.also_called


def test_what_leads_to_an_answer_that_waits_is_not_taken_in_without_it(
    engine: Engine, clock: Clock, files: OneFile, store: ContentStore
) -> None:
    ApprovalSetting(engine, clock).set("temple", True, by="ada")
    helping = next(answer for answer in store.content().answers if answer.name == "help")
    leading = dataclasses.replace(helping, offers=("faq/dogs",))
    with pytest.raises(AnswerRefusedError, match="help.offers.0: There is no answer 'faq/dogs'"):
        take_in(files, store, leading, DOGS)
    assert DOGS.key not in {answer.key for answer in store.content().answers}
    assert Desk(engine).begin(DOGS).draft is None
