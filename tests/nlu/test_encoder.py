"""Sentence embeddings, and the files that they are made with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.errors import SetupError
from bot.nlu import encoder as encoder_module
from bot.nlu.encoder import (
    DIMENSIONS,
    MAX_TOKENS,
    MODEL,
    SentenceEncoder,
    sentence_encoder,
)
from bot.nlu.packaged_file import packaged_file

TEXTS = [
    "what is fbss",
    "",
    "WHAT IS FBSS",
    "my fusion did not take and now my leg hurts when I sit",
    "背中が痛い 🤕",
    "word " * 400,
    "what causes it",
    "is it common",
]


def test_every_text_gets_a_vector_of_length_one(encoder: SentenceEncoder):
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_text_of_its_own_has_the_same_vector_in_any_company(encoder: SentenceEncoder):
    assert np.array_equal(encoder.encode(TEXTS)[3], encoder.encode([TEXTS[3]])[0])


def test_case_does_not_matter_and_meaning_does(encoder: SentenceEncoder):
    small, capital, other = encoder.encode([TEXTS[0], TEXTS[2], TEXTS[3]])
    assert small @ capital > 0.999
    assert small @ other < 0.8


def test_what_is_beyond_the_longest_text_does_not_count(encoder: SentenceEncoder):
    words = MAX_TOKENS - 3  # the model's own tokens begin and end a text
    cat, dog, more = (f"{'pain ' * words}{end}" for end in ("cat", "dog", "cat and horse"))
    one, other, longer = encoder.encode([cat, dog, more])
    assert np.array_equal(one, longer)
    assert not np.array_equal(one, other)


def test_nothing_gives_no_vectors(encoder: SentenceEncoder):
    assert encoder.encode([]).shape == (0, DIMENSIONS)


def test_progress_is_told_until_all_is_done(encoder: SentenceEncoder):
    told: list[tuple[int, int]] = []
    encoder.encode(TEXTS, lambda done, of: told.append((done, of)))
    assert told == [(done + 1, len(TEXTS)) for done in range(len(TEXTS))]


def test_common_words_are_known_to_be_spelt_right(encoder: SentenceEncoder):
    assert {"appointment", "pain", "doctor"} <= encoder.known_words
    assert "apointment" not in encoder.known_words
    assert not any(word.startswith("##") for word in encoder.known_words)


def test_a_process_loads_the_model_once():
    assert sentence_encoder() is sentence_encoder()


def test_a_package_that_is_missing_is_told():
    with pytest.raises(SetupError, match="no_such_package is missing.*make setup"):
        packaged_file("no_such_package", "model.onnx", "0" * 64)


@pytest.mark.parametrize(("name", "sha256"), [(MODEL[1], "0" * 64), ("no_such.onnx", MODEL[2])])
def test_a_file_that_is_not_the_pinned_one_is_refused(name: str, sha256: str):
    with pytest.raises(SetupError, match=f"{MODEL[0]}: {name} is not the pinned file"):
        packaged_file(MODEL[0], name, sha256)


def test_a_model_that_was_tampered_with_is_not_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    package = tmp_path / "tampered_model"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "model.onnx").write_bytes(b"something else")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(encoder_module, "MODEL", ("tampered_model", "model.onnx", MODEL[2]))
    with pytest.raises(SetupError, match="tampered_model"):
        sentence_encoder.__wrapped__()
