"""How often somebody may try to sign in.

After OWASP's device cookies: a browser that a person once signed in with holds a token of its own,
and its attempts are counted by themselves. All other browsers are counted together. So whoever
tries passwords from outside can shut out other strangers, never the person at their own browser.

Counts live in memory, or in Redis where several replicas share them. Addresses are kept as a hash
with a salt that dies with the process, in this process's memory alone.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import FixedWindowRateLimiter

from bot.anonymous import AnonymousAddresses
from bot.staff.codes import hashed

log = logging.getLogger(__name__)

PERIOD_MINUTES = 15
"""Short enough that a person who forgot waits over a coffee."""

KNOWN_DEVICE = RateLimitItemPerMinute(10, PERIOD_MINUTES, namespace="careline/staff/known")
"""For one person on one browser of theirs: more than anybody mistypes."""

UNKNOWN_DEVICES = RateLimitItemPerMinute(10, PERIOD_MINUTES, namespace="careline/staff/unknown")
"""For one person on all other browsers: under 1,000 guesses a day from the whole world, where the
weakest password that is taken stands for 10^8."""

CODES = RateLimitItemPerMinute(5, PERIOD_MINUTES, namespace="careline/staff/codes")
"""Second factors of one person on one browser, or on all others, after the right password: 480 a
day of 10^6 codes, three of which are right at any moment."""

ADDRESS = RateLimitItemPerMinute(60, PERIOD_MINUTES, namespace="careline/staff/address")
"""For one address on unknown browsers: a hospital's staff may share one, on a Monday after a
holiday. Keeps one machine from trying one password with every name."""

OWN_PASSWORD = RateLimitItemPerMinute(10, PERIOD_MINUTES, namespace="careline/staff/own")
"""The present password, asked for on the own page: a screen left open is no way to guess it."""

TOLD = RateLimitItemPerMinute(1, PERIOD_MINUTES, namespace="careline/staff/told")
"""That a limit was reached is recorded once a period: nobody can fill the record from outside."""

_REDIS_SECONDS = 1.0
"""Nobody waits longer than this for a count."""


@dataclass(frozen=True)
class Attempt:
    """Who tries, as they say, and from where.

    `name`: as typed, in normal form. `device`: the hash of the browser's token where that name once
    signed in with it, else None. `address`: the network address, None where there is none.
    """

    name: str
    device: str | None
    address: str | None

    @property
    def key(self) -> str:
        """The count that this attempt belongs to. Holds no name: what was typed may be anything."""
        return hashed(f"{self.name}/{self.device or 'unknown'}")


class Throttle:
    """Counts attempts. `on=False` lets everything through (load tests only)."""

    def __init__(self, redis_url: str | None = None, on: bool = True):
        self._on = on
        self._addresses = AnonymousAddresses()
        self._memory = MemoryStorage()  # a limiter does not keep its storage alive
        self._local = FixedWindowRateLimiter(self._memory)
        self._counting = threading.Lock()  # the storage in memory has none
        self._shared: FixedWindowRateLimiter | None = None
        if on and redis_url:
            self._redis = RedisStorage(
                redis_url, socket_timeout=_REDIS_SECONDS, socket_connect_timeout=_REDIS_SECONDS
            )
            self._shared = FixedWindowRateLimiter(self._redis)

    def password(self, attempt: Attempt) -> str | None:
        """Count an attempt with a password: None where it may go on, else the count that is full.

        An address that tried too often does not use up the attempts of a name.
        """
        if attempt.device is not None:
            return None if self._hit(KNOWN_DEVICE, attempt.key) else attempt.key
        if not self.from_address(attempt.address):
            return self._addresses.of(attempt.address or "")
        return None if self._hit(UNKNOWN_DEVICES, attempt.key) else attempt.key

    def code(self, attempt: Attempt) -> str | None:
        """Count an attempt with a second factor: None where it may go on, else the full count."""
        return None if self._hit(CODES, attempt.key) else attempt.key

    def from_address(self, address: str | None) -> bool:
        """Count an attempt of an address: whether it may go on."""
        return not self._on or self._hit_locally(ADDRESS, self._addresses.of(address or ""))

    def own_password(self, name: str) -> bool:
        """Count an attempt with one's own password on the own page: whether it may go on."""
        return self._hit(OWN_PASSWORD, hashed(name))

    def is_news(self, full: str) -> bool:
        """Whether this is the first refusal by a full count in a period."""
        return self._hit(TOLD, full)

    def succeeded(self, attempt: Attempt) -> None:
        """Forget what a person mistyped on their own browser."""
        if attempt.device is None or not self._on:
            return
        for limiter in (self._local, self._shared):
            for item in (KNOWN_DEVICE, CODES):
                self._clear(limiter, item.key_for(attempt.key))

    def _hit(self, item: RateLimitItem, key: str) -> bool:
        if not self._on:
            return True
        if self._shared is not None:
            try:
                return self._shared.hit(item, key)
            except Exception as error:  # noqa: BLE001  whatever Redis raises, attempts are counted
                log.warning("%s while counting attempts; counted here alone", type(error).__name__)
        return self._hit_locally(item, key)

    def _hit_locally(self, item: RateLimitItem, key: str) -> bool:
        with self._counting:
            return self._local.hit(item, key)

    def _clear(self, limiter: FixedWindowRateLimiter | None, key: str) -> None:
        storage = limiter and limiter.storage()
        if not storage:
            return
        try:
            with self._counting:
                storage.clear(key)
        except Exception as error:  # noqa: BLE001  it is forgotten with its period
            log.warning("%s while forgetting attempts", type(error).__name__)
