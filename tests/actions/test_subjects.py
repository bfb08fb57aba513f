"""Every subject is answered from the content store, at both clinics, with and without an outage."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest

from bot.content.model import LIBRARY, Snapshot
from bot.content.subjects import DETAILED, ENTITY_OF, FALLBACK, FAQ, SUBJECTS
from bot.errors import NotFound
from bot.paths import ROOT
from bot.replies.render import render
from tests.actions.driving import Driver
from tests.nlu.contents import Fixed

CLINICS = ("temple", "twin-cities")
CONTACT = ("appointment", "phone", "portal", "human", "clinic_admin")
PHONE = {"temple": "800-836-7536", "twin-cities": "952-841-2345"}
SHARED = {"__init__", "base", "general", "guesses", "masked", "memory", "pointing", "together"}
"""Modules that hold what several actions need."""
MOST_LINES = 50
MOST_LINES_OF_A_SUBJECT = 28


@pytest.fixture(params=["phones work", "phones are out"])
def content(request: pytest.FixtureRequest, in_force: Fixed, with_outage: Snapshot) -> Snapshot:
    if request.param == "phones are out":
        in_force.current = with_outage
    return in_force.current


@pytest.mark.parametrize("clinic", CLINICS)
@pytest.mark.parametrize("subject", sorted(SUBJECTS | {FALLBACK}))
def test_a_subject_gets_its_answer_from_the_store(
    visitor: Driver, content: Snapshot, clinic: str, subject: str
):
    visitor.clinic = clinic
    reply = visitor.ask(subject)
    answer = content.answer(clinic, subject)
    assert answer is not None
    assert reply == render(content, answer, clinic, datetime.now(timezone.utc))
    assert (reply.subject, reply.detail) == (subject, None)
    assert "{" not in reply.text
    assert len(reply.buttons) <= 3


@pytest.mark.parametrize("clinic", CLINICS)
@pytest.mark.parametrize("subject", sorted(ENTITY_OF.keys() - {FAQ}))
def test_every_detail_of_a_subject_gets_its_own_answer(
    visitor: Driver, content: Snapshot, clinic: str, subject: str
):
    visitor.clinic = clinic
    details = {detail for _, of, detail in content.answers if of == subject and detail}
    assert details
    for detail in details:
        reply = visitor.ask(subject, detail)
        assert (reply.subject, reply.detail) == (subject, detail)
        answer = content.answer(clinic, subject, detail)
        assert answer is not None
        assert (reply.answer_id, reply.answer_version) == (answer.id, answer.version)


@pytest.mark.parametrize("subject", CONTACT)
def test_contact_is_the_clinic_s_own_and_what_works_now(
    visitor: Driver, in_force: Fixed, with_outage: Snapshot, subject: str
):
    assert PHONE["temple"] in visitor.ask(subject).text or subject == "portal"
    in_force.current = with_outage
    reply = visitor.ask(subject)
    assert "myTempleHealth" in reply.text
    assert "not get through" in reply.text or "phones are out" in reply.text
    assert PHONE["twin-cities"] not in reply.text
    visitor.clinic = "twin-cities"
    in_force.current = dataclasses.replace(in_force.current, clinics={
        **in_force.current.clinics,
        "twin-cities": dataclasses.replace(in_force.current.clinics["twin-cities"], notices=()),
    })  # fmt: skip
    reply = visitor.ask(subject)
    assert PHONE["twin-cities"] in reply.text
    assert PHONE["temple"] not in reply.text
    assert "myTempleHealth" not in reply.text


@pytest.mark.parametrize("subject", ["emergency", "crisis"])
def test_emergency_help_is_said_first_even_when_the_phones_are_out(
    visitor: Driver, in_force: Fixed, with_outage: Snapshot, subject: str
):
    in_force.current = with_outage
    first = visitor.ask(subject).text.split(". ")[0]
    assert "911" in first or "988" in first


@pytest.mark.parametrize(
    ("subject", "details", "answered"),
    [
        ("treatment_detail", ["injections", "nerve_block"], "nerve_block"),  # a kind, and of what
        ("treatment_detail", ["nerve_block", "injections"], "nerve_block"),
        ("treatment_detail", ["injections", "medication"], "medication"),  # the last one named
        ("treatment_detail", ["opioids", "stimulation"], "stimulation"),
        ("treatment_detail", ["medication", "opioids", "nsaids"], "nsaids"),
        ("cause_detail", ["scar_tissue", "incorrect_diagnosis"], "incorrect_diagnosis"),
        ("cause_detail", ["scar_tissue", "no_such_cause"], "scar_tissue"),
        ("symptom_check", ["numbness", "tingling"], "tingling"),
        ("treatment_detail", ["no_such_treatment"], None),
        ("treatment_detail", [], None),
    ],
)
def test_of_several_details_the_kind_then_the_last_is_answered(
    visitor: Driver, subject: str, details: list[str], answered: str | None
):
    reply = visitor.ask(subject, *details)
    assert (reply.subject, reply.detail) == (subject, answered)


def test_details_of_another_kind_are_not_answered(visitor: Driver):
    reply = visitor.say("treatment_detail", ("cause", "scar_tissue"), ("treatment", "botox"))
    assert reply.detail == "botox"
    assert visitor.say("treatment_detail", ("cause", "scar_tissue")).detail is None


def test_what_the_store_has_no_answer_to_is_admitted(visitor: Driver, in_force: Fixed):
    answers = {
        key: answer for key, answer in in_force.current.answers.items() if key[1] != "prevalence"
    }
    in_force.current = dataclasses.replace(in_force.current, answers=answers)
    reply = visitor.ask("prevalence")
    assert reply.subject == FALLBACK
    assert PHONE["temple"] in reply.text


def test_an_edited_answer_is_said_at_once(visitor: Driver, in_force: Fixed):
    key = (LIBRARY, "prevalence", None)
    edited = dataclasses.replace(in_force.current.answers[key], text="Seldom.", version=2)
    answers = {**in_force.current.answers, key: edited}
    in_force.current = dataclasses.replace(in_force.current, answers=answers)
    reply = visitor.ask("prevalence")
    assert (reply.text, reply.answer_version) == ("Seldom.", 2)


def test_an_unknown_clinic_is_an_error_and_nobody_s_contact_is_said(visitor: Driver):
    visitor.clinic = "nowhere"
    with pytest.raises(NotFound, match="nowhere"):
        visitor.ask("phone")


def test_what_was_said_is_remembered(visitor: Driver):
    visitor.ask("causes")
    assert visitor.slots["last_subject"] == "causes"
    assert visitor.slots["listed_subject"] == "causes"
    assert visitor.slots["listed"][0] == "incorrect_diagnosis"
    visitor.ask("cause_detail", "scar_tissue")
    assert (visitor.slots["last_subject"], visitor.slots["last_detail"]) == (
        "cause_detail",
        "scar_tissue",
    )
    assert visitor.slots["named"] == ["scar_tissue"]
    assert visitor.slots["listed_subject"] == "causes", "a list stays until another is shown"
    visitor.ask("thanks")
    assert visitor.slots["last_detail"] is None


def test_actions_are_found_one_in_each_file(actions: dict[str, Callable[..., Any]]):
    stems = {path.stem for path in (ROOT / "actions").glob("*.py")} - SHARED
    assert set(actions) == {f"action_{stem}" for stem in stems}


def test_an_action_in_a_new_file_is_found_without_listing_it(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
):
    from rasa_sdk.executor import ActionExecutor

    package = tmp_path / "more_actions"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "parking.py").write_text(
        "from actions.base import SubjectAction\n\n\n"
        "class Parking(SubjectAction):\n    subject = 'parking'\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    executor = ActionExecutor()
    executor.register_package("more_actions")
    assert "action_parking" in executor.actions


def test_an_action_is_a_few_lines():
    for path in (ROOT / "actions").glob("*.py"):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if path.stem not in SHARED:
            assert lines <= MOST_LINES, path.name
        if path.stem in SUBJECTS - set(DETAILED):
            assert lines <= MOST_LINES_OF_A_SUBJECT, path.name
