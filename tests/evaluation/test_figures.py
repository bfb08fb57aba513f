from __future__ import annotations

import csv
import io
import json

import pytest
from rich.console import Console

from bot.errors import SetupError
from bot.evaluation.figures import Figures, count, macro_f1
from bot.evaluation.gates import check_gates, load_gates
from bot.evaluation.json_form import as_json
from bot.evaluation.picture import check_drawable, draw_calibration, draw_confusion
from bot.evaluation.report import print_report, write_confusion
from bot.evaluation.shares import Share
from tests.evaluation.stub import held, outcome

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
DIALOGUES = [held("good"), held("bad", failed=True)]


def figures() -> Figures:
    return count(OUTCOMES, DIALOGUES)


def test_shares_are_counted_by_file_and_by_subject():
    found = figures()
    assert found.total == Share("total", 5, 11)
    assert found.files == (Share("other_conditions", 1, 3), Share("typical", 4, 8))
    assert Share("causes", 1, 2) in found.subjects
    assert Share("causes", 1, 2).percent == 50
    assert Share("nothing", 0, 0).percent == 0


def test_an_answer_on_the_condition_to_an_outside_question_is_counted_and_so_is_an_alarm():
    assert figures().fbss_or_alarm == (Share("other_conditions", 2, 3),)


def test_the_development_set_is_held_against_blind_messages():
    found = count([*OUTCOMES, outcome("greet", "greet", file="blind/messages")])
    assert found.developed == Share("development set", 4, 8)
    assert found.unseen == Share("blind messages", 1, 1)
    assert found.gap == -50
    assert figures().unseen is None
    assert figures().gap is None


def test_lines_of_safety_that_are_no_emergency_are_counted_by_themselves():
    found = count(
        [
            outcome("treatments", "treatments", file="safety"),
            outcome("redflag_general", "fallback", file="safety"),
            outcome("emergency", "emergency", file="safety"),
            outcome("greet", "greet"),
        ]
    )
    assert found.safety.calm == Share("safety, no emergency", 1, 2)


def test_dialogues_are_counted_by_file():
    found = count([], [*DIALOGUES, held("other", file="conversations")])
    assert found.dialogues_passed == (Share("dialogues", 1, 2), Share("conversations", 1, 1))
    assert count([]).dialogues_passed == ()


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


def test_the_json_form_holds_every_figure():
    found = json.loads(json.dumps(as_json(figures())))
    total = {"name": "total", "count": 5, "of": 11, "percent": 45.5, "interval": [21.3, 72.0]}
    assert found["total"] == total
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
    assert [group["what"] for group in found["mistakes"]][:2] == ["emergency missed", "false alarm"]
    assert found["fbss_or_alarm"][0]["percent"] == 66.7
    assert found["safety"]["found"]["count"] == 1
    assert found["calibration"][0]["name"] == "development set"
    assert found["calibration"][0]["bins"][0]["confidence"] == 0.5


def test_lines_of_blind_files_are_counted_and_never_shown():
    wrong = outcome("causes", "greet", file="blind/messages", text="a secret line")
    blind = count([wrong, outcome("causes", "greet", text="an open line")])
    stream = io.StringIO()
    print_report(Console(file=stream, width=200), blind)
    for shown in (stream.getvalue(), json.dumps(as_json(blind))):
        assert "a secret line" not in shown
        assert "an open line" in shown
    assert "wrong subject: 2" in stream.getvalue()
    assert "1 of blind files, which are not shown" in stream.getvalue()
    alone = io.StringIO()
    print_report(Console(file=alone, width=200), count([wrong]))
    assert "wrong subject: 1" in alone.getvalue()


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
    assert "dialogues good" not in text
    assert "gate dialogues: passed: 1 of 2, wanted >= 11: MISSED" in text
    assert "Reliability curve: development set" in text


def test_the_confusion_table_is_a_row_for_each_expected_subject(tmp_path):
    file = tmp_path / "confusion.csv"
    write_confusion(figures(), file)
    rows = list(csv.DictReader(file.read_text().splitlines()))
    by_name = {row["expected \\ got"]: row for row in rows}
    assert by_name["causes"]["symptoms"] == "1"
    assert by_name["causes"]["causes"] == "1"
    assert by_name["greet"]["(none)"] == "1"
    assert sum(int(v) for r in rows for k, v in r.items() if k != "expected \\ got") == 11


def test_the_pictures_are_drawn(tmp_path):
    file = tmp_path / "confusion.png"
    draw_confusion(figures(), file)
    assert file.read_bytes().startswith(b"\x89PNG")
    assert file.stat().st_size > 5000
    curve = tmp_path / "calibration.png"
    draw_calibration(figures().calibration[0], curve)
    assert curve.stat().st_size > 5000


def test_a_missing_matplotlib_is_said_before_the_run(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SetupError, match="uv sync"):
        check_drawable()
