"""The steps on two small servers: what they return, and that both sides are asked the same."""

from __future__ import annotations

import json

import pytest

from bench.client import RestClient
from bench.steps import STEPS, VISIT_TURNS, Plan, Size
from bot.errors import SetupError
from tests.bench.server import Server
from tests.evaluation.stub import question

TINY = Size(
    ready_rounds=2, visits=2, warm_up_turns=3, slice_seconds=0.1, slices=1, long_conversations=1
)


class FakeRunning:
    def __init__(self, server: Server):
        self.server = server

    def client(self) -> RestClient:
        return RestClient(self.server.port, None)

    def memory_bytes(self) -> int:
        return 7_500_000


class FakeFleet:
    """Both sides' servers, in this process."""

    def __init__(self, **servers: Server):
        self._running = {name: FakeRunning(server) for name, server in servers.items()}
        self._clients = {name: running.client() for name, running in self._running.items()}
        self.names = list(servers)

    def running(self) -> dict[str, FakeRunning]:
        return self._running

    def clients(self) -> dict[str, RestClient]:
        return self._clients

    def close(self) -> None:
        for client in self._clients.values():
            client.close()


@pytest.fixture
def servers():
    wrong = json.dumps([{"text": "Hm."}, {"custom": {"subject": "help"}}]).encode()
    with Server() as ours, Server(content=wrong) as stock:
        yield {"ours": ours, "stock": stock}


@pytest.fixture
def take(servers):
    fleet = FakeFleet(**servers)
    seen: list[tuple[int, int]] = []

    def step(name: str, size: Size = TINY):
        questions = [question("greet", text="hello"), question("thanks", text="thank you")]
        texts = ["one", "two", "three"]
        plan = Plan(fleet, questions, texts, size, lambda done, of: seen.append((done, of)))
        result = STEPS[name](plan)
        assert seen[-1][0] == seen[-1][1], "the progress bar did not reach its end"
        return result

    yield step
    fleet.close()


def test_accuracy_counts_right_subjects_by_file(take):
    assert take("accuracy") == {
        "ours": {"typical": {"right": 1, "of": 2}},
        "stock": {"typical": {"right": 0, "of": 2}},
    }


def test_turns_are_taken_on_both_sides_with_the_same_texts_in_visits(take, servers):
    result = take("turns")
    ours, stock = ([m["message"] for m in s.seen] for s in servers.values())
    assert ours == stock
    assert len(ours) == TINY.warm_up_turns + TINY.visits * VISIT_TURNS
    senders = {m["sender"] for m in servers["ours"].seen[TINY.warm_up_turns :]}
    assert len(senders) == TINY.visits
    assert result["ours"]["turns"] == TINY.visits * VISIT_TURNS
    assert result["ours"]["failed"] == 0
    assert 0 < result["ours"]["median"] <= result["ours"]["p95"] <= result["ours"]["p99"]


def test_a_long_conversation_is_one_conversation_of_over_200_turns(take, servers):
    result = take("long")
    senders = [m["sender"] for m in servers["stock"].seen[TINY.warm_up_turns :]]
    assert len(senders) == 202
    assert len(set(senders)) == 1
    assert set(result["ours"]) == {"1", "50", "200", "turns", "failed"}


def test_turns_a_second_are_counted_for_one_and_for_eight_visitors(take, servers):
    result = take("visitors")
    assert set(result) == {"ours", "stock"}
    assert result["ours"]["1"] > 0
    assert result["ours"]["8"] > 0
    senders = {m["sender"].rsplit("-", 1)[0] for m in servers["ours"].seen[TINY.warm_up_turns :]}
    assert len(senders) == 1 + 8


def test_memory_is_in_megabytes_after_a_warm_up(take, servers):
    assert take("memory")["stock"] == {"mb": 7.5}
    assert len(servers["stock"].seen) == TINY.warm_up_turns


@pytest.mark.parametrize("name", ["turns", "visitors", "long"])
def test_times_of_a_side_that_does_not_answer_are_refused(name):
    with Server() as ours, Server(status=500) as stock:
        fleet = FakeFleet(ours=ours, stock=stock)
        plan = Plan(fleet, [], ["one"], TINY, lambda done, of: None)
        with pytest.raises(SetupError, match="of stock got no answer"):
            STEPS[name](plan)
        fleet.close()
