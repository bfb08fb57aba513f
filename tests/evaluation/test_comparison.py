from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest

from bot.errors import SetupError
from bot.evaluation.comparison import compare, keep
from bot.evaluation.figures import count
from tests.evaluation.stub import held, outcome, said_otherwise

AT = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
ONE = outcome("causes", "causes", text="what brings it on")
TWO = outcome("symptoms", "symptoms", text="how does it feel")


def test_without_an_earlier_run_there_is_nothing_to_compare(tmp_path: Path):
    assert compare(count([ONE]), tmp_path) == ()


def test_what_got_better_and_worse_is_told_line_by_line(tmp_path: Path):
    keep(count([said_otherwise(ONE, "greet"), TWO]), tmp_path, AT)
    (found,) = compare(count([ONE, said_otherwise(TWO, "help")]), tmp_path)
    assert (found.file, found.measured_at) == ("typical", "2026-11-20T12:00:00+00:00")
    assert (found.right_before, found.right_now) == (1, 1)
    (better,), (worse,) = found.better, found.worse
    assert (better.text, better.before, better.now) == (
        "what brings it on",
        "greet: other subject",
        "right",
    )
    assert (worse.text, worse.before, worse.now) == (
        "how does it feel",
        "right",
        "help: other subject",
    )


def test_what_is_wrong_in_another_way_is_neither_better_nor_worse(tmp_path: Path):
    keep(count([said_otherwise(ONE, "greet")]), tmp_path, AT)
    (found,) = compare(count([said_otherwise(ONE, "help")]), tmp_path)
    assert (found.better, found.worse) == ((), ())


def test_a_line_that_moved_is_the_same_and_new_and_lost_ones_are_counted(tmp_path: Path):
    keep(count([ONE, TWO]), tmp_path, AT)
    new = outcome("greet", "help", text="hello")
    (found,) = compare(count([new, TWO]), tmp_path)
    assert (found.added, found.gone) == (1, 1)
    assert (found.better, found.worse) == ((), ())


def test_the_same_text_twice_in_a_file_is_two_lines(tmp_path: Path):
    keep(count([ONE, ONE]), tmp_path, AT)
    (found,) = compare(count([ONE, said_otherwise(ONE, "help")]), tmp_path)
    assert (found.right_before, found.right_now, len(found.worse)) == (2, 1, 1)


def test_each_file_is_compared_with_its_own_last_run(tmp_path: Path):
    other = outcome("greet", "greet", file="blind/messages", text="good morning")
    keep(count([ONE, other]), tmp_path, AT)
    keep(count([said_otherwise(ONE, "help")]), tmp_path, AT)
    found = {each.file: each for each in compare(count([ONE, other]), tmp_path)}
    assert len(found["typical"].better) == 1
    assert found["blind/messages"].right_before == 1


def test_no_text_is_kept_and_none_of_a_blind_file_is_told(tmp_path: Path):
    blind = outcome("greet", "greet", file="blind/messages", text="a secret line")
    keep(count([blind, ONE]), tmp_path, AT)
    kept = "".join(path.read_text() for path in tmp_path.rglob("*.json"))
    assert "secret" not in kept
    assert "brings" not in kept
    (found,) = compare(count([said_otherwise(blind, "help")]), tmp_path)
    assert (found.worse[0].place, found.worse[0].text) == ("blind/messages", "")


def test_dialogues_are_compared_by_their_names(tmp_path: Path):
    keep(count([], [held("tour"), held("doctors", failed=True)]), tmp_path, AT)
    (found,) = compare(count([], [held("tour", failed=True), held("doctors")]), tmp_path)
    assert [each.text for each in found.better] == ["doctors"]
    assert found.worse[0].now == "failed at turn 2"


@pytest.mark.parametrize("text", ["", "[]", '{"lines": {}}', '{"measured_at": 1, "lines": 2}'])
def test_a_file_that_is_no_earlier_run_is_named(tmp_path: Path, text: str):
    (tmp_path / "typical.json").write_text(text)
    with pytest.raises(SetupError, match="typical.json does not hold an earlier run"):
        compare(count([ONE]), tmp_path)
