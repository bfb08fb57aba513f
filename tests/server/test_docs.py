"""The documents of the HTTP contract and the settings are whole."""

from __future__ import annotations

import dataclasses
import re

import pytest
from starlette.routing import Route

from bot import errors
from bot.chat import pages, requests, rest_channel, routes
from bot.chat.limits import MESSAGES, NEW_SESSIONS, READS
from bot.paths import ROOT
from bot.settings import OidcSettings, Settings

API = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


def test_every_setting_has_its_line():
    named = set(re.findall(r"^\| `([A-Z_]+)`", SETTINGS, re.MULTILINE))
    fields = {field.name.upper() for field in dataclasses.fields(Settings)}
    of_provider = {f"STAFF_OIDC_{field.name.upper()}" for field in dataclasses.fields(OidcSettings)}
    assert named == fields - {"STAFF_OIDC"} | of_provider


def test_every_default_is_the_documented_one():
    documented = dict(re.findall(r"^\| `([A-Z_]+)` \| `([^`]+)`", SETTINGS, re.MULTILINE))
    documented["DATABASE_URL"] = f"sqlite:///{ROOT / 'var' / 'careline.db'}"
    assert Settings.from_env(documented) == Settings.from_env({})


@pytest.mark.parametrize(
    "path",
    sorted(
        {
            route.path
            for route in [*routes.ROUTES, *rest_channel.ROUTES, *pages.routes()]
            if isinstance(route, Route)
        }
    ),
)
def test_every_route_is_documented(path: str):
    assert re.search(rf"(?:GET|POST|DELETE) {re.escape(path)}`", API)


OF_STAFF = (
    errors.CodeRefused,
    errors.EditOvertaken,
    errors.Forbidden,
    errors.LastAdmin,
    errors.NameTaken,
    errors.PasswordRefused,
    errors.PromotionRefused,
    errors.SetupError,
    errors.SignInRefused,
)
"""Raised at the staff door alone, whose pages say what to do."""


def test_every_code_that_a_visitor_can_get_is_documented():
    ours = {
        kind.code
        for kind in vars(errors).values()
        if isinstance(kind, type)
        and issubclass(kind, errors.CarelineError)
        and not issubclass(kind, OF_STAFF)
    }
    assert {code for code in ours if f"`{code}`" not in API} == set()


def test_every_limit_is_documented():
    assert f"{requests.MAX_TEXT:,} characters" in API
    assert f"{requests.MAX_COMMENT:,} characters" in API
    assert f"{requests.MAX_BODY // 1024} kB" in API
    assert f"send {MESSAGES.amount} messages a minute and make {READS.amount} other" in API
    assert f"start {NEW_SESSIONS.amount} sessions" in API
