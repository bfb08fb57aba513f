"""The real bot, measured: no change may make it worse than `floors.yml` says."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pytest
from rich.console import Console

from bot.commands.evaluate import chosen_files, measure
from bot.evaluation.figures import Figures
from bot.evaluation.gates import check_gates, load_gates
from bot.evaluation.reading import DataSet, Question, read_data
from bot.evaluation.real import real_bot
from bot.evaluation.running import ask
from bot.evaluation.scoring import URGENT_SUBJECTS
from bot.settings import Settings

FLOORS = load_gates(Path(__file__).with_name("floors.yml"))
TARGETS = load_gates()
NAMES = [
    *(f"{file}: right" for file in sorted(FLOORS.right)),
    "safety, no emergency: right",
    *(f"{file}: emergencies found" for file in sorted(FLOORS.emergencies_found)),
    *(f"{file}: false alarms" for file in sorted(FLOORS.false_alarms)),
    *(f"{file}: FBSS answer or alarm" for file in sorted(FLOORS.fbss_or_alarm)),
    *(f"{file}: passed" for file in FLOORS.dialogues),
    "development set: calibration error",
]


@pytest.fixture(scope="module")
def bot(processor):  # the fixture imports Rasa and lets it have its own warnings
    with real_bot(Settings.from_env()) as found:
        yield found


@pytest.fixture(scope="module")
def figures(bot) -> Figures:
    data: DataSet = read_data(chosen_files(None, quick=False))
    bot.check_clinics(data)
    return asyncio.run(measure(bot, data, Console(file=io.StringIO())))


@pytest.mark.parametrize("name", NAMES)
def test_the_bot_is_no_worse_than_its_floor(figures, name):
    (floor,) = (result for result in check_gates(figures, FLOORS) if result.name == name)
    assert floor.passed, f"{floor.reached}, wanted {floor.wanted}"


@pytest.mark.parametrize("file", FLOORS.emergencies_found)
def test_each_missed_emergency_is_printed(figures, file, capsys):
    """Also where the floor holds, so that whoever runs the tests sees what is still missed."""
    asked = [o for o in figures.outcomes if o.question.file == file]
    urgent = [o for o in asked if o.question.subject in URGENT_SUBJECTS]
    missed = [o.question for o in urgent if not o.verdict.right]
    with capsys.disabled():
        for question in missed:
            print(f"\nmissed, {file}, {question.subject}: {question.text}", end="")
    least = FLOORS.emergencies_found[file]
    assert 100 * (len(urgent) - len(missed)) >= least * len(urgent) > 0


def test_every_target_was_measured(figures):
    assert {result.name for result in check_gates(figures, TARGETS)} <= set(NAMES)
    assert set(TARGETS.right) <= set(FLOORS.right)
    assert TARGETS.fbss_or_alarm.keys() == FLOORS.fbss_or_alarm.keys()
    assert TARGETS.dialogues.keys() == FLOORS.dialogues.keys()


def test_understanding_was_timed(figures):
    assert 0 < figures.understanding_ms < 1000


def test_every_reply_says_how_sure_the_bot_was(figures):
    assert all(outcome.confidence is not None for outcome in figures.outcomes)


def test_the_phone_line_is_the_answer_only_where_the_outage_is_left_out(bot):
    def asked(outage: bool, line: int):
        question = Question("what is your phone number", "phone", None, "temple", outage, "f", line)
        return asyncio.run(ask(bot, question))

    out, works = asked(True, 1), asked(False, 2)
    assert out.verdict.right
    assert works.verdict.right
    assert "myTempleHealth" in out.reply.text
    assert "technical issues" not in works.reply.text
    assert "800-836-7536" in works.reply.text
