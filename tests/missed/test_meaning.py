"""What the wordings teach is kept in a file, so that it is learnt once."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.missed.meaning import Meaning, Views, meaning_name, shipped_meaning
from bot.missed.wording import Wording

WORDINGS = {
    "parking": ["where do i park", "is parking free", "parking lot"],
    "pets": ["can i bring my dog", "are pets allowed", "my cat too"],
}
ASKED = ["park where", "dogs?"]


@pytest.fixture
def learnt(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The wordings of the shipped meaning are these few; counts how often they are learnt."""
    times: list[int] = []
    whole = Meaning.learn

    def learn(views: Views, wordings: object) -> Meaning:
        times.append(1)
        return whole(views, WORDINGS)

    monkeypatch.setattr(Meaning, "learn", learn)
    return times


def test_the_second_start_reads_what_the_first_one_learnt(tmp_path: Path, learnt: list[int]):
    first = shipped_meaning.__wrapped__(tmp_path)
    second = shipped_meaning.__wrapped__(tmp_path)
    assert len(learnt) == 1
    assert second(ASKED) == pytest.approx(first(ASKED), abs=1e-6)
    assert [path.name for path in tmp_path.iterdir()] == [f"meaning-{meaning_name()}.npz"]


@pytest.mark.parametrize("kept", [b"", b"PK\x03\x04 cut off", b"no archive at all"])
def test_a_file_that_is_not_whole_is_learnt_anew(tmp_path: Path, learnt: list[int], kept: bytes):
    path = tmp_path / f"meaning-{meaning_name()}.npz"
    path.write_bytes(kept)
    shipped_meaning.__wrapped__(tmp_path)
    assert len(learnt) == 1
    assert path.stat().st_size > len(kept)


def test_what_belongs_to_an_older_version_goes(tmp_path: Path, learnt: list[int]):
    (tmp_path / "meaning-0123456789abcdef.npz").touch()
    shipped_meaning.__wrapped__(tmp_path)
    assert not (tmp_path / "meaning-0123456789abcdef.npz").exists()


def test_a_folder_that_cannot_be_written_costs_only_the_time_of_the_next_start(
    tmp_path: Path, learnt: list[int], caplog: pytest.LogCaptureFixture
):
    folder = tmp_path / "models"
    folder.touch()  # a file, so that nothing can be put into it
    assert shipped_meaning.__wrapped__(folder)(ASKED).shape[0] == len(ASKED)
    assert "could not be kept" in caplog.text


def test_what_cannot_be_kept_leaves_nothing_half_written(
    tmp_path: Path, learnt: list[int], monkeypatch: pytest.MonkeyPatch
):
    def full(*given: object, **arrays: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("bot.missed.meaning.np.savez", full)
    shipped_meaning.__wrapped__(tmp_path)
    assert not list(tmp_path.iterdir())


def test_words_that_only_a_visitor_uses_are_not_kept():
    asked: list[str] = []

    def encode(texts: Sequence[str]) -> np.ndarray:
        asked.extend(texts)
        return np.ones((len(texts), 4), np.float32)

    views = Views(encode, Wording({}, [], set()), {"parking": 1e-5})
    for _ in range(2):
        views(["parking zorblax"])
    assert (asked.count("parking"), asked.count("zorblax")) == (1, 2)
