"""The vectors of training messages lie in the model, and none of their words."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import numpy as np
import pytest

from bot.nlu import own_messages
from bot.nlu.encoder import sentence_encoder

TEXTS = ["Where's the clinic?", "what causes it", "thanks"]


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    own_messages.save(tmp_path, TEXTS, sentence_encoder().encode(TEXTS))
    return tmp_path / own_messages.FILE


def test_vectors_are_found_by_their_words_alone(kept: Path):
    own = own_messages.load(kept.parent)
    assert own.rows(["THANKS!!", "wheres the clinic", "who"]) == [2, 0, None]
    assert np.linalg.norm(own.vectors, axis=1) == pytest.approx(1, abs=0.01)
    assert own.vectors[2] == pytest.approx(sentence_encoder().encode(["thanks"])[0], abs=0.01)


def test_no_word_is_kept(kept: Path):
    with np.load(kept) as arrays:
        assert {name: arrays[name].dtype.kind for name in arrays.files} == {
            "bits": "i", "scales": "f", "keys": "u",
        }  # fmt: skip


def test_they_are_read_from_a_model_s_archive(kept: Path, tmp_path: Path):
    archive = tmp_path / "model.tar.gz"
    with tarfile.open(archive, "w:gz") as model:
        model.addfile(tarfile.TarInfo("metadata.json"), io.BytesIO())
        model.add(kept, f"components/train_7/{own_messages.FILE}")
    assert own_messages.of_archive(archive).rows(TEXTS) == [0, 1, 2]


def test_an_archive_without_them_is_an_error(tmp_path: Path):
    with tarfile.open(tmp_path / "model.tar.gz", "w:gz"):
        pass
    with pytest.raises(KeyError):
        own_messages.of_archive(tmp_path / "model.tar.gz")
