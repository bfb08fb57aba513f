"""Telephone numbers that stay readable: the clinics' own and the emergency lines."""

from __future__ import annotations

from functools import lru_cache

from bot.content.model import Snapshot
from bot.redaction.contact import national_digits

POISON_HELP = "8002221222"
"""Poison Help (poison.org). 911 and 988 are too short to be taken for a person's number."""


@lru_cache(maxsize=4)
def _of_urls(urls: frozenset[str]) -> frozenset[str]:
    return frozenset(national_digits(url) for url in urls) | {POISON_HELP}


def of(snapshot: Snapshot) -> frozenset[str]:
    """The digits of every published number, in the form that `redact` takes them."""
    routes = (route for clinic in snapshot.clinics.values() for route in clinic.routes)
    return _of_urls(frozenset(route.url for route in routes if route.url.startswith("tel:")))
