"""What time it is, for all that is not given another clock, as tests give one."""

from __future__ import annotations

from datetime import datetime, timezone


def utc_now() -> datetime:
    """This moment, in UTC: what databases keep and moments are compared by."""
    return datetime.now(timezone.utc)
