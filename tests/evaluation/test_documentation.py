"""`docs/evaluation.md` names every option, step, file and target there is."""

from __future__ import annotations

import inspect
import re

import pytest

from bench.figures import ratios
from bench.steps import STEPS, VISIT_TURNS, Size
from bot.commands.bench import bench
from bot.commands.evaluate import evaluate
from bot.evaluation.reading import blind_files, shipped_files
from bot.evaluation.scoring import RULES
from bot.paths import EVAL_DIR, ROOT
from tests.evaluation.test_evaluate_command import PICTURES, WRITTEN

PAGE = (ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8")
RENAMED = {"draw": "no-picture"}
OPTIONS = [*inspect.signature(evaluate).parameters, *inspect.signature(bench).parameters]


@pytest.mark.parametrize("option", sorted(set(OPTIONS)))
def test_every_option_is_documented(option):
    name = RENAMED.get(option, option).replace("_", "-")
    assert re.search(rf"\| `--{name}\b", PAGE)


def test_every_step_file_rule_and_target_is_documented():
    named = set(re.findall(r"`([^`]+)`", PAGE))
    assert set(STEPS) <= named
    assert set(RULES) <= named
    assert {path.name for path in shipped_files(EVAL_DIR)} <= named
    assert {f"blind/{path.name}" for path in blind_files(EVAL_DIR)} <= named
    for ratio in ratios({}):
        assert f"at most {ratio.wanted} |" in PAGE


@pytest.mark.parametrize(
    "name", sorted({*WRITTEN, *PICTURES} - {"last"}) + ["last/", "cross_validation.json"]
)
def test_every_file_that_is_written_is_documented(name):
    assert f"`{name}`" in PAGE


def test_the_numbers_of_the_steps_are_the_documented_ones():
    size = Size()
    assert f"median of {size.ready_rounds} starts" in PAGE
    assert f"over {size.visits} visits of {VISIT_TURNS} turns" in PAGE
    assert f"after {size.warm_up_turns} turns" in PAGE
    assert f"median of {size.slices} slices of {size.slice_seconds:.0f} seconds" in PAGE
    assert f"of {size.long_conversations} conversations" in PAGE
