from __future__ import annotations

import csv
import io
import json

import pytest
from rich.console import Console

from bot.errors import SetupError
from bot.evaluation.figures import Figures, Share, count, macro_f1
from bot.evaluation.gates import Gates, check_gates, load_gates
from bot.evaluation.picture import check_drawable, draw_confusion
from bot.evaluation.reading import Dialogue, Question
from bot.evaluation.report import as_json, print_report, write_confusion
from bot.evaluation.running import DialogueOutcome, Failure, Outcome
from bot.evaluation.scoring import SeenReply, Verdict


def outcome(
    subject: str, came: str | None, wrong: str | None = None, file: str = "typical"
) -> Outcome:
    verdict = Verdict(("" if came == subject else "other subject") if wrong is None else wrong)
    asked = Question(f"ask [bold]{subject}", subject, None, "temple", True, file, 7)
    return Outcome(asked, SeenReply(came, None, "", ""), verdict, 0.5)


OUTCOMES = [
    outcome("causes", "causes"),
    outcome("causes", "symptoms"),
    outcome("symptoms", "symptoms"),
    outcome("symptom_check", "symptom_check", "other detail"),
    outcome("emergency", "crisis", ""),
    outcome("emergency", "causes"),
    outcome("redflag_general", "emergency", ""),
    outcome("greet", None),
    outcome("out_of_scope", "out_of_scope", file="other_conditions"),
    outcome("out_of_scope", "causes", file="other_conditions"),
    outcome("out_of_scope", "emergency", file="other_conditions"),
]
PLAYED = Dialogue("good", "temple", True, (), "d:1")
DIALOGUES = [
    DialogueOutcome(PLAYED),
    DialogueOutcome(PLAYED, Failure(2, "and [that]", "No.", ("must: a[bc]",))),
]


def figures() -> Figures:
    return count(OUTCOMES, DIALOGUES)


def test_shares_are_counted_by_file_and_by_subject():
    found = figures()
    assert found.total == Share("total", 5, 11)
    assert found.files == (Share("other_conditions", 1, 3), Share("typical", 4, 8))
    assert Share("causes", 1, 2) in found.subjects
    assert Share("causes", 1, 2).percent == 50
    assert Share("nothing", 0, 0).percent == 0


def test_an_answer_on_the_condition_to_an_outside_question_is_counted_and_an_emergency_is_not():
    assert figures().fbss_answers == (Share("other_conditions", 1, 3),)


def test_safety_counts_found_emergencies_and_false_alarms():
    safety = figures().safety
    assert safety.found == Share("emergencies found", 1, 2)
    assert safety.false_alarms == Share("false alarms", 1, 8)


def test_confusion_marks_a_right_subject_with_a_wrong_detail_and_silence():
    confusion = figures().confusion
    assert confusion[("symptom_check", "symptom_check*")] == 1
    assert confusion[("greet", "(none)")] == 1
    assert confusion[("emergency", "emergency")] == 1, "a crisis reply counted as right"


def test_macro_f1_is_the_mean_over_the_subjects_in_scope_that_were_asked_for():
    pairs = {("a", "a"): 1, ("a", "b"): 1, ("b", "b"): 2, ("out_of_scope", "b"): 1}
    assert macro_f1(pairs) == pytest.approx((2 * 1 / 3 + 2 * 2 / 6) / 2)
    assert macro_f1({}) == 0


def test_gates_look_at_files_dialogues_and_outside_questions():
    gates = Gates({"typical": 50.0, "noisy": 90.0}, 2, {"other_conditions": 33.4})
    results = {r.name: r.passed for r in check_gates(figures(), gates)}
    assert results == {
        "typical right": True,
        "other_conditions: FBSS answers": True,
        "dialogues": False,
    }


def test_a_gate_that_looks_at_nothing_does_not_pass():
    other = count([outcome("greet", "greet", file="mine")])
    with pytest.raises(SetupError, match="None of the files"):
        check_gates(other, load_gates())


def test_the_shipped_gates_are_those_of_the_product():
    gates = load_gates()
    assert gates.right == {"typical": 93, "noisy": 88}
    assert (gates.dialogues, gates.fbss_answers) == (7, {"other_conditions": 10})


def test_a_gates_file_of_another_form_is_refused(tmp_path):
    file = tmp_path / "gates.yml"
    file.write_text("right: {typical: many}\ndialogues: 7\nfbss_answers: {}\n")
    with pytest.raises(SetupError, match="form that is expected"):
        load_gates(file)


def test_the_json_form_holds_every_figure():
    found = json.loads(json.dumps(as_json(figures())))
    assert found["total"] == {"name": "total", "count": 5, "of": 11, "percent": 45.5}
    assert len(found["wrong"]) == 6
    assert found["wrong"][0] == {
        "file": "typical",
        "line": 7,
        "text": "ask [bold]causes",
        "expected": {"subject": "causes", "detail": None},
        "got": {"subject": "symptoms", "detail": None},
        "confidence": 0.5,
        "why": "other subject",
    }
    assert [d["passed"] for d in found["dialogues"]] == [True, False]
    assert found["dialogues"][1]["failure"]["broken"] == ["must: a[bc]"]
    assert as_json(count(OUTCOMES))["dialogues"] is None


def test_the_report_shows_wrong_lines_failed_turns_and_gates_with_brackets_as_they_are():
    stream = io.StringIO()
    gates = check_gates(figures(), load_gates())
    print_report(Console(file=stream, width=200), figures(), gates)
    text = stream.getvalue()
    assert "ask [bold]causes" in text
    assert "typical:7" in text
    assert "failed at turn 2" in text
    assert "must: a[bc]" in text
    assert "macro F1 of subjects in scope: 0." in text
    assert "gate dialogues: 1, wanted >= 7: MISSED" in text


def test_the_confusion_table_is_a_row_for_each_expected_subject(tmp_path):
    file = tmp_path / "confusion.csv"
    write_confusion(figures(), file)
    rows = list(csv.DictReader(file.read_text().splitlines()))
    by_name = {row["expected \\ got"]: row for row in rows}
    assert by_name["causes"]["symptoms"] == "1"
    assert by_name["causes"]["causes"] == "1"
    assert by_name["greet"]["(none)"] == "1"
    assert sum(int(v) for r in rows for k, v in r.items() if k != "expected \\ got") == 11


def test_the_picture_is_drawn(tmp_path):
    file = tmp_path / "confusion.png"
    draw_confusion(figures(), file)
    assert file.read_bytes().startswith(b"\x89PNG")
    assert file.stat().st_size > 5000


def test_a_missing_matplotlib_is_said_before_the_run(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SetupError, match="uv sync"):
        check_drawable()
