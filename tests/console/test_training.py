"""The page of training: what is in force, what waits, candidates, runs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.candidates.gates import SAFETY
from bot.candidates.model import Kind, Refusal, Run, RunState
from bot.candidates.runs import Runs
from bot.corrections.model import State
from tests.candidates.stage import Shelf, changed
from tests.console.stage import Stage, assert_goes_to, assert_page, words
from tests.console.test_corrections import corrected

DATABASE = "postgresql"

REVIEWER = {"temple": "reviewer"}
EVERYWHERE = {"temple": "reviewer", "twin_cities": "reviewer"}


def runs_of(console: Stage) -> Runs:
    return Runs(console.database, console.clock)


def test_before_anything_was_trained_the_page_says_how_to_begin(console: Stage, shelf: Shelf):
    shown = assert_page(console.signed_in(**REVIEWER).get("/training"))
    assert "What answers visitors now The model that ships with Careline" in shown
    assert "0 corrections wait to be learnt" in shown
    assert "None at present." in shown
    assert "Only the model that ships so far." in shown
    assert "Go back" not in shown


def test_it_tells_what_is_in_force_who_did_it_when_and_by_which_figures(
    console: Stage, shelf: Shelf
):
    model = shelf.promoted()
    shelf.promotions.took_over("one:1:a", 1, "loaded")
    shelf.promotions.took_over("two:2:b", 1, "failed", "The disk is full.")
    page = console.signed_in(**EVERYWHERE).get("/training")
    shown = assert_page(page)
    for told in (
        f"What answers visitors now Model {model.id[:8]}, with 2 corrections Put in force by Ana",
        "Trained by Ana",
        "one:1:a uses it",
        "two:2:b could not load it",
        "The disk is full.",
        "Emergencies and alarming words 200 190 191 1 0 0",
        "Go back to the model before",
    ):
        assert told in shown, told
    assert "Go back to the model before …" not in words(
        console.signed_in("bo", **REVIEWER).get("/training")
    )


def test_after_an_update_it_says_that_the_model_that_ships_is_in_force(
    console: Stage, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
):
    shelf.promoted()
    monkeypatch.setattr("bot.console.training_view.based_on", lambda: "new data 1.1")
    shown = assert_page(console.signed_in(**REVIEWER).get("/training"))
    assert "now The model that ships with Careline Careline was updated" in shown
    assert "Go back" not in shown


def test_corrections_that_wait_are_counted_since_the_last_model_was_trained(
    console: Stage, shelf: Shelf
):
    corrected(console, "where do I leave my car", state=State.TRAINING)
    ana = console.signed_in(**REVIEWER)
    assert "1 correction waits to be learnt." in words(ana.get("/training"))
    shelf.promoted()
    console.clock.move(minutes=1)
    corrected(console, "where do I leave my bicycle", state=State.TRAINING)
    corrected(console, "where do I leave my dog")
    shown = words(ana.get("/training"))
    assert "1 correction waits to be learnt since the last model was trained." in shown
    assert "1 correction has to be looked at before it is used." in shown
    console.clock.move(minutes=1)
    shelf.model()
    assert "0 corrections wait to be learnt since the last model" in words(ana.get("/training"))


def test_a_training_is_begun_and_recorded(console: Stage, shelf: Shelf, begun: list[Run]):
    ana = console.signed_in(**REVIEWER)
    assert_page(ana.post("/training/train", {}), 400)
    assert begun == []
    assert_goes_to(ana.post("/training/train", {"do": "train"}), "/staff/training?done=training")
    assert [(run.kind, run.by) for run in begun] == [(Kind.TRAIN, "ana")]
    assert "Another training or comparison is under way" in assert_page(
        ana.post("/training/train", {"do": "train"}), 409
    )
    assert [entry.by for entry in console.recorded("model.training_begun")] == ["ana"]


def test_its_progress_is_shown_and_it_can_be_stopped(
    console: Stage, shelf: Shelf, begun: list[Run]
):
    ana, runs = console.signed_in(**REVIEWER), runs_of(console)
    ana.post("/training/train", {"do": "train"})
    runs.step(begun[0].id, "collect")
    console.clock.move(seconds=4)
    runs.step(begun[0].id, "keep", 3, 17)
    page = ana.get("/training")
    assert "data-under-way" in page.text
    assert '<progress value="3" max="17"' in page.text
    shown = assert_page(page)
    assert "Gathering the corrections done in 4 s" in shown
    assert "Look again" in shown
    assert f'name="run" value="{begun[0].id}"' in page.text
    assert_page(ana.post("/training/stop", {"run": "another"}), 404)
    sent = ana.post("/training/stop", {"run": begun[0].id})
    assert_goes_to(sent, "/staff/training?done=stopping")
    assert "Stopping, as ana asked." in words(ana.get("/training"))
    runs.end(begun[0].id, RunState.STOPPED)
    page = ana.get("/training")
    assert "It was stopped by ana" in words(page)
    assert "data-under-way" not in page.text
    assert_page(ana.post("/training/stop", {"run": begun[0].id}), 404)


def test_how_the_last_run_ended_is_told(console: Stage, shelf: Shelf, begun: list[Run]):
    ana, runs = console.signed_in(**REVIEWER), runs_of(console)
    ana.post("/training/train", {"do": "train"})
    runs.end(begun[-1].id, RunState.FAILED, failure="The disk is full.")
    assert "It failed: The disk is full." in words(ana.get("/training"))
    ana.post("/training/train", {"do": "train"})
    runs.end(begun[-1].id, RunState.FAILED, failure=Refusal.ARCHIVE_GONE)
    assert "It failed: Its archive was deleted" in words(ana.get("/training"))
    ana.post("/training/train", {"do": "train"})
    console.clock.now += timedelta(minutes=2)
    assert "It ended without a word" in words(ana.get("/training"))
    model = shelf.model()
    ana.post("/training/train", {"do": "train"})
    runs.end(begun[-1].id, RunState.DONE, model_id=model.id)
    page = ana.get("/training")
    assert f"/staff/training/{model.id}" in page.text
    assert "Look at the new model" in words(page)


def test_candidates_say_whether_they_pass(console: Stage, shelf: Shelf):
    shelf.model(shipped=True)
    good, bad, fresh, old = shelf.model(), shelf.model(), shelf.model(), shelf.model(based_on="x")
    shelf.compare(good)
    shelf.compare(bad, changed(SAFETY, urgent_lost=1))
    page = console.signed_in(**REVIEWER).get("/training")
    shown = assert_page(page)
    assert f"Model {good.id[:8]}, with 2 corrections Trained by Ana" in shown
    for model, told, next_step in (
        (good, "Passes", "Look at the comparison"),
        (bad, "Does not pass", "Look at the comparison"),
        (fresh, "Not compared with the model in force", "Compare it"),
    ):
        part = shown.split(f"Model {model.id[:8]}, with")[1].split("Trained by")[1]
        tag = part.split(next_step)[0]
        assert tag.endswith(f" {told} "), model
    assert old.id not in page.text


def test_a_comparison_is_begun_for_a_model_that_there_is(
    console: Stage, shelf: Shelf, begun: list[Run]
):
    ana, model = console.signed_in(**REVIEWER), shelf.model()
    assert_page(ana.post("/training/nothing/compare"), 404)
    sent = ana.post(f"/training/{model.id}/compare")
    assert_goes_to(sent, "/staff/training?done=comparing")
    assert [(run.kind, run.model_id) for run in begun] == [(Kind.COMPARE, model.id)]


def test_who_does_not_review_trains_nothing(console: Stage, shelf: Shelf, begun: list[Run]):
    for role in ("reader", "editor"):
        staff = console.signed_in(role, temple=role)
        assert_page(staff.get("/training"), 403)
        assert_page(staff.post("/training/train", {"do": "train"}), 403)
    assert begun == []
