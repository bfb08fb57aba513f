"""Whatever is typed into an address or a form, no page breaks: on the database that is stricter."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import quote, quote_plus, urlencode

import pytest

from bot.candidates.model import Run
from bot.console.page import HERE
from tests.console.route_table import NEEDS
from tests.console.stage import Stage

DATABASE = "postgresql"

STRANGE = {
    "NUL": "a\0b",
    "no text": "\udcff",
    "beyond the column": str(2**31),
    "other digits": "٣²",
    "the last day": "9999-12-31",
}
ALL_ROLES = "reader reviewer editor admin"


@cache
def field_names() -> tuple[str, ...]:
    """Every word of the code that might be the name of a field."""
    texts = [path.read_text("utf-8") for path in HERE.rglob("*") if path.suffix in (".py", ".html")]
    found = {name for text in texts for name in re.findall(r"[\"']([a-z][a-z_]{1,24})[\"']", text)}
    return tuple(sorted(found - {"csrf"}))


@pytest.mark.parametrize("route", NEEDS)
def test_no_page_breaks(console: Stage, begun: list[Run], route: str):
    method, path = route.split()
    ana = console.person("ana", temple=ALL_ROLES, twin_cities=ALL_ROLES)
    for name, value in STRANGE.items():
        quoted = quote(value, errors="surrogateescape", safe="")
        for id_ in ("1", quoted) if "{" in path else ("",):
            staff = console.signed_in(ana)  # anew: some of these sign her out
            address = f"/staff{re.sub(r'{[a-z]+}', id_, path)}"
            fields = dict.fromkeys(field_names(), value)
            sent = urlencode(fields, errors="surrogateescape", quote_via=quote_plus)
            if method == "GET":
                answer = staff.client.get(f"{address}?{sent}")
            else:
                answer = staff.client.post(
                    address,
                    content=f"csrf={staff.csrf}&{sent}",
                    headers={"Content-Type": "application/x-www-form-urlencoded"},
                )
            assert answer.status_code < 500, (name, address)
