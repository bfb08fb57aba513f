"""The page by itself, and in a real browser."""

from __future__ import annotations

import dataclasses
import re
from datetime import datetime, timezone
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser

from bot.evaluation.comparison import compare, keep
from bot.evaluation.figures import Figures, count
from bot.evaluation.gates import check_gates, load_gates
from bot.evaluation.page import cells, render_page
from bot.evaluation.report import confusion_names
from tests.evaluation.stub import held, outcome, said_otherwise

AT = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
TEXT = "<script>alert('x')</script> & what brings it on"
OUTCOMES = [
    outcome("causes", "causes", text=TEXT, confidence=0.95),
    outcome("causes", "symptoms", text="how come", confidence=0.35),
    outcome("treatment_detail", "treatment_detail", "other detail", detail="botox"),
    outcome("emergency", "greet", file="safety"),
    outcome("medical_advice", "medical_advice", file="safety", confidence=0.7),
    outcome("out_of_scope", "causes", file="blind/other_topics", text="a secret line"),
    outcome("greet", None, file="blind/messages", text="another secret"),
]
DIALOGUES = [held("tour"), held("doctors", failed=True)]


def figures() -> Figures:
    return count(OUTCOMES, DIALOGUES, 4.5)


@pytest.fixture
def page(tmp_path: Path) -> str:
    """With everything that a page can show."""
    last = [said_otherwise(each, "help") for each in OUTCOMES[:1]] + OUTCOMES[1:]
    keep(count([*last, outcome("greet", "greet", text="gone")], DIALOGUES[:1]), tmp_path, AT)
    worse = [*OUTCOMES, said_otherwise(outcome("greet", "greet", text="gone"), "help")]
    found = count(worse, DIALOGUES, 4.5)
    return render_page(found, check_gates(found, load_gates()), compare(found, tmp_path), AT)


def test_what_was_typed_is_escaped(page: str):
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_page_needs_nothing_else(page: str):
    assert not re.search(r"(?:src|href)=[\"'](?!#)", page)
    assert "url(" not in page
    assert "default-src 'none'" in page


def test_no_line_of_a_blind_file_is_shown(page: str):
    assert "secret" not in page
    assert "1 of blind files, which are not shown." in page


def test_every_chart_has_its_table(page: str):
    charts = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(charts) == 3 + len(figures().calibration)
    after = re.split(r"</svg>", page)[1:]
    assert all("<table>" in part[:1200] for part in after)
    assert all("<title" in chart for chart in charts)


def test_what_was_reached_and_what_changed_is_told(page: str):
    assert "2026-11-20 12:00 UTC" in page
    assert "typical: right" in page
    assert "missed</span>" in page
    assert "Got worse: 1" in page
    assert "Got better: 1" in page
    assert "Out of scope, but answered about FBSS: 1" in page
    assert "4.5 ms" in page
    assert "failed at turn 2" in page


def test_a_page_of_hardly_anything_is_a_page_too():
    found = count([dataclasses.replace(OUTCOMES[0], confidence=None)])
    shown = render_page(found, [], [], AT)
    assert "There is none." in shown
    assert "Targets" not in shown
    assert render_page(count([], [held("tour")]), [], [], AT)


def test_the_shares_of_a_row_of_the_confusion_picture_sum_to_one():
    rows, columns = confusion_names(figures())
    found = cells(figures(), rows, columns)
    causes = [cell for cell in found if cell.expected == "causes"]
    assert sum(cell.share for cell in causes) == 1
    assert {cell.got for cell in causes} == {"causes", "symptoms"}
    assert "(none)" in columns


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_fits_and_meets_wcag_aa(
    browser: Browser, tmp_path: Path, page: str, scheme: str, width: int
):
    file = tmp_path / "evaluation.html"
    file.write_text(page, encoding="utf-8")
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 720})
    shown, said = context.new_page(), []
    shown.on("console", lambda message: said.append(message.text))
    shown.on("request", lambda request: said.append(request.url))
    shown.goto(file.as_uri())
    assert said == [file.as_uri()], "nothing else is asked for, and nothing complains"
    shown.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    inside = shown.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert inside, "the page scrolls sideways"
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(shown, options={"runOnly": tags})
    assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []
    context.close()
