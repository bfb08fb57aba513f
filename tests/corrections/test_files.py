"""Corrections as files: for git, for Rasa, for `careline evaluate`, and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from bot.corrections.files import read_files, write_files
from bot.corrections.learning import Shipped, lesson
from bot.corrections.model import Draft, State, Wanted
from bot.corrections.repository import Corrections
from bot.corrections.taking_in import carry_out, plan
from bot.errors import SetupError
from bot.evaluation.reading import read_questions
from tests.corrections.conftest import SHIPPED
from tests.nlu.conftest import rasa

__all__ = ["rasa"]

CLINICS = ("temple", "twin-cities")
BLOCK = Wanted("treatment_detail", "nerve_block")
DRAFTS = [
    Draft("Where do I park: left / right?", Wanted("clinic_admin"), None, State.TRAINING),
    Draft("- how does it\nhurt # really", BLOCK, "temple", State.TRAINING),
    Draft("is the block bad", BLOCK, None, State.TRAINING),
    Draft("is there coffee", Wanted("faq", "coffee"), "temple", State.REGRESSION),
    Draft("'quoted' \"twice\"", Wanted("out_of_scope"), None, State.TRAINING),
    Draft("is the block bad", BLOCK, "temple", State.REGRESSION),
    Draft("not reviewed", Wanted("portal")),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


def export(corrections: Corrections, folder: Path) -> dict[str, str]:
    """Write the files; what stands in them, by their paths."""
    reviewed = corrections.reviewed()
    learnt = lesson(reviewed, SHIPPED)
    paths = write_files(folder, learnt.examples, reviewed)
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    assert found == paths
    return {str(p.relative_to(folder)): p.read_text(encoding="utf-8") for p in found}


@pytest.fixture
def filled(corrections: Corrections) -> Corrections:
    corrections.add(DRAFTS, by="Ana")
    return corrections


def test_one_file_a_subject_in_the_form_of_the_shipped_data(filled: Corrections, folder: Path):
    files = export(filled, folder)
    assert set(files) == {
        "nlu/clinic_admin.yml",
        "nlu/out_of_scope.yml",
        "nlu/treatment_detail.yml",
        "regression.jsonl",
        "written.jsonl",
    }
    assert files["nlu/clinic_admin.yml"] == (
        "# Corrections, written by `careline training export`.\n"
        'version: "3.1"\nnlu:\n- intent: clinic_admin\n  examples: |\n'
        "    - Where do I park: left / right?\n"
    )
    read = yaml.safe_load(files["nlu/treatment_detail.yml"])["nlu"][0]["examples"]
    assert read == "- - how does it hurt # really\n- is the block bad\n"


def test_what_is_asked_can_be_scored_by_careline_evaluate(filled: Corrections, folder: Path):
    export(filled, folder)
    questions = read_questions(folder / "regression.jsonl")
    assert {(q.text, q.subject, q.detail) for q in questions} >= {
        ("- how does it\nhurt # really", "treatment_detail", "nerve_block"),
        ("Where do I park: left / right?", "clinic_admin", None),
    }


def test_an_export_is_the_same_again_and_drops_what_is_no_longer_there(
    filled: Corrections, folder: Path
):
    before = export(filled, folder)
    assert export(filled, folder) == before
    (gone,) = filled.same("Where do I park: left / right?")
    filled.decide(gone.id, State.WITHDRAWN, by="Ana")
    after = export(filled, folder)
    assert "nlu/clinic_admin.yml" not in after
    assert "park" not in str(after)


@pytest.mark.parametrize("name", ["nlu/portal.yml", "nlu/faq.yml", "regression.jsonl"])
def test_an_export_leaves_files_of_somebody_else_alone(
    filled: Corrections, folder: Path, name: str
):
    theirs = folder / name
    theirs.parent.mkdir(parents=True)
    theirs.write_text('version: "3.1"\nnlu: []\n')
    with pytest.raises(SetupError, match=theirs.name):
        export(filled, folder)
    assert [path for path in folder.rglob("*") if path.is_file()] == [theirs]
    assert theirs.read_text() == 'version: "3.1"\nnlu: []\n'


def test_an_import_of_the_same_changes_nothing(filled: Corrections, folder: Path):
    before = export(filled, folder)
    stored = filled.listed()
    made = plan(read_files(folder), filled, SHIPPED, CLINICS)
    assert (made.new, made.changed, made.refused) == ([], {}, [])
    assert made.unchanged == 6
    carry_out(made, filled, by="Ben")
    assert filled.listed() == stored
    assert export(filled, folder) == before


def test_an_import_into_an_empty_store_gives_the_same_export(filled: Corrections, folder: Path):
    before = export(filled, folder / "one")
    entries = read_files(folder / "one")
    for each in filled.listed():
        filled.decide(each.id, State.WITHDRAWN, by="Ana")
    carry_out(plan(entries, filled, SHIPPED, CLINICS), filled, by="Ben")
    assert export(filled, folder / "two") == before


def test_an_import_refuses_what_contradicts_and_what_is_measured_with(
    filled: Corrections, folder: Path
):
    lines = {"phone": ["where do i park left right", "what is it called again"], "portal": ["new"]}
    for subject, texts in lines.items():
        write_files(folder / subject, [(subject, text) for text in texts], ())
    refused = plan(read_files(folder / "phone"), filled, SHIPPED, CLINICS).refused
    assert len(refused) == 2
    assert any("clinic_admin" in sentence for sentence in refused)
    assert any("measured with" in sentence for sentence in refused)
    made = plan(read_files(folder / "portal"), filled, SHIPPED, CLINICS)
    assert [draft.state for draft in made.new] == [State.TRAINING]


def test_what_was_only_asked_and_stands_in_the_files_to_learn_is_learnt(
    corrections: Corrections, folder: Path
):
    corrections.add([Draft("new words", Wanted("portal"), None, State.REGRESSION)], by="Ana")
    write_files(folder, [("portal", "new words")], corrections.reviewed())
    carry_out(plan(read_files(folder), corrections, SHIPPED, CLINICS), corrections, by="Ben")
    assert [(c.state, c.decided_by) for c in corrections.listed()] == [(State.TRAINING, "Ben")]


def test_what_nobody_had_looked_at_again_is_asked_once_the_files_ask_it(
    corrections: Corrections, folder: Path
):
    corrections.add([Draft("new words", Wanted("portal"), "temple")], by="Ana")
    folder.mkdir()
    line = {"text": "new words", "subject": "portal", "detail": "", "clinic": "temple"}
    (folder / "regression.jsonl").write_text(json.dumps(line))
    carry_out(plan(read_files(folder), corrections, SHIPPED, CLINICS), corrections, by="Ben")
    assert [(c.state, c.decided_by) for c in corrections.listed()] == [(State.REGRESSION, "Ben")]


def test_two_clinics_may_want_different_things_of_one_message_and_one_clinic_may_not(
    corrections: Corrections, folder: Path
):
    corrections.add([Draft("where", Wanted("phone"), "temple", State.REGRESSION)], by="Ana")
    folder.mkdir()
    lines = [{"text": "where", "subject": "portal", "clinic": clinic} for clinic in CLINICS]
    (folder / "regression.jsonl").write_text("\n".join(map(json.dumps, lines)))
    made = plan(read_files(folder), corrections, SHIPPED, CLINICS)
    assert [draft.clinic for draft in made.new] == ["twin-cities"]
    assert len(made.refused) == 1
    assert "regression.jsonl:1: the same message was corrected to phone" in made.refused[0]


@pytest.mark.parametrize("clinic", ["tempel", "x" * 65, "a\0", "\ud800"])
def test_a_clinic_that_is_not_there_is_told_with_its_place_and_the_rest_can_be_imported(
    corrections: Corrections, folder: Path, clinic: str
):
    folder.mkdir()
    lines = [{"text": "one", "subject": "phone", "clinic": key} for key in (clinic, "temple")]
    (folder / "regression.jsonl").write_text("\n".join(map(json.dumps, lines)))
    made = plan(read_files(folder), corrections, SHIPPED, CLINICS)
    carry_out(made, corrections, by="Ben")
    assert [each.clinic for each in corrections.listed()] == ["temple"]
    (refused,) = made.refused
    assert refused.startswith(f"{folder}/regression.jsonl:1: There is no clinic ")
    assert refused.endswith("; there are temple, twin-cities.")
    assert refused.isprintable()


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("regression.jsonl", "{", r"regression\.jsonl:1: this is not JSON"),
        ("regression.jsonl", '\n{"text": ""}', r"regression\.jsonl:2: text"),
        ("regression.jsonl", '{"words": "x"}', "a line is an object with"),
        ("regression.jsonl", '{"text": "x", "subject": "parking"}', ":1: There is no subject"),
        ("regression.jsonl", '{"text": "x", "subject": "phone", "clinic": 1}', "clinic"),
        ("regression.jsonl", '{"text": "x", "subject": null}', "subject and detail are texts"),
        ("regression.jsonl", '{"text": "x", "subject": "phone", "detail": 5}', "are texts"),
        (
            "regression.jsonl",
            '\n{"text": "x", "subject": "cause_detail", "detail": "%s"}' % ("x" * 65),
            r"regression\.jsonl:2: A detail is a key of at most 64",
        ),
        ("written.jsonl", '{"text": "x", "subject": "faq", "detail": "a\\u0000"}', ":1: A detail"),
        ("regression.jsonl", '{"text": "a\\u0000", "subject": "phone"}', ":1: text holds"),
        ("regression.jsonl", '{"text": "a\\ud800", "subject": "phone"}', ":1: text holds"),
        ("nlu/x.yml", "nlu: [", "is not YAML"),
        ("nlu/x.yml", "stories: []", "no list `nlu`"),
        ("nlu/x.yml", "nlu: [hello]", "needs a name"),
        ("nlu/x.yml", "nlu: [{intent: phone, examples: [a]}]", "after `|`"),
        ("nlu/x.yml", 'nlu: [{intent: parking, examples: "- a"}]', "There is no subject"),
        ("other.txt", "", "neither"),
    ],
)
def test_a_mistake_in_a_file_is_told_with_its_place(
    folder: Path, name: str, text: str, complaint: str
):
    (folder / "nlu").mkdir(parents=True)
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(SetupError, match=complaint):
        read_files(folder)


def test_a_folder_that_is_not_there_or_cannot_be_written_is_told(folder: Path):
    with pytest.raises(SetupError, match="is no folder"):
        read_files(folder / "none")
    folder.mkdir()
    (folder / "file").touch()
    with pytest.raises(SetupError, match="cannot be written"):
        write_files(folder / "file", [], [])


def test_rasa_reads_the_export_as_it_was_written(filled: Corrections, folder: Path, rasa: None):
    from rasa.shared.nlu.training_data.loading import load_data

    export(filled, folder)
    data = load_data(str(folder / "nlu"))
    found = sorted(
        (m.get("intent"), m.get("text"), tuple(m.get("entities", ()))) for m in data.intent_examples
    )
    assert found == [(*each, ()) for each in lesson(filled.reviewed(), SHIPPED).examples]
    assert Shipped.read().training
