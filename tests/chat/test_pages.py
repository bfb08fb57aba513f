"""The demonstration website of each clinic, and the files of its widget, as they are served."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from bot.chat.widget import FOLDER, Widget
from bot.content.files import load_directory
from bot.content.model import Snapshot
from bot.content.snapshot import snapshot_of_files
from tests.chat.stage import EMERGENCY, Stage, assert_error

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


@pytest.fixture(scope="module")
def widget() -> Widget:
    return Widget()


def test_the_front_page_shows_the_first_clinic_and_leads_to_each(stage: Stage):
    html = stage.client.get("/").text
    assert 'data-clinic="temple"' in html
    assert 'href="/demo/temple" aria-current="page"' in html
    assert 'href="/demo/twin-cities"' in html


def test_the_page_has_the_widget_by_the_one_script_tag(page: str):
    (script,) = Elements(page).of("script")
    assert script["src"] == "/widget.js"
    assert script["data-clinic"] == "temple"
    assert "async" in script


def test_the_page_says_the_notice_and_the_emergency_route(page: str):
    assert "The phones are down." in page
    assert EMERGENCY in page
    assert 'href="tel:911"' in page


def test_the_page_shows_what_the_clinic_says(stage: Stage):
    shipped = snapshot_of_files(load_directory())
    stage.content.current = replace(shipped, clinics=stage.content.current.clinics)
    html = stage.client.get("/demo/temple").text
    assert "FBSS" in html
    assert "<li>Back spasms</li>" in html
    assert "{" not in html.partition("<body")[2]


def test_without_javascript_the_routes_in_force_are_there(page: str):
    assert "needs JavaScript" in page
    assert "Use the patient portal." in page
    assert "800-836-7536" not in page


def test_nothing_on_the_page_comes_from_elsewhere_or_runs_inline(page: str):
    elements = Elements(page)
    assert not FOREIGN.search(page.partition("<footer")[0])
    assert not elements.of("style")
    for _, attributes in elements.found:
        assert not [name for name in attributes if name == "style" or name.startswith("on")]


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
    paths = re.findall(r'href="(/chat/static/[^"]+)"', page)
    assert len(paths) == 2
    for path in paths:
        response = stage.client.get(path)
        assert response.status_code == 200
        assert response.headers["cache-control"] == "no-cache"
        etag = {"If-None-Match": response.headers["etag"]}
        assert stage.client.get(path, headers=etag).status_code == 304


def test_no_file_outside_of_the_static_folder_is_served(stage: Stage, widget: Widget):
    for path in ("/chat/static/../app.py", "/chat/static/%2e%2e/app.py", "/chat/static/nothing.js"):
        assert_error(stage.client.get(path), 404, "not_found")
    for name in ("..", "..%2fapp.py", "widget.js", "launcher.css", "nothing.js"):
        assert_error(stage.client.get(f"/widget/{widget.version}/{name}"), 404, "not_found")


def test_the_loader_may_be_used_by_any_page_and_is_asked_for_again_soon(stage: Stage):
    response = stage.client.get("/widget.js")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/javascript")
    assert response.headers["access-control-allow-origin"] == "*"
    assert "max-age=300" in response.headers["cache-control"]
    assert "stale-while-revalidate" in response.headers["cache-control"]
    again = stage.client.get("/widget.js", headers={"If-None-Match": response.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_the_panels_files_are_kept_for_good_under_their_version(stage: Stage, widget: Widget):
    loader = stage.client.get("/widget.js").text
    assert f'"{widget.version}"' in loader
    for name in widget.files:
        response = stage.client.get(f"/widget/{widget.version}/{name}")
        assert response.status_code == 200
        assert "immutable" in response.headers["cache-control"]
        assert response.headers["access-control-allow-origin"] == "*"
        other = stage.client.get(f"/widget/{widget.version}.1/{name}")
        assert other.content == response.content
        assert other.headers["cache-control"] == "no-cache"


def test_the_loader_names_every_module_but_the_entry(widget: Widget):
    loader = gzip.decompress(widget.loader.packed).decode()
    for path in FOLDER.glob("*.js"):
        if path.name not in ("widget.js", "panel.js"):
            assert f'"{path.name}"' in loader


def test_files_are_compressed_for_whoever_takes_them_so(stage: Stage):
    plain = stage.client.get("/widget.js", headers={"Accept-Encoding": "identity"})
    packed = stage.client.get("/widget.js", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "Accept-Encoding"
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    assert packed.text == plain.text
