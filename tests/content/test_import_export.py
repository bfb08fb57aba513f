from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.content import importer
from bot.content.exporter import export_texts, export_to
from bot.content.files import load_directory
from bot.content.importer import Change, import_content, import_if_empty
from bot.content.model import LIBRARY
from bot.content.records import ContentFiles
from bot.content.snapshot import snapshot_of_files
from bot.content.store import ContentStore
from bot.content.tables import answer_versions, answers, clinics, notices, sources
from bot.errors import ContentError, SetupError
from bot.paths import CONTENT_DIR
from tests.content.conftest import Clock, edit

WHY = "It is done to relieve a pinched nerve"


def texts_of(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in folder.rglob("*.yml")
    }


def edited_by_staff(engine: Engine, subject: str, text: str) -> None:
    with engine.begin() as connection:
        connection.execute(
            answers.update()
            .where(answers.c.subject == subject, answers.c.clinic == LIBRARY)
            .values(text=text, origin="staff")
        )


def text_of(engine: Engine, clock: Clock, subject: str) -> str:
    answer = ContentStore(engine, clock).snapshot().answers[LIBRARY, subject, None]
    return answer.text


def test_an_export_of_an_import_gives_the_same_files_back(engine: Engine, clock: Clock) -> None:
    assert export_texts(ContentStore(engine, clock).content()) == texts_of(CONTENT_DIR)


def test_the_store_says_what_the_files_say(
    engine: Engine, clock: Clock, shipped: ContentFiles
) -> None:
    stored, read = ContentStore(engine, clock).snapshot(), snapshot_of_files(shipped)
    assert stored.clinics.keys() == read.clinics.keys()
    for key, clinic in read.clinics.items():
        assert stored.clinics[key].routes == clinic.routes
        assert [n.starts_at for n in stored.clinics[key].notices] == [
            n.starts_at for n in clinic.notices
        ]
    assert stored.answers.keys() == read.answers.keys()
    for answer_key, answer in read.answers.items():
        own = stored.answers[answer_key]
        assert dataclasses.replace(own, id=answer.id, version=1) == answer


def test_the_second_import_changes_nothing(
    engine: Engine, clock: Clock, shipped: ContentFiles
) -> None:
    version = ContentStore(engine, clock).version()
    assert import_content(engine, shipped, clock, by="file") == []
    assert ContentStore(engine, clock).version() == version


def test_a_dry_run_tells_what_an_import_would_do_and_does_nothing(
    engine: Engine, clock: Clock, folder: Path
) -> None:
    edit(folder / "library" / "condition.yml", WHY, "It is done to free a nerve")
    before = text_of(engine, clock, "why_surgery")
    changed = load_directory(folder)
    told = import_content(engine, changed, clock, by="file", dry_run=True)
    assert told == [Change("update", "answer", "library why_surgery")]
    assert text_of(engine, clock, "why_surgery") == before
    assert import_content(engine, changed, clock, by="file") == told
    assert "free a nerve" in text_of(engine, clock, "why_surgery")


def test_every_edit_keeps_the_old_version(engine: Engine, clock: Clock, folder: Path) -> None:
    edit(folder / "library" / "condition.yml", WHY, "It is done to free a nerve")
    clock.pass_by(days=1)
    import_content(engine, load_directory(folder), clock, by="editor")
    with engine.connect() as connection:
        kept = connection.execute(
            sa.select(answer_versions)
            .join(answers)
            .where(answers.c.subject == "why_surgery")
            .order_by(answer_versions.c.version)
        ).mappings()
        first, second = kept.all()
    assert (first["version"], first["edited_by"]) == (1, "file")
    assert WHY in first["body"]["text"]
    assert (second["version"], second["edited_by"]) == (2, "editor")
    assert second["edited_at"] == clock.now
    assert second["body"]["reviewed_on"] == "2026-11-20"


def test_what_staff_edited_is_kept_and_reported(
    engine: Engine, clock: Clock, shipped: ContentFiles
) -> None:
    edited_by_staff(engine, "why_surgery", "Staff wrote this.")
    told = import_content(engine, shipped, clock, by="file")
    assert told == [Change("keep", "answer", "library why_surgery")]
    assert text_of(engine, clock, "why_surgery") == "Staff wrote this."


def test_what_staff_edited_is_replaced_when_told_so(
    engine: Engine, clock: Clock, shipped: ContentFiles
) -> None:
    edited_by_staff(engine, "why_surgery", "Staff wrote this.")
    told = import_content(engine, shipped, clock, by="file", overwrite_staff_edits=True)
    assert told == [Change("update", "answer", "library why_surgery")]
    assert WHY in text_of(engine, clock, "why_surgery")
    assert import_content(engine, shipped, clock, by="file") == []


def test_an_answer_that_left_the_files_is_archived_and_can_come_back(
    engine: Engine, clock: Clock, folder: Path, shipped: ContentFiles
) -> None:
    (folder / "temple" / "treatments.yml").unlink()
    told = import_content(engine, load_directory(folder), clock, by="file")
    assert {change.verb for change in told} == {"archive"}
    store = ContentStore(engine, clock)
    answer = store.snapshot().answer("temple", "treatment_detail", "botox")
    assert answer is not None
    assert answer.clinic == LIBRARY
    back = import_content(engine, shipped, clock, by="file")
    assert {change.verb for change in back} == {"add"}
    assert export_texts(store.content()) == texts_of(CONTENT_DIR)


def test_a_draft_is_stored_and_exported_but_not_said(
    engine: Engine, clock: Clock, folder: Path
) -> None:
    edit(
        folder / "temple" / "treatments.yml",
        "  treatment_detail/botox:\n",
        "  treatment_detail/botox:\n    status: draft\n",
    )
    import_content(engine, load_directory(folder), clock, by="file")
    store = ContentStore(engine, clock)
    answer = store.snapshot().answer("temple", "treatment_detail", "botox")
    assert answer is not None
    assert answer.clinic == LIBRARY
    assert "status: draft" in export_texts(store.content())["temple/treatments.yml"]


def test_changes_of_clinics_routes_sources_and_notices_arrive(
    engine: Engine, clock: Clock, folder: Path
) -> None:
    edit(folder / "temple.yml", "label: myTempleHealth\n", "label: The portal\n")
    edit(folder / "temple.yml", "from: 2026-11-20 00:00", "from: 2026-11-20 12:00")
    edit(folder / "library.yml", "title: Health A to Z", "title: Conditions A to Z")
    told = import_content(engine, load_directory(folder), clock, by="file")
    assert [str(change) for change in told] == [
        "update source nhs",
        "update clinic temple",
        "add notice temple phone_outage 2026-11-20T17:00:00+00:00",
        "end notice temple phone_outage 2026-11-20T05:00:00+00:00",
    ]
    assert import_content(engine, load_directory(folder), clock, by="file") == []
    edit(folder / "temple.yml", "right now, so a call may not get through.\n", "now.\n")
    told = import_content(engine, load_directory(folder), clock, by="file")
    assert [change.verb for change in told] == ["update"]


def test_staff_have_the_last_word_on_clinics_sources_and_notices(
    engine: Engine, clock: Clock, shipped: ContentFiles
) -> None:
    with engine.begin() as connection:
        connection.execute(
            clinics.update().where(clinics.c.key == "temple").values(name="T", origin="staff")
        )
        connection.execute(
            sources.update().where(sources.c.key == "nhs").values(title="T", origin="staff")
        )
        connection.execute(notices.update().values(ends_at=clock.now, origin="staff"))
    assert {c.verb for c in import_content(engine, shipped, clock, by="file")} == {"keep"}
    clinic = ContentStore(engine, clock).snapshot().clinics["temple"]
    assert clinic.name == "T"
    assert clinic.notice(clock.now) is None


def test_a_source_that_no_answer_uses_leaves_with_the_files(
    engine: Engine, clock: Clock, folder: Path
) -> None:
    edit(folder / "library.yml", "answers:\n", "  x:\n    title: X\n    publisher: X\nanswers:\n")
    told = import_content(engine, load_directory(folder), clock, by="file")
    assert told == [Change("add", "source", "x")]
    told = import_content(engine, load_directory(CONTENT_DIR), clock, by="file")
    assert told == [Change("remove", "source", "x")]


def test_a_clinic_and_its_answers_need_no_more_than_a_file(
    engine: Engine, clock: Clock, folder: Path
) -> None:
    (folder / "hilltop.yml").write_text(
        "clinic:\n  key: hilltop\n  name: Hilltop\n  timezone: America/Denver\n  routes:\n"
        "    - kind: emergency\n      label: Call 911\n      text: Call 911.\n      url: tel:911\n"
        "answers:\n  portal:\n    text: Hilltop has no portal. {route}\n"
    )
    told = import_content(engine, load_directory(folder), clock, by="file")
    assert [str(change) for change in told] == ["add clinic hilltop", "add answer hilltop portal"]
    snapshot = ContentStore(engine, clock).snapshot()
    assert snapshot.clinics["hilltop"].timezone == "America/Denver"
    for subject in ("definition", "appointment"):
        assert snapshot.answer("hilltop", subject) is not None


def test_an_import_that_fails_half_way_changes_nothing(
    engine: Engine,
    clock: Clock,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    edit(folder / "library" / "condition.yml", WHY, "It is done to free a nerve")
    edit(folder / "library.yml", "title: Health A to Z", "title: Conditions A to Z")

    def fail(*_: object, **__: object) -> None:
        raise KeyError

    before = ContentStore(engine, clock).content()
    monkeypatch.setattr(importer.rows, "keep_version", fail)
    with pytest.raises(KeyError):
        import_content(engine, load_directory(folder), clock, by="file")
    assert ContentStore(engine, clock).content() == before


def test_the_store_refuses_a_second_answer_to_a_question(engine: Engine) -> None:
    with engine.connect() as connection:
        row = connection.execute(
            sa.select(answers).where(answers.c.subject == "why_surgery")
        ).mappings()
        again = {key: value for key, value in row.one().items() if key != "id"}
        with pytest.raises(sa.exc.IntegrityError):
            connection.execute(answers.insert().values(**again))
        connection.rollback()
        connection.execute(answers.insert().values(**{**again, "status": "archived"}))


def test_an_empty_store_is_filled_once(
    database: str, make_engine: Callable[[str], Engine], clock: Clock, folder: Path
) -> None:
    engine = make_engine(database)
    assert import_if_empty(engine, clock, folder)
    edit(folder / "library" / "condition.yml", WHY, "It is done to free a nerve")
    assert not import_if_empty(engine, clock, folder)
    assert WHY in text_of(engine, clock, "why_surgery")


def test_a_mistake_in_the_files_leaves_the_store_empty(
    database: str, make_engine: Callable[[str], Engine], clock: Clock, folder: Path
) -> None:
    edit(folder / "temple.yml", "timezone: America/New_York", "timezone: Mars/Base")
    with pytest.raises(ContentError):
        import_if_empty(make_engine(database), clock, folder)
    assert ContentStore(make_engine(database), clock).snapshot().clinics == {}


def test_texts_that_yaml_could_misread_survive(
    engine: Engine, clock: Clock, folder: Path, tmp_path: Path
) -> None:
    awkward = ["- a: b #c", "'", '"quoted" text', "no", "a, b] c", "2026-11-20", "naïve ☂", "a: b"]
    path = folder / "library" / "injections.yml"
    edit(path, "[botox, ", "[" + "".join(f"{w!r}, " for w in awkward[2:] if "'" not in w))
    edit(path, "title: Botox\n", "title: '- a: b #c'\n    button: \"'\"\n")
    path = folder / "library" / "treatments.yml"
    edit(path, "title: Treatments\n", 'title: "two  spaces"\n')
    content = load_directory(folder)
    import_content(engine, content, clock, by="file")
    export_to(ContentStore(engine, clock).content(), tmp_path / "out")
    assert load_directory(tmp_path / "out") == content
    assert texts_of(tmp_path / "out") == export_texts(content)


def test_an_export_never_leaves_its_folder(shipped: ContentFiles, tmp_path: Path) -> None:
    outside = dataclasses.replace(shipped.answers[0], file="../outside.yml")
    content = dataclasses.replace(shipped, answers=(outside,))
    with pytest.raises(SetupError, match="outside"):
        export_to(content, tmp_path / "out")
    assert not (tmp_path / "outside.yml").exists()


def test_an_export_to_a_place_that_cannot_be_written_is_reported(
    shipped: ContentFiles, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match="cannot be written"):
        export_to(shipped, tmp_path / "file")
