"""How often a visitor may ask.

Counts live in memory, or in Redis where several replicas share them.

A client's address is needed only to slow down floods of new sessions. It is kept as a hash with a
salt that dies with the process, in this process's memory alone.
"""

from __future__ import annotations

import logging
import time

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.concurrency import run_in_threadpool

from bot.anonymous import AnonymousAddresses
from bot.errors import TooManyRequests
from bot.settings import Settings

log = logging.getLogger(__name__)

MESSAGES = RateLimitItemPerMinute(20, namespace="careline/messages")
"""For one session: faster than anybody types and reads."""
READS = RateLimitItemPerMinute(60, namespace="careline/reads")
"""For one session: everything that asks the bot nothing."""
NEW_SESSIONS = RateLimitItemPerMinute(30, namespace="careline/sessions")
"""For one address: a hospital's guests may share one."""

_REDIS_SECONDS = 1.0
"""A visitor does not wait longer than this for a count."""


class Limits:
    """Counts requests and raises `TooManyRequests` with the seconds to wait.

    Does nothing where limits are off.
    """

    def __init__(self, settings: Settings):
        self._on = settings.rate_limits
        self._addresses = AnonymousAddresses()
        self._memory = MemoryStorage()
        self._local = FixedWindowRateLimiter(self._memory)
        self._shared: FixedWindowRateLimiter | None = None
        if self._on and settings.redis_url:
            self._redis = RedisStorage(
                settings.redis_url,
                socket_timeout=_REDIS_SECONDS,
                socket_connect_timeout=_REDIS_SECONDS,
            )
            self._shared = FixedWindowRateLimiter(self._redis)

    async def session_from(self, address: str | None) -> None:
        """A client asks for a new session.

        `address` is its network address, None where there is none.
        """
        if self._on:
            _check(self._local, NEW_SESSIONS, self._addresses.of(address or ""))

    async def message_of(self, session: str) -> None:
        """A message to the bot. `session` is the hash of its token."""
        await self._count(MESSAGES, session)

    async def read_of(self, session: str) -> None:
        """Any other request of a session."""
        await self._count(READS, session)

    async def _count(self, item: RateLimitItem, key: str) -> None:
        if not self._on:
            return
        if self._shared is not None:
            try:
                await run_in_threadpool(_check, self._shared, item, key)
            except TooManyRequests:
                raise
            except Exception as error:  # noqa: BLE001  whatever Redis raises, visitors are answered
                log.warning("%s while counting requests; counted here alone", type(error).__name__)
            else:
                return
        _check(self._local, item, key)


def _check(limiter: FixedWindowRateLimiter, item: RateLimitItem, key: str) -> None:
    if limiter.hit(item, key):
        return
    reset, _ = limiter.get_window_stats(item, key)
    wait = max(1, round(reset - time.time()))
    raise TooManyRequests(f"Too many requests. Try again in {wait} seconds.", retry_after=wait)
