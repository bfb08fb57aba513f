"""Figures, the kept results, the page."""

from __future__ import annotations

import pytest

from bench import report
from bench.figures import Ratio, by_place, ratios, spread
from bench.keeping import Keeper, fingerprint
from bench.machine import Machine, this_machine
from bench.steps import STEPS

MACHINE = Machine("A CPU", 2, 24.5, "Linux", "3.10.1", "3.6.21")
RESULTS = {
    "train": {"ours": {"seconds": 30.0}, "stock": {"seconds": 300.0, "trained_at": "yesterday"}},
    "ready": {"ours": {"seconds": 2.0}, "stock": {"seconds": 6.0}},
    "accuracy": {
        "ours": {"typical": {"right": 9, "of": 10}},
        "stock": {"typical": {"right": 8, "of": 10}},
    },
    "memory": {"ours": {"mb": 300.0}, "stock": {"mb": 1000.0}},
    "turns": {
        "ours": {"median": 10.0, "p95": 12.0, "p99": 20.0, "turns": 600, "failed": 0},
        "stock": {"median": 70.0, "p95": 90.0, "p99": 100.0, "turns": 600, "failed": 3},
    },
    "visitors": {"ours": {"1": 90.0, "8": 120.0}, "stock": {"1": 13.0, "8": 14.0}},
    "long": {
        "ours": {"1": 10.0, "50": 10.5, "200": 11.0, "failed": 0},
        "stock": {"1": 50.0, "50": 90.0, "200": 180.0, "failed": 0},
    },
}


def test_percentiles_are_those_of_the_values():
    found = spread([float(n) for n in range(1, 102)])
    assert found == {"median": 51.0, "p95": 96.0, "p99": 100.0}


def test_a_turns_cost_is_the_median_around_its_place_over_all_conversations():
    conversations = [[float(n) for n in range(1, 203)], [float(n) + 10 for n in range(1, 203)]]
    assert by_place(conversations) == {"1": 8.0, "50": 55.0, "200": 205.0}


def test_ratios_are_held_against_their_targets():
    found = {r.name: (round(r.value or 0, 3), r.reached) for r in ratios(RESULTS)}
    assert found == {
        "turn time, median": (0.143, True),
        "turn 200 to turn 1, ours": (1.1, True),
        "seconds to ready": (0.333, False),
        "training time": (0.1, True),
        "memory of all processes": (0.3, True),
    }


def test_what_was_not_measured_is_neither_reached_nor_missed():
    unknown = ratios({"train": {"ours": {"seconds": 3.0}, "stock": {"seconds": None}}})
    assert {r.reached for r in unknown} == {None}
    assert {r.shown for r in unknown} == {"not measured"}


@pytest.mark.parametrize(
    ("value", "shown"), [(0.125, "1 : 8.0"), (0.7, "0.70 : 1"), (2, "2.00 : 1")]
)
def test_a_ratio_is_shown_as_the_target_is(value, shown):
    assert Ratio("x", value, 1, "").shown == shown


def test_the_page_holds_the_machine_the_ratios_and_every_figure():
    text = report.page(RESULTS, MACHINE, "2026-11-21")
    assert "2026-11-21: A CPU, 2 cores, 24.5 GB memory, Linux, Python 3.10.1, Rasa 3.6.21" in text
    assert "| turn time, median | 1 : 7.0 | at most 1 : 5 | reached |" in text
    assert "| seconds to ready | 1 : 3.0 | at most 1 : 4 | **missed** |" in text
    assert "| right subject, typical | 90.0 % of 10 | 80.0 % of 10 |" in text
    assert "| turns a second, 8 visitors | 120.0 | 14.0 |" in text
    assert "| milliseconds of turn 200 of a conversation | 11.0 | 180.0 |" in text
    assert "| turns without an answer (turns) | 0 | 3 |" in text
    assert "| stock model trained | yesterday |" in text
    assert report.missed(RESULTS) == ["seconds to ready: 1 : 3.0, wanted 1 : 4"]


def test_a_page_can_be_written_from_some_steps_alone():
    text = report.page(dict.fromkeys(STEPS), MACHINE, "2026-11-21")
    assert "| seconds to train | not measured | not measured |" in text
    assert report.missed(dict.fromkeys(STEPS)) == []


def test_results_are_kept_until_what_they_measure_changes(tmp_path):
    Keeper(tmp_path, "one").keep("turns", {"ours": {"median": 1.0}})
    found = Keeper(tmp_path, "one").result("turns")
    assert found is not None
    assert found["ours"] == {"median": 1.0}
    assert Keeper(tmp_path, "two").result("turns") is None
    assert Keeper(tmp_path, "one").result("ready") is None


def test_a_run_that_did_not_end_goes_on_and_one_that_ended_begins_anew(tmp_path):
    keeper = Keeper(tmp_path, "one")
    assert not keeper.begin(fresh=False)
    keeper.keep("train", {"ours": {}})
    assert keeper.begin(fresh=False)
    assert keeper.result("train") is not None
    keeper.end()
    assert not keeper.begin(fresh=False)
    assert keeper.result("train") is None


def test_a_run_that_did_not_end_is_dropped_on_request_or_when_the_files_changed(tmp_path):
    keeper = Keeper(tmp_path, "one")
    keeper.begin(fresh=False)
    keeper.keep("train", {"ours": {}})
    assert not Keeper(tmp_path, "two").begin(fresh=False)
    keeper.begin(fresh=False)
    keeper.keep("train", {"ours": {}})
    assert not keeper.begin(fresh=True)
    assert keeper.result("train") is None


def test_the_fingerprint_follows_data_and_code_and_nothing_else(tmp_path):
    for name in ("data/nlu/a.yml", "bot/x.py", "bot/__pycache__/x.pyc", "README.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    first = fingerprint(tmp_path)
    for name in ("bot/__pycache__/x.pyc", "README.md"):
        (tmp_path / name).write_text("2")
    assert fingerprint(tmp_path) == first
    (tmp_path / "data/nlu/a.yml").write_text("2")
    assert fingerprint(tmp_path) != first


def test_this_machine_is_described():
    machine = this_machine()
    assert machine.cpu
    assert machine.cores >= 1
    assert machine.memory_gb > 0.1
    assert machine.rasa == "3.6.21"
