"""Guessing at the sign-in: nothing is learned from a failure, and it comes to an end."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.staff.throttle import UNKNOWN_DEVICES
from tests.console.stage import PASSWORD, Stage, assert_goes_to, assert_page, make_stage
from tests.console.test_sign_in import KEY, sign_in


@pytest.fixture
def limited(console: Stage) -> Stage:
    """The same installation with its limits on."""
    settings = replace(console.parts.settings, rate_limits=True)
    return make_stage(settings, console.database, console.clock)


def without_tokens(response) -> str:
    return re.sub(r"\s+", " ", response.text)


def test_every_failure_reads_the_same(console: Stage):
    """Unknown, disabled, without a password, or the wrong one: one page, one status."""
    console.person("boss", temple="admin")
    console.parts.people.disable(console.person("ana", temple="reader").id, by="boss")
    console.person("ben", password=None, temple="reader")
    console.person("cas", temple="reader")
    console.person("dan", second_factor=KEY, temple="reader")
    pages = set()
    for name, password in [
        ("ana", PASSWORD),
        ("ben", PASSWORD),
        ("cas", "wrong"),
        ("dan", "wrong"),
        ("eve", "wrong"),
        ("x'; --", "wrong"),
    ]:
        response = sign_in(console.browser(), name, password)
        assert "set-cookie" not in response.headers
        shown = without_tokens(response).replace(f'value="{name}"', "")
        pages.add((response.status_code, shown.replace("x&#39;; --", "").replace('value=""', "")))
    assert len(pages) == 1


def test_every_failure_takes_the_same_work(console: Stage, monkeypatch: pytest.MonkeyPatch):
    """Counted, not timed: the hash that takes the time is computed once, whoever it is."""
    console.person("ana", temple="reader")
    console.person("ben", password=None)
    hashed = []
    hasher = console.parts.sign_in._passwords._hasher
    verify = type(hasher).verify
    monkeypatch.setattr(
        type(hasher), "verify", lambda *given: hashed.append(given) or verify(*given)
    )
    counts = []
    for name in ("ana", "ben", "nobody", "", "a" * 5000):
        hashed.clear()
        sign_in(console.browser(), name, "wrong")
        counts.append(len(hashed))
    assert counts == [1, 1, 1, 0, 1]


def test_guessing_comes_to_an_end_and_reads_the_same(limited: Stage):
    limited.person("ana", temple="reader")
    browser = limited.browser()
    pages = [sign_in(browser, "ana", f"guess {n}") for n in range(UNKNOWN_DEVICES.amount + 2)]
    assert {page.status_code for page in pages} == {422}
    assert len({without_tokens(page) for page in pages}) == 1
    assert_page(sign_in(browser), 422)
    assert len(limited.recorded("sign_in.failed")) == UNKNOWN_DEVICES.amount


def test_whoever_guesses_does_not_lock_the_person_out_of_their_own_browser(limited: Stage):
    limited.person("ana", temple="reader")
    at_home = limited.browser()
    assert_goes_to(sign_in(at_home), "/staff/")
    at_home.post("/sign-out")
    attacker = limited.browser()
    for number in range(UNKNOWN_DEVICES.amount + 2):
        sign_in(attacker, "ana", f"guess {number}")
    assert_page(sign_in(attacker), 422)
    assert_goes_to(sign_in(at_home), "/staff/")
