"""No other site and no other session can send a form for somebody."""

from __future__ import annotations

import pytest

from bot.console import forms
from tests.console.route_table import NEEDS
from tests.console.stage import ADDRESS, PASSWORD, Staff, Stage, assert_goes_to, assert_page
from tests.console.test_access import ask

POSTS = [route for route in NEEDS if route.startswith("POST")]
CROSS_SITE = {"Sec-Fetch-Site": "cross-site"}


def without_site(staff: Staff) -> Staff:
    """A browser that is too old to say where a request comes from."""
    del staff.client.headers["Sec-Fetch-Site"]
    return staff


def end_others(staff: Staff, csrf: str | None, **headers: str):
    form = {"other": "1"} if csrf is None else {"csrf": csrf}
    return staff.client.post("/staff/me/end-sessions", data=form, headers=headers)


def test_a_form_needs_the_token_of_its_own_session(console: Stage):
    staff, other = console.signed_in(temple="reader"), console.signed_in("ben", temple="reader")
    for token in (None, "", "x", other.csrf, staff.csrf[:-1], staff.csrf + "x", "ä"):
        assert "form was from before" in assert_page(end_others(staff, token), 403)
    assert_goes_to(end_others(staff, staff.csrf), "/staff/me?done=sessions")


def test_every_change_needs_the_token(console: Stage):
    person = console.person(temple="reader reviewer editor admin")
    for route in POSTS:
        staff = console.signed_in(person)
        if NEEDS[route] != "open":
            path = route.removeprefix("POST ")
            for name in ("clinic", "person"):
                path = path.replace("{" + name + "}", "temple")
            response = staff.post(path, {"csrf": "wrong"})
            assert response.status_code == 403, route


@pytest.mark.parametrize("site", ["cross-site", "same-site", "", "nonsense"])
def test_no_other_site_can_send_anything(console: Stage, site: str):
    """The sign-in too: nobody is signed in to somebody else's account behind their back."""
    person = console.person(temple="reader reviewer editor admin")
    for route in POSTS:
        staff = console.signed_in(person)
        staff.client.headers["Sec-Fetch-Site"] = site
        assert "another website" in assert_page(ask(staff, route), 403), route


def test_without_that_header_the_origin_must_be_ours(console: Stage):
    staff = without_site(console.signed_in(temple="reader"))
    good = end_others(staff, staff.csrf, Origin=ADDRESS)
    assert_goes_to(good, "/staff/me?done=sessions")
    for origin in ("https://evil.example", "null", f"{ADDRESS}.evil.example", f"{ADDRESS}:444"):
        assert_page(end_others(staff, staff.csrf, Origin=origin), 403)
    assert_page(end_others(staff, staff.csrf), 403)


def test_the_sign_in_cannot_be_sent_from_elsewhere(console: Stage):
    console.person("mallory")
    browser = console.browser()
    form = {"name": "mallory", "password": PASSWORD}
    response = browser.client.post("/staff/sign-in", data=form, headers=CROSS_SITE)
    assert_page(response, 403)
    assert "set-cookie" not in response.headers


def test_reading_from_elsewhere_is_no_change(console: Stage):
    """A link in a mail leads to the page."""
    staff = console.signed_in(temple="reader")
    assert_page(staff.get("/", headers=CROSS_SITE))


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data", ""])
def test_only_forms_are_taken(console: Stage, kind: str):
    staff = console.signed_in(temple="reader")
    response = staff.client.post(
        "/staff/me/end-sessions",
        content=b"csrf=" + staff.csrf.encode(),
        headers={"content-type": kind},
    )
    assert_page(response, 415)


def test_a_form_has_a_size(console: Stage):
    staff = console.signed_in(temple="reader")
    too_long = {"present": "x" * (forms.MOST_BYTES + 1)}
    assert_page(staff.post("/me/password", too_long), 413)
    too_many = {f"f{n}": "" for n in range(forms.MOST_FIELDS + 1)}
    assert_page(staff.post("/me/password", too_many), 400)


@pytest.mark.parametrize("body", [b"csrf=%ff%fe", b"%00=%00", b"=&&=;", b"\xff\xfe"])
def test_strange_bytes_are_no_trouble(console: Stage, body: bytes):
    staff = console.signed_in(temple="reader")
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert_page(staff.client.post("/staff/me/password", content=body, headers=headers), 403)
