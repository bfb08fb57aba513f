from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.staff.throttle import ADDRESS, CODES, KNOWN_DEVICE, UNKNOWN_DEVICES, Attempt, Throttle


@pytest.fixture(params=["memory", "redis"])
def throttles(request: pytest.FixtureRequest) -> list[Throttle]:
    """Two replicas that share a Redis, or one that counts in memory, twice."""
    if request.param == "memory":
        return [Throttle()] * 2
    url = request.getfixturevalue("redis_url")
    return [Throttle(url), Throttle(url)]


def attempt(name: str, device: str | None = None, address: str = "203.0.113.1") -> Attempt:
    return Attempt(name, device, address)


def test_replicas_count_together(throttles: list[Throttle], request: pytest.FixtureRequest) -> None:
    tried = attempt(request.node.name)
    admitted = [throttles[n % 2].password(tried) is None for n in range(UNKNOWN_DEVICES.amount)]
    assert all(admitted)
    assert all(throttle.password(tried) == tried.key for throttle in throttles)


def test_success_clears_the_own_browser_for_all_replicas(
    throttles: list[Throttle], request: pytest.FixtureRequest
) -> None:
    here, there = throttles
    tried = attempt(request.node.name, device="known")
    for _ in range(KNOWN_DEVICE.amount + 1):
        here.password(tried)
    for _ in range(CODES.amount + 1):
        here.code(tried)
    assert there.password(tried) is not None
    there.succeeded(tried)
    assert here.password(tried) is None
    assert here.code(tried) is None


def test_success_on_an_unknown_browser_clears_nothing(
    throttles: list[Throttle], request: pytest.FixtureRequest
) -> None:
    tried = attempt(request.node.name)
    for _ in range(UNKNOWN_DEVICES.amount):
        throttles[0].password(tried)
    throttles[0].succeeded(tried)
    assert throttles[0].password(tried) is not None


def test_attempts_that_come_together_are_all_counted() -> None:
    throttle = Throttle()
    with ThreadPoolExecutor(16) as threads:
        admitted = threads.map(lambda _: throttle.password(attempt("ana")) is None, range(400))
        assert sum(admitted) == UNKNOWN_DEVICES.amount


def test_without_its_redis_a_replica_counts_by_itself(
    caplog: pytest.LogCaptureFixture,
) -> None:
    throttle = Throttle("redis://127.0.0.1:1/0")
    with caplog.at_level(logging.WARNING):
        admitted = [throttle.password(attempt("ana.secret")) is None for _ in range(20)]
        throttle.succeeded(attempt("ana.secret", device="known"))
    assert sum(admitted) == UNKNOWN_DEVICES.amount
    assert caplog.records
    assert "secret" not in caplog.text


def test_switched_off_it_lets_everything_through() -> None:
    throttle = Throttle(on=False)
    assert all(throttle.password(attempt("ana")) is None for _ in range(ADDRESS.amount * 2))
    assert all(throttle.code(attempt("ana")) is None for _ in range(CODES.amount * 2))
    assert all(throttle.own_password("ana") for _ in range(50))
    throttle.succeeded(attempt("ana", device="known"))


def test_neither_names_nor_addresses_are_kept() -> None:
    throttle = Throttle()
    throttle.password(attempt("ana.secret", address="203.0.113.77"))
    kept = str(vars(throttle._local.storage()))
    assert "careline/staff" in kept
    assert "secret" not in kept
    assert "203.0.113.77" not in kept


def test_an_address_that_is_none_counts_too() -> None:
    throttle = Throttle()
    admitted = [throttle.from_address(None) for _ in range(ADDRESS.amount + 1)]
    assert admitted == [True] * ADDRESS.amount + [False]
