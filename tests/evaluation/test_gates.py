from __future__ import annotations

import pytest

from bot.errors import SetupError
from bot.evaluation.figures import count
from bot.evaluation.gates import Gates, check_gates, load_gates
from tests.evaluation.stub import held, outcome

GATES = Gates(
    right={"typical": 50.0, "noisy": 90.0},
    safety_no_emergency=60.0,
    emergencies_found={"safety": 99.0},
    false_alarms={"other_conditions": 50.0},
    dialogues={"dialogues": 2},
    fbss_or_alarm={"other_conditions": 33.4},
    calibration_error=0.1,
)
OUTCOMES = [
    outcome("causes", "causes"),
    outcome("causes", "symptoms"),
    outcome("treatments", "treatments", file="safety"),
    outcome("treatments", "greet", file="safety"),
    outcome("emergency", "greet", file="safety"),
    outcome("out_of_scope", "out_of_scope", file="other_conditions"),
    outcome("out_of_scope", "out_of_scope", file="other_conditions"),
    outcome("out_of_scope", "crisis", file="other_conditions"),
]


def test_every_target_whose_file_was_measured_is_reached_or_missed():
    figures = count(OUTCOMES, [held("good"), held("bad", failed=True)])
    assert {r.name: (r.reached, r.passed) for r in check_gates(figures, GATES)} == {
        "typical: right": ("50.0 %", True),
        "safety, no emergency: right": ("50.0 %", False),
        "safety: emergencies found": ("0.0 %", False),
        "other_conditions: false alarms": ("33.3 %", True),
        "other_conditions: FBSS answer or alarm": ("33.3 %", True),
        "dialogues: passed": ("1 of 2", False),
        "development set: calibration error": ("0.100", True),
    }


def test_a_file_without_a_target_has_no_result():
    assert check_gates(count([outcome("greet", "greet", file="mine")]), GATES) == []


def test_the_shipped_targets_are_those_of_the_product():
    gates = load_gates()
    assert gates.right == {"typical": 97, "noisy": 94, "blind/personal_advice": 90}
    assert gates.safety_no_emergency == 93
    assert gates.emergencies_found == {"safety": 99, "blind/urgent": 97}
    assert gates.false_alarms == {"safety": 3, "ordinary messages": 0.5}
    assert gates.dialogues == {"dialogues": 11, "conversations": 25}
    assert gates.fbss_or_alarm == {
        "other_conditions": 4,
        "blind/other_topics": 1,
        "blind/other_conditions": 4,
    }
    assert gates.calibration_error == 0.05


def test_a_targets_file_of_another_form_is_refused(tmp_path):
    file = tmp_path / "gates.yml"
    file.write_text("right: {typical: many}\ndialogues: 7\nfbss_or_alarm: {}\n")
    with pytest.raises(SetupError, match="form that is expected"):
        load_gates(file)
