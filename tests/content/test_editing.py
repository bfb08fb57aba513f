from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.content.editing import NEW, write_answer
from bot.content.exporter import export_texts, export_to
from bot.content.files import load_directory
from bot.content.importer import Change, import_content
from bot.content.model import LIBRARY, Snapshot
from bot.content.records import ARCHIVED, DRAFT, AnswerRecord, ContentFiles
from bot.content.store import ContentStore
from bot.content.tables import answer_versions, text_vectors
from bot.content.vectors import VectorStore
from bot.errors import ContentError, EditOvertaken
from tests.content.conftest import Clock
from tests.content.test_answer_index import of, vectors

DOGS = AnswerRecord(
    LIBRARY,
    "faq",
    "dogs",
    "Trained service dogs are welcome. {route}",
    title="Dogs",
    examples=("Can my dog come?", "Are pets allowed?"),
    source="temple",
)
ASKED = "may my dog come"

Write = Callable[..., int]


@pytest.fixture
def store(engine: Engine) -> VectorStore:
    return VectorStore(engine, "model", vectors)


@pytest.fixture
def content(engine: Engine, clock: Clock, store: VectorStore) -> ContentStore:
    return ContentStore(engine, clock, store)


@pytest.fixture
def write(engine: Engine, clock: Clock, store: VectorStore) -> Write:
    """Writes an answer with changes, as edited from the version `read`."""

    def edit(record: AnswerRecord = DOGS, read: int = NEW, by: str = "kim", **more: object) -> int:
        changed = dataclasses.replace(record, **more)  # type: ignore[arg-type]
        return write_answer(engine, changed, clock, store, by=by, read_version=read)

    return edit


def found(snapshot: Snapshot, question: str = ASKED, clinic: str = "temple") -> list[str]:
    assert snapshot.index is not None
    return [match.detail for match in snapshot.index.nearest(of(question), {clinic, LIBRARY})]


def test_a_new_answer_is_in_the_next_snapshot_with_all_that_it_is_found_by(
    content: ContentStore, write: Write
) -> None:
    before = content.snapshot()
    assert write() == 1
    after = content.snapshot()
    assert (found(before), found(after)) == ([], ["dogs"])
    assert after.version > before.version
    answer = after.answer("temple", "faq", "dogs")
    assert answer is not None
    assert (answer.text, answer.examples) == (DOGS.text, DOGS.examples)
    assert answer.source is not None


def test_an_edit_keeps_the_old_version_and_who_wrote_it(
    engine: Engine, content: ContentStore, clock: Clock, write: Write
) -> None:
    write()
    clock.pass_by(days=1)
    assert write(read=1, by="lee", text="No dogs.", examples=("Do cats come?", "Cats?")) == 2
    with engine.connect() as connection:
        kept = connection.execute(
            sa.select(answer_versions).where(answer_versions.c.edited_by.in_(["kim", "lee"]))
        ).mappings()
        first, second = sorted(kept, key=lambda row: row["version"])
    assert (first["edited_by"], first["body"]["text"]) == ("kim", DOGS.text)
    assert (second["edited_by"], second["body"]["examples"]) == ("lee", ["Do cats come?", "Cats?"])
    assert second["edited_at"] - first["edited_at"] == timedelta(days=1)
    answer = content.snapshot().answer("temple", "faq", "dogs")
    assert answer is not None
    assert (answer.version, answer.text) == (2, "No dogs.")


@pytest.mark.parametrize("read", [NEW, 1, 3])
def test_who_edited_an_old_version_is_told_and_changes_nothing(
    content: ContentStore, write: Write, read: int
) -> None:
    write()
    write(read=1, text="Second.")
    version = content.version()
    with pytest.raises(EditOvertaken):
        write(read=read, text="Third.")
    assert content.version() == version
    answer = content.snapshot().answer("temple", "faq", "dogs")
    assert answer is not None
    assert answer.text == "Second."


def test_of_two_who_make_the_same_answer_at_once_one_is_told(write: Write) -> None:
    results: list[object] = []
    start = threading.Barrier(2)

    def make(by: str) -> None:
        start.wait()
        try:
            results.append(write(by=by))
        except EditOvertaken as error:
            results.append(type(error))

    threads = [threading.Thread(target=make, args=(by,)) for by in ("kim", "lee")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, results)) == sorted(map(str, [1, EditOvertaken]))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"examples": ("Can my dog come?",)}, "2 to 20"),
        ({"examples": ("Can my dog come?",) * 3}, "2 to 20"),
        ({"examples": tuple(f"question {n}" for n in range(21))}, "2 to 20"),
        ({"examples": ("Can my dog come?", " ")}, "examples"),
        ({"source": None}, "source"),
        ({"source": "nowhere"}, "nowhere"),
        ({"text": ""}, "text"),
        ({"text": "Call {fax}."}, "{fax}"),
        ({"simpler": "Call {fax}."}, "{fax}"),
        ({"title": ""}, "title"),
        ({"detail": None}, "key of its own"),
        ({"clinic": "nowhere"}, "no clinic 'nowhere'"),
        ({"offers": ("faq/cats",)}, "faq/cats"),
        ({"subject": "treatment_detail"}, "found by examples"),
        ({"subject": "dogs"}, "no subject 'dogs'"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_written(
    content: ContentStore, write: Write, change: dict[str, object], complaint: str
) -> None:
    version = content.version()
    with pytest.raises(ContentError, match=complaint):
        write(**change)
    assert content.version() == version


def test_nothing_is_kept_of_an_edit_that_was_refused(
    engine: Engine, write: Write, content: ContentStore
) -> None:
    with pytest.raises(ContentError):
        write(offers=("faq/cats",))
    with engine.connect() as connection:
        assert connection.execute(sa.select(text_vectors)).all() == []


@pytest.mark.parametrize("status", [DRAFT, ARCHIVED])
def test_an_answer_that_is_taken_back_is_not_found(
    content: ContentStore, write: Write, status: str
) -> None:
    write()
    write(read=1, status=status)
    after = content.snapshot()
    assert after.answer("temple", "faq", "dogs") is None
    assert found(after) == []


def test_an_archived_answer_can_be_made_again(content: ContentStore, write: Write) -> None:
    write()
    write(read=1, status=ARCHIVED)
    assert write() == 1
    assert found(content.snapshot()) == ["dogs"]


def test_a_clinics_own_answer_is_for_its_visitors_only(content: ContentStore, write: Write) -> None:
    write(clinic="temple")
    after = content.snapshot()
    assert (found(after, clinic="temple"), found(after, clinic="twin-cities")) == (["dogs"], [])


def test_an_import_leaves_what_staff_wrote_and_an_export_gives_it_back(
    engine: Engine, clock: Clock, content: ContentStore, write: Write, shipped: ContentFiles
) -> None:
    write()
    write(clinic="temple", detail="cats", simpler="No cats.")
    assert import_content(engine, shipped, clock, by="file") == []
    texts = export_texts(content.content())
    assert "faq/dogs:" in texts["library/faq.yml"]
    assert "for_clinic: temple" in texts["temple/faq.yml"]
    assert "simpler: No cats." in texts["temple/faq.yml"]


def test_an_answer_of_a_file_is_edited_too_and_an_import_then_keeps_it(
    engine: Engine, clock: Clock, content: ContentStore, write: Write, shipped: ContentFiles
) -> None:
    stored = next(a for a in content.content().answers if a.key == (LIBRARY, "thanks", None))
    assert write(stored, read=1, text="Thank you too.") == 2
    told = import_content(engine, shipped, clock, by="file")
    assert told == [Change("keep", "answer", "library thanks")]


def test_a_snapshot_reads_only_the_answers_that_changed(
    content: ContentStore, write: Write
) -> None:
    write()
    first = content.snapshot()
    write(read=1, text="New words.")
    second = content.snapshot()
    assert second.answers[LIBRARY, "faq", "dogs"].text == "New words."
    key = (LIBRARY, "thanks", None)
    assert second.answers[key].text is first.answers[key].text


def test_without_vectors_a_snapshot_has_no_index(engine: Engine, clock: Clock) -> None:
    assert ContentStore(engine, clock).snapshot().index is None


def test_what_staff_wrote_is_read_back_from_its_export_as_it_was(
    content: ContentStore, write: Write, tmp_path: Path
) -> None:
    write(examples=("Can I bring my dog?", "I have a dog, may it come in?", "dogs: yes or no"))
    before = content.content()
    export_to(before, tmp_path)
    assert set(load_directory(tmp_path).answers) == set(before.answers)
