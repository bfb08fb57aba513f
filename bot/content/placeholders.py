"""The words in braces that an answer's text may hold; `bot/replies/` fills them in.

{route}      how to reach the clinic now: its routes in force, and why one of them is not
{phone}      the phone line; while an outage is in force, that it may not work
{portal}     the patient portal; where the clinic has none, the same as {route}
{emergency}  what to do in an emergency
{notice}     the notice in force with the other ways to reach the clinic; empty when there is none
{clinic}     the clinic's name
{retention_days}  days from the last message of a chat to its deletion
{opens_day}, {opens_time}  of `closed_route` only: when a contact route opens again
"""

from __future__ import annotations

import re

ROUTE = "route"
PHONE = "phone"
PORTAL = "portal"
EMERGENCY = "emergency"
NOTICE = "notice"
CLINIC = "clinic"
RETENTION_DAYS = "retention_days"
ITEMS = "items"
OPENS_DAY = "opens_day"
OPENS_TIME = "opens_time"
PLACEHOLDERS = frozenset(
    {ROUTE, PHONE, PORTAL, EMERGENCY, NOTICE, CLINIC, RETENTION_DAYS, ITEMS, OPENS_DAY, OPENS_TIME}
)
PLACEHOLDER = re.compile(r"\{(\w*)\}")


def unknown_placeholders(text: str) -> list[str]:
    """What stands in braces and means nothing, or is a brace on its own."""
    wrong = [found for found in PLACEHOLDER.findall(text) if found not in PLACEHOLDERS]
    rest = PLACEHOLDER.sub("", text)
    return [f"{{{name}}}" for name in wrong] + [brace for brace in "{}" if brace in rest]
