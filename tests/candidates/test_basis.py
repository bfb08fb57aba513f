"""What a comparison rests on beside its two archives."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.candidates.basis import FOLDERS, hash_of_files

CHANGES = (
    "actions/phone.py",
    "bot/safety/red_flags.py",
    "bot/redaction/lists/months.txt",
    "data/content/temple.yml",
    "data/safety/crisis.yml",
    "tests/eval/blind/urgent.jsonl",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in CHANGES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one")
    return tmp_path


@pytest.mark.parametrize("name", CHANGES)
def test_a_file_that_says_what_is_asked_or_how_a_reply_is_decided_counts(root: Path, name: str):
    before = hash_of_files(root)
    (root / name).write_text("two")
    changed = hash_of_files(root)
    (root / name).unlink()
    assert len({before, changed, hash_of_files(root)}) == 3


def test_what_python_makes_of_them_does_not_count(root: Path):
    before = hash_of_files(root)
    (root / "bot/safety/__pycache__").mkdir()
    (root / "bot/safety/__pycache__/red_flags.pyc").write_text("one")
    assert hash_of_files(root) == before


def test_all_of_it_is_there():
    root = Path(__file__).parents[2]
    assert [folder for folder in FOLDERS if not (root / folder).is_dir()] == []
    assert all((root / name).is_file() for name in CHANGES)
