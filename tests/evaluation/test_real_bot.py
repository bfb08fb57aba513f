"""The real bot, measured: it must reach what `careline evaluate --gate` demands."""

from __future__ import annotations

import asyncio
import io

import pytest
from rich.console import Console

from bot.commands.evaluate import measure
from bot.evaluation.figures import Figures
from bot.evaluation.gates import check_gates, load_gates
from bot.evaluation.reading import DataSet, Question, read_data
from bot.evaluation.real import real_bot
from bot.evaluation.running import ask
from bot.paths import EVAL_DIR
from bot.settings import Settings

GATED = ("typical.jsonl", "noisy.jsonl", "other_conditions.jsonl", "dialogues.yml")


@pytest.fixture(scope="module")
def bot(processor):  # the fixture imports Rasa and lets it have its own warnings
    with real_bot(Settings.from_env()) as found:
        yield found


@pytest.fixture(scope="module")
def figures(bot) -> Figures:
    data: DataSet = read_data([EVAL_DIR / name for name in GATED])
    bot.check_clinics(data)
    return asyncio.run(measure(bot, data, Console(file=io.StringIO())))


GATES = load_gates()
NAMES = [
    *(f"{file} right" for file in sorted(GATES.right)),
    *(f"{file}: FBSS answers" for file in sorted(GATES.fbss_answers)),
    "dialogues",
]


@pytest.mark.parametrize("name", NAMES)
def test_the_bot_reaches_its_gate(figures, name):
    (gate,) = (result for result in check_gates(figures, GATES) if result.name == name)
    assert gate.passed, f"{gate.reached}, wanted {gate.wanted}"


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
