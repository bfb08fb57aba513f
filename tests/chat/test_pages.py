from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.content.model import Snapshot
from tests.chat.stage import EMERGENCY, Stage, assert_error

STATIC = Path(__file__).parents[2] / "bot" / "chat" / "static"
FOREIGN = re.compile(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//""", re.IGNORECASE)


class Elements(HTMLParser):
    """Every start tag of a page with its attributes."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture
def page(stage: Stage) -> str:
    response = stage.client.get("/demo/temple")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return response.text


def test_the_front_page_shows_the_first_clinic_and_leads_to_each(stage: Stage):
    html = stage.client.get("/").text
    assert 'data-clinic="temple"' in html
    assert 'href="/demo/temple" aria-current="page"' in html
    assert 'href="/demo/twin-cities"' in html


def test_the_page_says_the_notice_and_the_emergency_route(page: str):
    assert "The phones are down." in page
    assert EMERGENCY in page
    assert 'href="tel:911"' in page


def test_without_javascript_the_routes_in_force_are_there(page: str):
    noscript = re.search(r"<noscript>(.*?)</noscript>", page, re.DOTALL)
    assert noscript is not None
    assert "Use the patient portal." in noscript[1]
    assert "800-836-7536" not in noscript[1]


def test_nothing_on_the_page_comes_from_elsewhere_or_runs_inline(page: str):
    elements = Elements(page)
    assert not FOREIGN.search(page.partition("<footer>")[0])
    assert all(
        script.get("src", "").startswith("/chat/static/") for script in elements.of("script")
    )
    assert not elements.of("style")
    for _, attributes in elements.found:
        assert not [name for name in attributes if name == "style" or name.startswith("on")]


def test_the_box_can_be_used_with_a_screen_reader(page: str):
    elements = Elements(page)
    (text,) = elements.of("textarea")
    assert text["id"] in [label["for"] for label in elements.of("label")]
    roles = [attributes.get("role") for _, attributes in elements.found]
    assert {"log", "status", "alert"} <= set(roles)
    (html,) = elements.of("html")
    assert html["lang"] == "en"


def test_what_a_clinic_is_called_cannot_break_the_page(stage: Stage, monkeypatch):

    clinics = dict(stage.content.current.clinics)
    clinics["temple"] = replace(clinics["temple"], name='<img src=x onerror="alert(1)">')
    monkeypatch.setattr(stage.content, "current", Snapshot(8, clinics))
    html = stage.client.get("/").text
    assert "<img" not in html
    assert "&lt;img" in html


def test_a_server_without_a_clinic_says_so(stage: Stage, monkeypatch):
    monkeypatch.setattr(stage.content, "current", Snapshot(0, {}))
    assert_error(stage.client.get("/"), 404, "not_found")


def test_the_files_of_the_page_are_served(stage: Stage, page: str):
    paths = re.findall(r'(?:src|href)="(/chat/static/[^"]+)"', page)
    assert len(paths) == 3
    for path in paths:
        response = stage.client.get(path)
        assert response.status_code == 200
        assert response.headers["cache-control"] == "no-cache"
        etag = {"If-None-Match": response.headers["etag"]}
        assert stage.client.get(path, headers=etag).status_code == 304


def test_no_file_outside_of_the_static_folder_is_served(stage: Stage):
    for path in ("/chat/static/../app.py", "/chat/static/%2e%2e/app.py", "/chat/static/nothing.js"):
        assert_error(stage.client.get(path), 404, "not_found")


def test_the_widget_script_is_one_small_file(stage: Stage):
    response = stage.client.get("/widget.js")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/javascript")
    assert len(response.content) < 4_000
    assert "http:" not in response.text
    assert "https:" not in response.text


def test_the_script_never_writes_html_from_text():
    for name in ("chat.js", "widget.js"):
        script = (STATIC / name).read_text(encoding="utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", script
        )


def test_animation_stops_for_those_who_ask():
    assert "prefers-reduced-motion" in (STATIC / "chat.css").read_text(encoding="utf-8")
