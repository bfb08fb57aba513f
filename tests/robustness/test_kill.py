"""`kill -9` of real servers under visitors; `python -m bench.kill_test` is the long run."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from bench.kill_test import KillTest, Result, environment_of
from bench.kill_visitors import Conversation, Turn, problems_of
from bot.settings import Settings
from tests.db.databases import KINDS
from tests.robustness.forked import ForkedServer

ROUNDS = 2
VISITORS = 4


@pytest.fixture(scope="module")
def results(
    model: Path,
    stocked_copy: Callable[[str, Path], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Future[Result]]:
    """A run on each kind of database, side by side: starting servers is what takes long."""
    tests = {}
    for kind in KINDS:
        folder = tmp_path_factory.mktemp(kind)
        url = stocked_copy(kind, folder / "careline.db")
        environment = environment_of(folder, url, Settings.from_env())
        tests[kind] = KillTest(ForkedServer, environment, seed=7)
    with ThreadPoolExecutor() as side_by_side:
        return {
            kind: side_by_side.submit(test.run, ROUNDS, VISITORS) for kind, test in tests.items()
        }


@pytest.mark.parametrize("kind", KINDS)
def test_no_acknowledged_turn_is_lost_when_the_server_is_killed(
    results: dict[str, Future[Result]], kind: str
):
    result = results[kind].result()
    assert result.problems == []
    assert result.rounds == ROUNDS
    assert result.acknowledged > 2 * ROUNDS * VISITORS
    assert result.went_on == result.interrupted > 0


HELLO = {"id": "0", "from": "bot", "text": "Welcome."}


def said(text: str) -> dict[str, str]:
    return {"id": f"v-{text}", "from": "visitor", "text": text}


def reply(text: str) -> dict[str, str]:
    return {"id": f"b-{text}", "from": "bot", "text": f"A reply to {text}"}


@pytest.fixture
def talk() -> Conversation:
    turns = [Turn("one", [reply("one")]), Turn("two", [reply("two")])]
    return Conversation("token", [HELLO], turns, unanswered=["three"])


WHOLE = [HELLO, said("one"), reply("one"), said("two"), reply("two")]


@pytest.mark.parametrize("more", [[], [said("three"), reply("three")]])
def test_a_conversation_that_is_whole_has_no_problems(talk: Conversation, more: list):
    assert problems_of(talk, WHOLE + more) == []


@pytest.mark.parametrize(
    ("stored", "problem"),
    [
        (None, "session"),
        (WHOLE[1:], "greeting"),
        (WHOLE[:3], "acknowledged turn"),
        (WHOLE[:1] + WHOLE[3:], "acknowledged turn"),
        (WHOLE[:4], "half"),
        ([*WHOLE, said("three")], "half"),
        (WHOLE[:2] + WHOLE[3:], "half"),
        (WHOLE[:1] + WHOLE[3:] + WHOLE[1:3], "another order"),
        (WHOLE + WHOLE[3:], "nobody asked"),
        ([*WHOLE, said("four"), reply("four")], "nobody asked"),
        (WHOLE + 2 * [said("three"), reply("three")], "twice"),
        ([*WHOLE[:4], reply("other")], "acknowledged turn"),
    ],
)
def test_the_kill_test_finds_what_was_lost(talk: Conversation, stored: list | None, problem: str):
    assert problem in " ".join(problems_of(talk, stored))
