"""The steps of the benchmark. Each measures both sides in turn, so that noise of the machine hits
both alike.

A step takes the fleet, the questions and a progress callback, and returns what it found by side.
`STEPS` is their order.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count, cycle
from statistics import median
from typing import Any

from bench.client import Turn
from bench.figures import PLACES, by_place, spread
from bench.fleet import Fleet
from bot.errors import SetupError
from bot.evaluation.reading import Question
from bot.evaluation.scoring import subject_right

VISIT_TURNS = 6
"""Turns of a visit: long enough for follow-ups, short enough that stock's growing cost does not
decide.
"""

MOST_FAILED = 0.1
"""Above this share of turns without an answer, times say nothing."""

MEGABYTE = 1_000_000
VISITORS = (1, 8)

Progress = Callable[[int, int], None]
"""Called with (done, of)."""

Result = dict[str, Any]


@dataclass(frozen=True)
class Size:
    """How much is measured. The defaults need about 15 minutes beside training; the tests' are
    tiny.
    """

    ready_rounds: int = 3
    visits: int = 100
    warm_up_turns: int = 48
    slice_seconds: float = 10.0
    slices: int = 3
    long_conversations: int = 5


@dataclass(frozen=True)
class Plan:
    """What a step works with: `questions` to be right on, `texts` to take times with, in order and
    over again.
    """

    fleet: Fleet
    questions: Sequence[Question]
    texts: Sequence[str]
    size: Size
    progress: Progress


def train(plan: Plan) -> Result:
    """Seconds that training takes, from the command to its end."""
    found: Result = {}
    for number, side in enumerate(plan.fleet.sides, start=1):
        training = side.train()
        found[side.name] = {"seconds": training.seconds, "trained_at": training.at}
        plan.progress(number, len(plan.fleet.sides))
    return found


def ready(plan: Plan) -> Result:
    """Seconds from starting the processes to the first real answer, median of some rounds."""
    seconds: dict[str, list[float]] = {side.name: [] for side in plan.fleet.sides}
    rounds = plan.size.ready_rounds
    for number in range(rounds):
        for side in plan.fleet.sides:
            seconds[side.name].append(plan.fleet.time_start(side))
        plan.progress(number + 1, rounds)
    return {name: {"seconds": median(s), "rounds": s} for name, s in seconds.items()}


def accuracy(plan: Plan) -> Result:
    """Per cent of the questions whose reply has the right subject, by file. Details and words do
    not count here.
    """
    found: Result = {name: {} for name in plan.fleet.names}
    clients = plan.fleet.clients()
    right: dict[tuple[str, str], list[bool]] = {}
    stamp = _stamp()
    for number, question in enumerate(plan.questions, start=1):
        for name, client in clients.items():
            turn = client.say(f"accuracy-{stamp}-{number}", question.text)
            hit = subject_right(question.subject, turn.subject)
            right.setdefault((name, question.file), []).append(hit)
        plan.progress(number, len(plan.questions))
    for (name, file), hits in sorted(right.items()):
        found[name][file] = {"right": sum(hits), "of": len(hits)}
    return found


def memory(plan: Plan) -> Result:
    """Megabytes of all processes and their children after a warm-up (proportional set size)."""
    warm_up(plan)
    running = plan.fleet.running()
    plan.progress(1, 1)
    return {name: {"mb": side.memory_bytes() / MEGABYTE} for name, side in running.items()}


def turns(plan: Plan) -> Result:
    """Milliseconds a turn within visits of a few turns, one turn of each side after the other."""
    warm_up(plan)
    taken = _interleaved(plan, plan.size.visits, VISIT_TURNS, "turns")
    return {
        name: {
            **spread([t.milliseconds for t in _flat(visits)]),
            **_tally(name, _flat(visits)),
        }
        for name, visits in taken.items()
    }


def visitors(plan: Plan) -> Result:
    """Turns a second with 1 and with 8 visitors who each write as soon as they have read."""
    warm_up(plan)
    found: Result = {name: {} for name in plan.fleet.names}
    rates: dict[tuple[str, int], list[float]] = {}
    done = count(1)
    for _ in range(plan.size.slices):
        for many in VISITORS:
            for name in plan.fleet.names:
                rate = _rate(plan, name, many)
                rates.setdefault((name, many), []).append(rate)
                of = plan.size.slices * len(VISITORS) * len(plan.fleet.names)
                plan.progress(next(done), of)
    for (name, many), each in rates.items():
        found[name][str(many)] = median(each)
    return found


def long(plan: Plan) -> Result:
    """Milliseconds of turn 1, 50 and 200 of one conversation, as medians over several
    conversations.
    """
    warm_up(plan)
    last = max(to for _, to in PLACES.values())
    taken = _interleaved(plan, plan.size.long_conversations, last, "long")
    return {
        name: {
            **by_place([[t.milliseconds for t in c] for c in talks]),
            **_tally(name, _flat(talks)),
        }
        for name, talks in taken.items()
    }


def warm_up(plan: Plan) -> None:
    """Some turns whose times are thrown away: first ones pay for imports, caches and compiled
    graphs.
    """
    stamp = _stamp()
    for client in plan.fleet.clients().values():
        for number, text in zip(range(plan.size.warm_up_turns), cycle(plan.texts)):
            client.say(f"warm-up-{stamp}-{number // VISIT_TURNS}", text)


def _interleaved(
    plan: Plan, conversations: int, length: int, label: str
) -> dict[str, list[list[Turn]]]:
    """Hold conversations on all sides at once, turn by turn, changing who goes first."""
    clients = list(plan.fleet.clients().items())
    taken: dict[str, list[list[Turn]]] = {name: [] for name, _ in clients}
    texts = cycle(plan.texts)
    stamp = _stamp()
    for number in range(conversations):
        for talks in taken.values():
            talks.append([])
        for _ in range(length):
            text = next(texts)
            for name, client in clients:
                taken[name][-1].append(client.say(f"{label}-{stamp}-{number}", text))
            clients.reverse()
        plan.progress(number + 1, conversations)
    return taken


def _rate(plan: Plan, name: str, many: int) -> float:
    """Answered turns a second with so many visitors at once, for one slice of time."""
    running = plan.fleet.running()[name]
    begin = threading.Barrier(many)
    stamp = _stamp()

    def visit(visitor: int) -> tuple[int, int, float]:
        client, texts = (
            running.client(),
            cycle([*plan.texts[visitor:], *plan.texts[:visitor]]),
        )
        answered = asked = 0
        begin.wait()
        started = time.monotonic()
        while time.monotonic() - started < plan.size.slice_seconds:
            sender = f"rate-{stamp}-{visitor}-{asked // VISIT_TURNS}"
            answered += client.say(sender, next(texts)).answered
            asked += 1
        client.close()
        return answered, asked, time.monotonic() - started

    with ThreadPoolExecutor(many) as pool:
        visits = list(pool.map(visit, range(many)))
    answered, asked = sum(v[0] for v in visits), sum(v[1] for v in visits)
    _check_answered(name, asked - answered, asked)
    return sum(v[0] / v[2] for v in visits)


def _stamp() -> int:
    """A part of a sender's name, so that no conversation of an earlier step on the same servers is
    met again.
    """
    return time.time_ns()


def _tally(name: str, each: Sequence[Turn]) -> Result:
    failed = sum(not turn.answered for turn in each)
    _check_answered(name, failed, len(each))
    return {"turns": len(each), "failed": failed}


def _check_answered(name: str, failed: int, of: int) -> None:
    if failed > MOST_FAILED * of:
        raise SetupError(
            f"{failed} of {of} turns of {name} got no answer, so times say nothing; "
            "see the logs in build/bench."
        )


def _flat(conversations: Sequence[Sequence[Turn]]) -> list[Turn]:
    return [turn for conversation in conversations for turn in conversation]


Step = Callable[[Plan], Result]

STEPS: Mapping[str, Step] = {
    "train": train,
    "ready": ready,
    "accuracy": accuracy,
    "memory": memory,
    "turns": turns,
    "visitors": visitors,
    "long": long,
}
