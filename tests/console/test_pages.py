"""What holds of every page: headers, navigation, errors that say what to do and no more."""

from __future__ import annotations

import logging
import re

import pytest

from bot.console import app as console_app
from bot.console.page import HERE
from bot.errors import StoreUnavailable, TooManyRequests
from tests.chat.stage import assert_error
from tests.console.route_table import NEEDS
from tests.console.stage import Staff, Stage, assert_page, words
from tests.console.test_access import ask

SENSITIVE = "Maria Sensitive, 612-555-0147"


def test_every_answer_is_kept_by_nobody_and_runs_nothing_foreign(console: Stage):
    """Pages, pictures, redirects, errors: as nobody and as an admin."""
    admin = console.person("ana", temple="reader reviewer editor admin")
    for route in NEEDS:
        for staff in (console.browser(), console.signed_in(admin)):
            headers = ask(staff, route).headers
            assert headers["cache-control"] == "no-store", route
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy, route
            assert "frame-ancestors 'none'" in policy, route
            assert "unsafe" not in policy, route
            assert headers["x-content-type-options"] == "nosniff", route
            assert headers["referrer-policy"] in ("same-origin", "no-referrer"), route


def test_templates_hold_no_inline_script_or_style_and_load_nothing_foreign():
    for path in (HERE / "templates").glob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?! src=\"/staff/)", text), path
        assert not re.search(r"(src|href|action)=\"(https?:)?//", text), path
        assert "| safe" not in text, path
        assert "|safe" not in text, path


def test_every_form_that_changes_something_holds_the_token():
    for path in (HERE / "templates").glob("*.html"):
        for form in re.findall(r"<form\b.*?</form>", path.read_text("utf-8"), re.DOTALL):
            opened = form[: form.index(">")]
            if 'method="post"' in opened and not re.search(r"/staff/(sign-in|welcome)\"", opened):
                assert "form.token(csrf)" in form or 'name="csrf"' in form, (path.name, opened)


@pytest.mark.parametrize("name", ["staff.css", "staff.js", "icon.svg"])
def test_the_files_of_a_page_are_open(console: Stage, name: str):
    response = console.browser().get(f"/static/{name}")
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-cache"


def test_nobody_walks_out_of_the_static_folder(console: Stage):
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static/"):
        assert console.browser().get(path).status_code == 404


def navigation(staff: Staff) -> list[str]:
    return re.findall(r'<li><a href="/staff/(\w+)"', staff.get("/").text)


def test_the_navigation_shows_only_what_opens(console: Stage):
    for role in ("reader", "reviewer", "editor", "admin"):
        staff = console.signed_in(role, temple=role)
        shown = navigation(staff)
        assert ("people" in shown) == (role == "admin")
        for part in shown:
            assert_page(staff.get(f"/{part}"))
    assert navigation(console.signed_in("new")) == []


def test_the_page_that_is_open_is_marked(console: Stage):
    staff = console.signed_in(temple="admin")
    assert '<a href="/staff/people" aria-current="page">' in staff.get("/people").text
    assert '<a href="/staff/people" aria-current="true">' in staff.get("/people/new").text


def test_somebody_without_a_role_is_told_what_to_do(console: Stage):
    text = assert_page(console.signed_in().get("/"))
    assert "You have no role at any clinic yet" in text


def test_an_unexpected_error_is_a_plain_page_and_its_text_is_nowhere(
    console: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    staff = console.signed_in(temple="admin")
    everybody = type(console.parts.people)
    for error, status, log in [
        (RuntimeError(SENSITIVE), 500, "RuntimeError in a request handler"),
        (StoreUnavailable(SENSITIVE), 503, "StoreUnavailable while answering GET"),
    ]:
        caplog.clear()

        def fail(*given: object, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr(everybody, "all", fail)
        with caplog.at_level(logging.DEBUG):
            response = staff.get("/people")
        assert "go back and try again" in assert_page(response, status).lower()
        assert "Sensitive" not in response.text
        assert log in caplog.text
        assert "Sensitive" not in caplog.text


def test_a_database_that_is_away_is_told_as_such(console: Stage, monkeypatch: pytest.MonkeyPatch):
    """Also where not even the session can be looked up."""
    staff = console.signed_in(temple="admin")

    def away(*given: object) -> None:
        raise StoreUnavailable("away")

    monkeypatch.setattr(type(console.parts.sessions), "find", away)
    assert "database cannot be reached" in words(staff.get("/")).lower()
    assert staff.get("/").status_code == 503


def test_too_many_requests_say_when_to_come_back(console: Stage, monkeypatch: pytest.MonkeyPatch):
    def refuse(*given: object) -> None:
        raise TooManyRequests("Try again in 7 seconds.", retry_after=7)

    monkeypatch.setattr(type(console.parts.people), "all", refuse)
    response = console.signed_in(temple="admin").get("/people")
    assert "Try again in 7 seconds." in assert_page(response, 429)
    assert response.headers["retry-after"] == "7"


def test_the_visitors_door_still_answers_in_json(console: Stage):
    client = console.browser().client
    assert_error(client.get("/nothing"), 404, "not_found")
    assert client.get("/health").status_code == 200


def test_the_token_of_one_door_opens_nothing_at_the_other(console: Stage):
    staff = console.signed_in(temple="admin")
    headers = {"Authorization": f"Bearer {staff.token}"}
    response = staff.client.get("/api/temple/messages", headers=headers)
    assert_error(response, 401, "unauthorized")


def test_every_page_module_is_found():
    names = {path.stem for path in HERE.glob("*_pages.py")}
    assert {"sign_in_pages", "people_pages"} <= names
    found = {route.path for route in console_app.page_routes()}
    assert {"/", "/sign-in", "/people"} <= found
