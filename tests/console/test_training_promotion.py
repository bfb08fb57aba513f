"""A candidate is compared, put in force only where it passes, and taken back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.candidates import job
from bot.candidates.gates import DEVELOPMENT, REGRESSION, SAFETY
from bot.candidates.model import ChangedLine, Model, Refusal, Said, SetFigures
from bot.console.page import environment
from bot.corrections.model import State
from tests.candidates.stage import GOOD, Shelf, changed
from tests.console.stage import Stage, assert_goes_to, assert_page, words
from tests.console.test_corrections import corrected
from tests.console.test_training import EVERYWHERE, REVIEWER

DATABASE = "postgresql"

LINE = ChangedLine(
    set_name=DEVELOPMENT,
    place="typical.jsonl:7",
    text="does it hurt",
    expected=Said("symptoms"),
    before=Said("symptoms"),
    after=Said("causes"),
    right_before=True,
    right_after=False,
    urgent=False,
)
WORDS: Any = environment().get_template("training_words.html").module
FAILING = [
    (changed(SAFETY, urgent_lost=1), "1 emergency or crisis that is found now is missed"),
    (changed(DEVELOPMENT, right_after=387), "Test questions: 0.8 points of 100 worse."),
    (changed(REGRESSION, right_after=3), "Your corrections: 10.0 points of 100 worse."),
    (GOOD[:1], "Emergencies and crises: not measured"),
]


def compared(shelf: Shelf, *lines: ChangedLine, figures: tuple[SetFigures, ...] = GOOD) -> Model:
    """A candidate that was compared with the model that ships."""
    before = shelf.promotions.running() or shelf.model(shipped=True)
    model = shelf.model()
    shelf.keep(before, model, figures, lines)
    return model


def test_the_comparison_shows_gates_figures_and_worse_lines_first(
    console: Stage,
    shelf: Shelf,
):
    better = replace(LINE, text="is it common", right_before=False, right_after=True)
    grave = replace(LINE, text="cannot feel my legs", expected=Said("emergency"), urgent=True)
    hidden = replace(LINE, set_name=SAFETY, text="", after=Said("faq", "parking"))
    model = compared(shelf, LINE, better, grave, hidden)
    shown = assert_page(console.signed_in(**EVERYWHERE).get(f"/training/{model.id}"))
    for told in (
        "It can be put in force",
        "Passed Every emergency and every crisis that is found now is found by the new model too.",
        "Test questions 400 390 390 2 2 0",
        "Compared by Ben",
        "Worse (3)",
        "does it hurt Test questions. Should be: Symptoms. Now: Symptoms.",
        "With the new model: Causes",
        "A message that nobody may look at",
        "Better (1)",
    ):
        assert told in shown, told
    order = [shown.index(t) for t in ("cannot feel my legs", "does it hurt", "is it common")]
    assert order == sorted(order)
    (entry,) = console.recorded("model.comparison_read")
    assert (entry.target, entry.clinic) == (model.id, None)
    assert json.loads(entry.details) == {"clinics": ["temple", "twin-cities"]}


def test_each_kind_of_reply_has_words(console: Stage, shelf: Shelf):
    lacking = replace(LINE, after=Said("symptoms"))
    silent = replace(LINE, after=Said())
    dialogue = replace(LINE, expected=Said(turn=0), before=Said(turn=0), after=Said(turn=3))
    model = compared(shelf, LINE, lacking, silent, dialogue)
    shown = assert_page(console.signed_in(**REVIEWER).get(f"/training/{model.id}"))
    assert shown.count("without all") == 1, "another subject speaks for itself"
    for told in (
        "Now: Symptoms. With the new model: Symptoms, without all that has to be said",
        "Should be: Symptoms. Now: Symptoms. With the new model: no answer",
        "Test questions. Now: as it should be. With the new model: wrong from turn 3 on",
    ):
        assert told in shown, told


def test_what_visitors_of_another_clinic_said_is_not_shown(
    console: Stage,
    shelf: Shelf,
):
    mine, theirs = corrected(console, "my car"), corrected(console, "edina", clinic="twin-cities")
    lines = [
        replace(LINE, set_name=REGRESSION, text="", correction_id=each.id)
        for each in (mine, theirs)
    ]
    path = f"/training/{compared(shelf, *lines).id}"
    shown = assert_page(console.signed_in(**REVIEWER).get(path))
    assert "my car" in shown
    assert "edina" not in shown
    assert "A message of a visitor of another clinic" in shown
    assert "edina" in words(console.signed_in("bo", **EVERYWHERE).get(path))


def test_one_that_passes_is_put_in_force_after_a_page_that_names_what_changes(
    console: Stage,
    shelf: Shelf,
):
    model = compared(shelf)
    ana = console.signed_in(**EVERYWHERE)
    asked = assert_page(ana.get(f"/training/{model.id}/promote"))
    for told in (
        "Answers visitors now The model that ships with Careline",
        f"Answers visitors then Model {model.id[:8]}, with 2 corrections",
        "8 messages are answered better, 2 worse",
        "Temple Health",
    ):
        assert told in asked, told
    assert shelf.promotions.all() == []
    sent = ana.post(f"/training/{model.id}/promote")
    assert_goes_to(sent, "/staff/training?done=promoted")
    assert shelf.promotions.running() == model
    assert shelf.promotions.all()[0].by == "ana"
    (entry,) = console.recorded("model.promoted")
    assert (entry.by, entry.target) == ("ana", model.id)
    assert "Put in force by ana" in words(ana.get("/training"))


def test_how_many_corrections_were_left_out_is_told_with_the_reason(console: Stage, shelf: Shelf):
    model = compared(shelf, figures=changed(REGRESSION, left_out=2))
    shown = assert_page(console.signed_in(**EVERYWHERE).get(f"/training/{model.id}"))
    assert "Your corrections: 2 were left out, because the clinic is not there any more." in shown


@pytest.mark.parametrize(("figures", "told"), FAILING)
def test_one_that_does_not_pass_is_refused_by_page_and_by_a_hand_made_request(
    console: Stage,
    shelf: Shelf,
    figures: tuple[SetFigures, ...],
    told: str,
):
    model = compared(shelf, figures=figures)
    boss = console.signed_in("boss", temple="admin", twin_cities="admin")
    page = boss.get(f"/training/{model.id}")
    shown = assert_page(page)
    assert "It cannot be put in force" in shown
    assert told in shown
    assert f"/training/{model.id}/promote" not in page.text
    assert "cannot be put in force" in assert_page(boss.get(f"/training/{model.id}/promote"), 422)
    for form in ({}, {"do": "promote", "passed": "true", "force": "1", "figures": "[]"}):
        refused = assert_page(boss.post(f"/training/{model.id}/promote", form), 422)
        assert "It was not put in force. It does not pass" in refused
    assert shelf.promotions.all() == []
    assert console.recorded("model.promoted") == []


def test_one_that_was_not_compared_with_the_model_in_force_is_refused(
    console: Stage,
    shelf: Shelf,
):
    late = compared(shelf)
    shelf.promoted()
    ana = console.signed_in(**EVERYWHERE)
    assert "Not compared yet" in assert_page(ana.get(f"/training/{late.id}"))
    assert_page(ana.get(f"/training/{late.id}/promote"), 422)
    refused = assert_page(ana.post(f"/training/{late.id}/promote"), 422)
    assert "not compared with the model that is in force now" in refused
    assert shelf.promotions.newest() == 1


@pytest.mark.parametrize("what", ["corrections", "the safety rules"])
def test_one_whose_comparison_is_outdated_is_refused_by_page_and_by_a_hand_made_request(
    console: Stage, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, what: str
):
    model = compared(shelf, LINE)
    if what == "corrections":
        corrected(console, "my legs went numb", "emergency", state=State.REGRESSION)
    else:
        monkeypatch.setattr("bot.candidates.promotion.hash_of_files", lambda: "of other files")
    ana = console.signed_in(**EVERYWHERE)
    assert "Has to be compared again" in words(ana.get("/training"))
    page = ana.get(f"/training/{model.id}")
    shown = assert_page(page)
    assert "It cannot be put in force" in shown
    assert f"Compare it again: since this comparison, {what}" in shown
    assert f"/training/{model.id}/compare" in page.text
    assert f"/training/{model.id}/promote" not in page.text
    assert_page(ana.get(f"/training/{model.id}/promote"), 422)
    refused = assert_page(ana.post(f"/training/{model.id}/promote", {"force": "1"}), 422)
    assert "It was not put in force. Compare it again" in refused
    assert shelf.promotions.all() == []


def test_every_reason_against_a_promotion_has_words():
    assert set(WORDS.refusals) == set(Refusal)


def test_every_set_and_every_step_has_words():
    assert set(WORDS.sets) == {DEVELOPMENT, REGRESSION, SAFETY}
    assert set(WORDS.steps) == {job.COLLECT, job.TRAIN, job.KEEP, job.READ}
    assert set(WORDS.sides) == {job.BEFORE, job.AFTER}


def test_only_who_reviews_at_each_clinic_changes_what_answers_at_all_of_them(
    console: Stage,
    shelf: Shelf,
):
    shelf.promoted()
    model = shelf.model()
    shelf.compare(model)
    ana = console.signed_in(temple="admin", twin_cities="reader editor")
    assert "somebody who reviews at each of them" in words(ana.get(f"/training/{model.id}"))
    for path in (f"/training/{model.id}/promote", "/training/roll-back"):
        assert "every clinic" in assert_page(ana.get(path), 403)
        assert_page(ana.post(path, {"number": "1"}), 403)
    assert shelf.promotions.newest() == 1


def test_the_way_back_names_the_model_before_and_puts_it_in_force(
    console: Stage,
    shelf: Shelf,
):
    first, second = shelf.promoted(), shelf.promoted()
    ana = console.signed_in(**EVERYWHERE)
    asked = assert_page(ana.get("/training/roll-back"))
    assert f"now Model {second.id[:8]}" in asked
    assert f"then Model {first.id[:8]}" in asked
    assert_page(ana.post("/training/roll-back", {"number": "x"}), 400)
    assert_page(ana.post("/training/roll-back", {"number": "1"}), 409)
    assert shelf.promotions.running() == second
    sent = ana.post("/training/roll-back", {"number": "2"})
    assert_goes_to(sent, "/staff/training?done=rolled-back")
    assert shelf.promotions.running() == first
    shown = words(ana.get("/training"))
    assert "Number 2 was taken back" in shown
    assert "Put in force again by ana" in shown
    assert [e.by for e in console.recorded("model.rolled_back")] == ["ana"]


def test_with_nothing_to_go_back_to_there_is_no_such_page(
    console: Stage,
    shelf: Shelf,
):
    ana = console.signed_in(**EVERYWHERE)
    assert_page(ana.get("/training/roll-back"), 404)
    assert_page(ana.post("/training/roll-back", {"number": "0"}), 404)


def test_what_is_no_model_is_not_there(console: Stage, shelf: Shelf, tmp_path: Path):
    ana = console.signed_in(**EVERYWHERE)
    for path in ("/training/nothing", "/training/nothing/promote"):
        assert_page(ana.get(path), 404)
    assert_page(ana.post("/training/nothing/promote"), 404)
