from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from rich.console import Console

from bot.commands import cross_validation as command
from bot.evaluation.cross_validation import (
    CrossValidation,
    Example,
    Guess,
    Reader,
    cross_validate,
    split,
)
from bot.evaluation.json_form import cross_validation_as_json
from bot.evaluation.reading import Question
from bot.evaluation.report import print_cross_validation
from bot.evaluation.shares import Share

EXAMPLES = [
    Example(f"{intent} {number}", intent)
    for intent, many in (("causes", 10), ("greet", 5), ("phone", 3))
    for number in range(many)
]


class Stub:
    """Takes a message for its first word, as far as a message with that word was learnt."""

    def __init__(self) -> None:
        self.examples = EXAMPLES
        self.learnt: list[list[int]] = []
        self.asked: list[list[str]] = []

    def learn(self, numbers: Sequence[int]) -> Reader:
        self.learnt.append(list(numbers))
        known = {self.examples[number].intent for number in numbers}

        def read(texts: Sequence[str]) -> list[Guess]:
            self.asked.append(list(texts))
            words = [text.split()[0] for text in texts]
            return [Guess(word if word in known else "help", 0.8) for word in words]

        return read


def question(text: str, subject: str, file: str = "typical") -> Question:
    return Question(text, subject, None, "temple", True, file, 1)


QUESTIONS = [
    question("causes of it", "causes"),
    question("phone please", "appointment"),  # the one answers for the other
    question("hello", "greet", "noisy"),
    question("greet", "greet", "blind/messages"),
]


@pytest.fixture
def found() -> CrossValidation:
    return cross_validate(Stub(), QUESTIONS, 3, lambda: None)


@pytest.mark.parametrize("folds", [2, 3, 5])
def test_every_part_has_every_intent_alike_and_every_example_is_in_one(folds: int):
    parts = split(EXAMPLES, folds)
    assert sorted(number for part in parts for number in part) == list(range(len(EXAMPLES)))
    for intent in ("causes", "greet", "phone"):
        counts = [Counter(EXAMPLES[n].intent for n in part)[intent] for part in parts]
        assert max(counts) - min(counts) <= 1


def test_an_example_stays_in_its_part_when_the_files_are_read_in_another_order():
    turned = EXAMPLES[::-1]
    assert [{turned[n].text for n in part} for part in split(turned, 3)] == [
        {EXAMPLES[n].text for n in part} for part in split(EXAMPLES, 3)
    ]


def test_no_part_is_asked_of_a_model_that_learnt_it():
    stub = Stub()
    steps: list[int] = []
    cross_validate(stub, QUESTIONS, 3, lambda: steps.append(1))
    for learnt, asked in zip(stub.learnt[:3], stub.asked[:3]):
        assert {EXAMPLES[number].text for number in learnt}.isdisjoint(asked)
        assert len(learnt) + len(asked) == len(EXAMPLES)
    assert stub.learnt[3] == list(range(len(EXAMPLES)))
    assert stub.asked[3] == [each.text for each in QUESTIONS]
    assert len(steps) == 4


def test_accuracy_is_told_by_part_and_by_subject(found: CrossValidation):
    assert found.total == Share("total", 18, 18)
    assert [share.of for share in found.folds] == [6, 6, 6]
    assert Share("causes", 10, 10) in found.subjects
    assert found.calibration.lines == 18
    assert found.calibration.error == pytest.approx(0.2)


def test_the_gap_is_to_what_is_promised_for_the_same_mix_of_subjects(found: CrossValidation):
    """A subject without training messages promises nothing."""
    assert found.files == (
        Share("blind/messages", 1, 1),
        Share("noisy", 0, 1),
        Share("typical", 2, 2),
    )
    assert found.reached == Share("development set", 2, 3)
    assert found.expected == 100
    assert found.gap == pytest.approx(-33.333, abs=0.01)


def test_without_questions_there_is_no_gap():
    stub = Stub()
    found = cross_validate(stub, [], 2, lambda: None)
    assert (found.files, found.reached, found.expected, found.gap) == ((), None, None, None)
    assert len(stub.learnt) == 2
    as_text(found)
    assert cross_validation_as_json(found)["gap_points"] is None


def as_text(found: CrossValidation) -> str:
    stream = io.StringIO()
    print_cross_validation(Console(file=stream, width=200), found)
    return stream.getvalue()


def test_what_is_taken_for_what_is_told_most_frequent_first():
    class Confused(Stub):
        def learn(self, numbers: Sequence[int]) -> Reader:
            return lambda texts: [Guess("greet", 0.9) for _ in texts]

    found = cross_validate(Confused(), QUESTIONS, 2, lambda: None)
    form = cross_validation_as_json(found)
    assert form["confused"] == [
        {"expected": "causes", "got": "greet", "count": 10},
        {"expected": "phone", "got": "greet", "count": 3},
    ]
    text = as_text(found)
    assert "cross-validation promises 50.0 % for its mix of subjects" in text
    assert "33.3 % are reached: -16.7 points" in text


def test_the_command_writes_and_shows_what_came_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def measure(questions: Sequence[Question], folds: int, _: Console) -> CrossValidation:
        return cross_validate(Stub(), questions, folds, lambda: None)

    monkeypatch.setattr(command, "measure", measure)
    show: Callable[..., None] = command.show_cross_validation
    show(QUESTIONS, 3, tmp_path / "results", as_text=False)
    shown = json.loads(capsys.readouterr().out)
    assert shown == json.loads((tmp_path / "results" / "cross_validation.json").read_text())
    assert shown["promised_percent"] == 100
    rows = (tmp_path / "results" / "cross_validation_confusion.csv").read_text().splitlines()
    assert list(csv.reader(rows)) == [["expected", "got", "times"]]
    show(QUESTIONS, 3, tmp_path / "results", as_text=True)
    assert "Right by subject, in cross-validation" in capsys.readouterr().out
