"""The documents hang together, and the first page stays short."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.content.files import load_files
from bot.paths import CONTENT_DIR, ROOT
from tests.docs.pages import PAGES, name_of, text_of

README = ROOT / "README.md"
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
MOST_README_LINES = 180
MOST_DECISION_LINES = 30

NAMED_FILE = re.compile(
    r"`((?:actions|bench|bin|bot|data|docs|tests|\.ci)/[\w./*-]*|[\w.-]+\.(?:py|yml|toml|lock|md))`"
)
STANDS_FOR_A_FILE = re.compile(r"[A-Z*]|lakeside|my-|docs/benchmarks\.md")
"""Names that a reader fills in, and the page that `make bench` writes."""


def links(page: Path) -> list[str]:
    """Where a page points to inside the repository, pictures too."""
    found = re.findall(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"", text_of(page))
    return [link for pair in found for link in pair if link and "://" not in link]


def anchors(page: Path) -> set[str]:
    """The names under which a page's headings can be linked."""
    titles = re.findall(r"^#+ (.*)$", text_of(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def target(page: Path, link: str) -> Path:
    return (page.parent / link.partition("#")[0]).resolve() if link[0] != "#" else page


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links(page):
        found = target(page, link)
        assert found.exists(), link
        anchor = link.partition("#")[2]
        if anchor:
            assert anchor in anchors(found), link


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = {README}, [README]
    while waiting:
        page = waiting.pop()
        for found in {target(page, link) for link in links(page)} - reached:
            reached.add(found)
            if found.suffix == ".md":
                waiting.append(found)
    assert {name_of(page) for page in PAGES if page not in reached} == set()


def test_every_picture_is_shown_somewhere() -> None:
    shown = {target(page, link) for page in PAGES for link in links(page)}
    assert [p.name for p in (ROOT / "docs" / "images").glob("*") if p not in shown] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    for name in NAMED_FILE.findall(text_of(page)):
        if not STANDS_FOR_A_FILE.search(name):
            assert _exists(name), name


def _exists(name: str) -> bool:
    """From the root, or as a file of that name in a folder that the text is about."""
    nested = [path for folder in ("bot", "data", "tests") for path in (ROOT / folder).rglob(name)]
    return (ROOT / name).exists() or bool(nested)


def test_the_readme_is_short() -> None:
    assert len(text_of(README).splitlines()) <= MOST_README_LINES


def test_the_clinic_that_the_readme_adds_can_be_imported(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(clinic:.*?)```", text_of(README), re.DOTALL)
    path = tmp_path / "lakeside.yml"
    path.write_text(example, encoding="utf-8")
    content = load_files([*sorted(CONTENT_DIR.rglob("*.yml")), path])
    assert "lakeside" in {clinic.key for clinic in content.clinics}


def test_the_readme_names_the_files_that_it_tells_to_change() -> None:
    causes = text_of(ROOT / "data" / "nlu" / "causes" / "from_the_start.yml")
    (phrase,) = re.findall(r"```yaml\n(    - .*)\n```", text_of(README))
    indents = {len(line) - len(line.lstrip()) for line in causes.splitlines() if "- " in line}
    assert len(phrase) - len(phrase.lstrip()) in indents
    assert phrase not in causes, "the example is there already: think of another one"


@pytest.mark.parametrize("page", DECISIONS, ids=name_of)
def test_a_decision_has_its_four_parts_and_is_short(page: Path) -> None:
    lines = text_of(page).splitlines()
    number = page.name[:3]
    assert lines[0].startswith(f"# {number} ")
    parts = [line for line in lines if line.startswith("## ")]
    assert parts == ["## Context", "## Decision", "## Consequences", "## Figures"]
    assert len(lines) <= MOST_DECISION_LINES


def test_decisions_are_numbered_without_gaps() -> None:
    assert [page.name[:3] for page in DECISIONS] == [f"{n + 1:03}" for n in range(len(DECISIONS))]


def test_the_changelog_begins_with_what_is_not_released_yet() -> None:
    headings = re.findall(r"^## (.*)$", text_of(ROOT / "CHANGELOG.md"), re.MULTILINE)
    assert headings[0] == "Unreleased"
