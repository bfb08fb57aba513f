"""Moments as people at a clinic write them: on the clinic's own clock, daylight saving included."""

from __future__ import annotations

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from bot.errors import ContentError

WANTED = "write it as YYYY-MM-DD HH:MM"


def parse_local(text: str, zone: str) -> datetime:
    """The moment (aware, UTC) of `YYYY-MM-DD`, `YYYY-MM-DD HH:MM` or ISO 8601 on a clock in `zone`.

    A time with an offset (`2026-11-01T01:30-05:00`) is taken as it is. Raises `ContentError` for
    anything else, for an hour that the clock skips in spring, and for one that it shows twice in
    autumn and so has two meanings.
    """
    try:
        read = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError as error:
        raise ContentError(f"'{text}' is not a time; {WANTED}.") from error
    if read.tzinfo is not None:
        return read.astimezone(timezone.utc)
    first = read.replace(tzinfo=ZoneInfo(zone), fold=0)
    second = read.replace(tzinfo=ZoneInfo(zone), fold=1)
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(timezone.utc)
    # The two differ where the clock jumps: backwards (the time comes twice) or forwards (never).
    returned = first.astimezone(timezone.utc).astimezone(ZoneInfo(zone))
    if returned.replace(tzinfo=None) != read:
        raise ContentError(
            f"The clock in {zone} skips {text} (daylight saving); choose another time."
        )
    raise ContentError(
        f"The clock in {zone} shows {text} twice (daylight saving); write it with an offset:"
        f" {first.isoformat()} or {second.isoformat()}."
    )


def format_local(moment: datetime, zone: str) -> str:
    """The shortest text that `parse_local` reads back as the same moment."""
    local = moment.astimezone(ZoneInfo(zone))
    short = local.strftime("%Y-%m-%d %H:%M")
    try:
        same = parse_local(short, zone) == moment
    except ContentError:
        same = False
    return short if same else local.isoformat()
