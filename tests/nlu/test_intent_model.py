"""The intent model by itself: texts and vectors in, probabilities out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.nlu.intent_model import IntentModel, balanced

TEXTS = {
    "causes": ["what causes it", "why does it happen", "the cause of my pain", "reasons for it"],
    "symptoms": ["what are the symptoms", "signs of it", "how does it feel", "symptoms list"],
    "greet": ["hello", "hi there", "good morning", "hey hello"],
}
ALL = [(text, intent) for intent, texts in TEXTS.items() for text in texts]
NEW = ["hello there", "the symptoms", "cause", "", "?!", "zzz", "背中", "hello " * 300]


def vectors(texts: list[str]) -> np.ndarray:
    """Unit vectors that depend on nothing but each text."""
    rows = [np.random.default_rng(sum(text.encode())).normal(size=384) for text in texts]
    return np.array([row / np.linalg.norm(row) for row in rows], dtype=np.float32)


def fitted(
    pairs: list[tuple[str, str]] = ALL, weight: float = 0.5, sharpness: float = 1.8
) -> IntentModel:
    texts = [text for text, _ in pairs]
    intents = [intent for _, intent in pairs]
    return IntentModel.fit(
        texts,
        vectors(texts),
        intents,
        importance=balanced(intents, [True] * len(intents), {}),
        spelling_c=10.0,
        meaning_c=20.0,
        weight=weight,
        sharpness=sharpness,
    )


@pytest.fixture(scope="module")
def model() -> IntentModel:
    return fitted()


def test_what_was_learnt_is_recognised(model: IntentModel):
    rows = model.predict([text for text, _ in ALL], vectors([text for text, _ in ALL]))
    assert [model.intents[best] for best in rows.argmax(axis=1)] == [intent for _, intent in ALL]


def test_ngrams_weigh_what_scikit_learn_gives_them(model: IntentModel):
    texts = [*NEW, *(text for text, _ in ALL)]
    learnt = [text for text, _ in ALL]
    common = {"min_df": 2, "sublinear_tf": True, "dtype": np.float32}
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), **common).fit(learnt)
    words = TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"(?u)[\w']+", **common).fit(learnt)
    weights = hstack([characters.transform(texts), words.transform(texts)])
    theirs = weights @ model._ngram_weights
    assert np.allclose(model._ngram_scores(texts), theirs, atol=1e-5)
    assert np.abs(theirs).max() > 1


def test_probabilities_of_a_text_sum_to_one(model: IntentModel):
    rows = model.predict(NEW, vectors(NEW))
    assert rows.shape == (len(NEW), 3)
    assert np.allclose(rows.sum(axis=1), 1, atol=1e-5)
    assert (rows >= 0).all()


def test_a_text_has_the_same_probabilities_in_any_company(model: IntentModel):
    alone = np.vstack([model.predict([text], vectors([text])) for text in NEW])
    assert np.allclose(model.predict(NEW, vectors(NEW)), alone, atol=1e-6)


@pytest.mark.parametrize("weight", [0.0, 0.3, 1.0])
def test_a_model_that_was_kept_and_loaded_says_exactly_the_same(tmp_path: Path, weight: float):
    model = fitted(weight=weight)
    model.save(tmp_path / "model.npz")
    loaded = IntentModel.load(tmp_path / "model.npz")
    assert loaded.intents == model.intents == sorted(TEXTS)
    assert np.array_equal(loaded.predict(NEW, vectors(NEW)), model.predict(NEW, vectors(NEW)))


def test_the_weight_is_the_share_of_meaning():
    spelling, meaning, both = (
        fitted(weight=weight, sharpness=1).predict(NEW, vectors(NEW)) for weight in (0.0, 1.0, 0.25)
    )
    assert np.allclose(both, 0.25 * meaning + 0.75 * spelling, atol=1e-6)


def test_sharpening_moves_confidence_but_never_the_order():
    mean, sharp = (fitted(sharpness=power).predict(NEW, vectors(NEW)) for power in (1, 1.8))
    assert (sharp.argmax(axis=1) == mean.argmax(axis=1)).all()
    assert (sharp.max(axis=1) > mean.max(axis=1)).all()
    assert np.allclose(sharp, mean**1.8 / (mean**1.8).sum(axis=1, keepdims=True), atol=1e-6)


def test_every_intent_counts_the_same_however_many_examples_it_has():
    intents = ["greet", "causes", "causes", "causes", "out_of_scope", "out_of_scope"]
    importance = balanced(intents, [True, True, True, True, True, False], {})
    sums = dict.fromkeys(intents, 0.0)
    for name, one in zip(intents[:5], importance):
        sums[name] += one
    assert len({round(total, 6) for total in sums.values()}) == 1
    assert importance[5] == 1.0  # made, not written
    wider = balanced(intents, [True, True, True, True, True, False], {"out_of_scope": 2.0})
    assert wider[4] == 2 * importance[4]
    assert list(wider[:4]) == list(importance[:4])


def test_the_same_data_gives_the_same_model(tmp_path: Path):
    for name in ("one", "two"):
        fitted().save(tmp_path / f"{name}.npz")
    with np.load(tmp_path / "one.npz") as one, np.load(tmp_path / "two.npz") as two:
        assert (
            set(one.files)
            == set(two.files)
            >= {"intents", "characters", "words", "meaning_weights"}
        )
        for name in one.files:
            assert np.array_equal(one[name], two[name]), name


def test_a_kept_model_holds_numbers_and_words_only(model: IntentModel, tmp_path: Path):
    """Loading it runs nobody's code."""
    model.save(tmp_path / "model.npz")
    with np.load(tmp_path / "model.npz", allow_pickle=False) as kept:
        assert all(kept[name].dtype.kind in "fiU" for name in kept.files)


def test_two_intents_are_told_apart_as_well_as_three():
    pairs = [(text, intent) for text, intent in ALL if intent != "greet"]
    model = fitted(pairs)
    texts = ["what causes it", "symptoms list"]
    rows = model.predict(texts, vectors(texts))
    assert rows.shape == (2, 2)
    assert np.allclose(rows.sum(axis=1), 1)
    assert [model.intents[best] for best in rows.argmax(axis=1)] == ["causes", "symptoms"]
