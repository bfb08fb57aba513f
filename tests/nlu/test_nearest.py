"""Details found by meaning."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.content.model import LIBRARY, Answer, Snapshot
from bot.content.wordings import NOT_LISTED
from bot.nlu.nearest import NearestDetail
from tests.nlu.contents import snapshot

LEAST = {"cause": 0.5, "symptom": 0.9}
VECTORS = {
    "Scar tissue": (1.0, 0.0, 0.0),
    "fibrosis": (0.8, 0.6, 0.0),
    "Wrong diagnosis": (0.0, 1.0, 0.0),
    "Numbness": (1.0, 0.0, 0.0),
    "Botox": (1.0, 0.0, 0.0),
}
CAUSES = {
    ("cause_detail", "scar_tissue"): ["Scar tissue", "fibrosis"],
    ("cause_detail", "incorrect_diagnosis"): ["Wrong diagnosis"],
}


class FakeEncoder:
    """Knows the vectors of a few texts, and remembers which it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.asked += texts
        return np.array([VECTORS[text] for text in texts], dtype=np.float32).reshape(-1, 3)


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def nearest(encoder: FakeEncoder) -> NearestDetail:
    found = NearestDetail(encoder, LEAST)  # type: ignore[arg-type]
    found.learn(snapshot({**CAUSES, ("symptom_check", "numbness"): ["Numbness"]}))
    return found


@pytest.mark.parametrize(
    ("entity", "vector", "detail"),
    [
        ("cause", (1.0, 0.0, 0.0), "scar_tissue"),
        ("cause", (0.0, 1.0, 0.0), "incorrect_diagnosis"),
        ("cause", (0.5, 0.0, 0.866), "scar_tissue"),  # just near enough
        ("cause", (0.49, 0.0, 0.872), None),
        ("cause", (-1.0, 0.0, 0.0), None),
        ("symptom", (0.91, 0.0, 0.415), "numbness"),
        ("symptom", (0.89, 0.0, 0.456), None),
        ("treatment", (1.0, 0.0, 0.0), None),  # a kind that is not looked for by meaning
    ],
)
def test_the_nearest_detail_of_a_kind_is_found_if_it_is_near_enough(
    nearest: NearestDetail, entity: str, vector: tuple[float, ...], detail: str | None
):
    assert nearest.find(entity, np.array(vector, dtype=np.float32)) == detail


def test_nothing_is_near_before_anything_was_learnt(encoder: FakeEncoder):
    assert NearestDetail(encoder, LEAST).find("cause", np.ones(3)) is None  # type: ignore[arg-type]


def test_new_content_costs_only_its_new_wordings(nearest: NearestDetail, encoder: FakeEncoder):
    before = {"Scar tissue", "fibrosis", "Wrong diagnosis", "Numbness"}
    assert sorted(encoder.asked) == sorted(before)
    encoder.asked.clear()
    nearest.learn(snapshot(CAUSES, version=2))
    assert encoder.asked == []
    changed = {**CAUSES, ("symptom_check", "numbness"): ["Numbness"]}
    nearest.learn(snapshot({**changed, ("treatment_detail", "botox"): ["Botox"]}, version=3))
    assert encoder.asked == [], "what is not looked for by meaning is not embedded"


def test_what_staff_took_away_is_found_no_more(nearest: NearestDetail):
    nearest.learn(snapshot({("cause_detail", "incorrect_diagnosis"): ["Wrong diagnosis"]}, 2))
    assert nearest.find("cause", np.array([1.0, 0.0, 0.0])) is None
    assert nearest.find("symptom", np.array([1.0, 0.0, 0.0])) is None


def test_a_wording_that_moved_to_another_detail_finds_that_one(nearest: NearestDetail):
    nearest.learn(snapshot({("cause_detail", "surgical_injury"): ["Scar tissue"]}, 2))
    assert nearest.find("cause", np.array([1.0, 0.0, 0.0])) == "surgical_injury"


def test_wordings_that_were_kept_are_not_embedded_again(
    nearest: NearestDetail, encoder: FakeEncoder, tmp_path: Path
):
    nearest.save(tmp_path / "wordings.npz")
    encoder.asked.clear()
    loaded = NearestDetail(encoder, LEAST)  # type: ignore[arg-type]
    loaded.load(tmp_path / "wordings.npz")
    assert loaded.find("cause", np.array([1.0, 0.0, 0.0])) is None, "vectors only, no details"
    loaded.learn(snapshot(CAUSES))
    assert encoder.asked == []
    assert loaded.find("cause", np.array([1.0, 0.0, 0.0])) == "scar_tissue"
    assert loaded.find("symptom", np.array([1.0, 0.0, 0.0])) is None


def test_what_questions_have_in_common_is_taken_off_a_message(encoder: FakeEncoder):
    nearest = NearestDetail(encoder, {"cause": 0.9})  # type: ignore[arg-type]
    nearest.learn(snapshot(CAUSES))
    asked = np.array([0.6, 0.0, 0.8], dtype=np.float32)  # "is ... a cause", said of scar tissue
    assert nearest.find("cause", asked) is None
    mean = np.mean([VECTORS[text] for text in ("Scar tissue", "fibrosis", "Wrong diagnosis")], 0)
    nearest.learn_questions("cause", (mean + np.array([0.0, 0.0, 0.8]))[None, :])
    assert nearest.find("cause", asked) == "scar_tissue"


def test_what_questions_have_in_common_is_kept(encoder: FakeEncoder, tmp_path: Path):
    nearest = NearestDetail(encoder, LEAST)  # type: ignore[arg-type]
    nearest.learn(snapshot(CAUSES))
    nearest.learn_questions("cause", np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 0.5]]))
    nearest.save(tmp_path / "wordings.npz")
    loaded = NearestDetail(encoder, LEAST)  # type: ignore[arg-type]
    loaded.load(tmp_path / "wordings.npz")
    assert loaded._questions["cause"] == pytest.approx([0.0, 0.0, 0.75])


def test_a_message_that_is_nothing_but_question_is_near_to_none(nearest: NearestDetail):
    middle = nearest._vectors["cause"].mean(axis=0)
    nearest.learn_questions("cause", np.array([[0.0, 0.0, 1.0]]) + middle)
    assert nearest.find("cause", np.array([0.0, 0.0, 1.0], dtype=np.float32)) is None


def test_the_nearest_name_may_be_of_a_thing_that_is_not_listed(encoder: FakeEncoder):
    nearest = NearestDetail(encoder, LEAST)  # type: ignore[arg-type]
    numb = snapshot({("symptom_check", "numbness"): ["Wrong diagnosis"]}).answers
    unlisted = Answer(9, 1, LIBRARY, "symptom_check", None, "", "", also_called=("Numbness",))
    nearest.learn(Snapshot(1, {}, {**numb, (LIBRARY, "symptom_check", None): unlisted}))
    assert nearest.find("symptom", np.array([1.0, 0.0, 0.0])) == NOT_LISTED
