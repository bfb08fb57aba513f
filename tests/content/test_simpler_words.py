"""Simpler words say the same as the answer that they stand for, and are simpler."""

from __future__ import annotations

import re

import pytest

from bot.content.model import LIBRARY, Answer, Snapshot
from bot.content.reading_grade import reading
from bot.evaluation.facts import load_facts
from bot.replies.wording import simpler

GRADE = 5.0
NEEDED = {
    ("definition", None), ("causes", None), ("symptoms", None), ("treatments", None),
    ("more_surgery", None), ("prevalence", None), ("why_surgery", None),
    ("cause_detail", "incorrect_diagnosis"), ("cause_detail", "poor_surgery_results"),
    ("cause_detail", "surgical_injury"), ("cause_detail", "scar_tissue"),
    ("treatment_detail", "behavioral_health"), ("treatment_detail", "injections"),
    ("treatment_detail", "medication"), ("treatment_detail", "stimulation"),
}  # fmt: skip


@pytest.fixture(scope="module")
def simple(snapshot: Snapshot) -> dict[tuple[str, str, str | None], Answer]:
    return {key: answer for key, answer in snapshot.answers.items() if answer.simpler}


def test_each_clinic_has_simpler_words_for_what_is_asked_most(snapshot: Snapshot) -> None:
    for clinic in (*snapshot.clinics, LIBRARY):
        held = {key: snapshot.answer(clinic, *key) for key in NEEDED}
        assert [key for key, answer in held.items() if answer is None or not answer.simpler] == []


def test_they_are_written_for_grade_5_at_most(
    simple: dict[tuple[str, str, str | None], Answer],
) -> None:
    grades = {key: reading(answer.simpler).grade for key, answer in simple.items()}
    assert {key: grade for key, grade in grades.items() if grade is None or grade > GRADE} == {}


def test_they_hold_the_facts_of_their_subject(
    snapshot: Snapshot, simple: dict[tuple[str, str, str | None], Answer]
) -> None:
    facts = load_facts()
    for (clinic, subject, detail), answer in simple.items():
        listed = {"causes": "cause_detail", "symptoms": "symptom_check"}.get(
            subject, "treatment_detail"
        )
        items = [snapshot.answer(clinic, listed, item) for item in answer.items]
        titles = [item.title for item in items if item is not None]
        text = "\n".join([simpler(answer).text, *titles])
        patterns = [*facts.subjects.get(subject, ())]
        if detail is not None:
            patterns.append(facts.details[subject, detail])
        for pattern in patterns:
            assert pattern.search(text), (clinic, subject, detail, pattern.pattern, text)


def test_they_name_no_other_clinic(simple: dict[tuple[str, str, str | None], Answer]) -> None:
    foreign = {"temple": "twin cities", "twin-cities": "temple", LIBRARY: "temple|twin cities"}
    for (clinic, _, _), answer in simple.items():
        assert not re.search(foreign[clinic], answer.simpler, re.IGNORECASE), answer.simpler
