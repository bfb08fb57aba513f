"""Imports point one way."""

from __future__ import annotations

import pytest

from tests.house_rules.source import Import, files, imports, listed, reached

OURS = ("bot", "actions")
WEB = ("starlette", "uvicorn", "jinja2", "bot.web", "bot.chat", "bot.console")

ALLOWED = {
    "rasa": ("bot/engine/", "bot/nlu/", "bot/conversations/tracker_store.py"),
    "rasa_sdk": ("bot/engine/", "actions/"),
    "alembic": ("bot/db/",),
    "sqlalchemy": (
        "bot/db/",
        "bot/content/approval.py",
        "bot/content/contact_routes.py",
        "bot/content/drafts.py",
        "bot/content/editing.py",
        "bot/content/importer.py",
        "bot/content/new_sources.py",
        "bot/content/one_file.py",
        "bot/content/opening.py",
        "bot/content/outages.py",
        "bot/content/pointing.py",
        "bot/content/publishing.py",
        "bot/content/review_dates.py",
        "bot/content/rows.py",
        "bot/content/store.py",
        "bot/content/tables.py",
        "bot/content/vectors.py",
        "bot/conversations/by_reference.py",
        "bot/conversations/demo_marks.py",
        "bot/conversations/forgetting.py",
        "bot/conversations/going.py",
        "bot/conversations/log.py",
        "bot/conversations/opinions.py",
        "bot/conversations/overviews.py",
        "bot/conversations/review_tables.py",
        "bot/conversations/rows.py",
        "bot/conversations/tables.py",
        "bot/conversations/word_index.py",
        "bot/candidates/",
        "bot/corrections/",
        "bot/figures/",
        "bot/missed/",
        "bot/review/",
        "bot/staff/",
    ),
}
"""Who may import what: whoever knows how something is stored, or how Rasa works."""

PURE = (
    "bot/candidates/comparing.py",
    "bot/candidates/gates.py",
    "bot/candidates/model.py",
    "bot/content/differences.py",
    "bot/content/hours.py",
    "bot/content/model.py",
    "bot/content/subjects.py",
    "bot/conversations/facts.py",
    "bot/conversations/model.py",
    "bot/conversations/reference.py",
    "bot/conversations/words.py",
    "bot/corrections/guesses.py",
    "bot/corrections/model.py",
    "bot/demo/typos.py",
    "bot/demo/visits.py",
    "bot/figures/counting.py",
    "bot/figures/model.py",
    "bot/figures/summary.py",
    "bot/folding.py",
    "bot/missed/grouping.py",
    "bot/missed/model.py",
    "bot/review/filters.py",
    "bot/review/model.py",
    "bot/review/search.py",
    *files("bot/redaction"),
    *files("bot/replies"),
    *files("bot/safety"),
    "bot/staff/chain.py",
    "bot/staff/model.py",
)
"""Free of Rasa, the database and the web, also through what they import."""


@pytest.mark.parametrize("package", ALLOWED)
def test_a_library_is_imported_only_where_it_belongs(package: str) -> None:
    everywhere = [entry for name in files(*OURS) for entry in imports(name)]
    of_package = [entry for entry in everywhere if entry.is_of(package)]
    assert of_package
    wrong = [entry for entry in of_package if not entry.file.startswith(ALLOWED[package])]
    assert not wrong, listed(wrong)


@pytest.mark.parametrize("name", PURE)
def test_models_redaction_and_replies_reach_neither_rasa_nor_database_nor_web(name: str) -> None:
    wrong = [e for e in reached(name) if _is_any(e, ("rasa", "rasa_sdk", "sqlalchemy", *WEB))]
    assert not wrong, listed(wrong)


@pytest.mark.parametrize(("door", "other"), [("chat", "console"), ("console", "chat")])
def test_the_two_doors_do_not_know_each_other(door: str, other: str) -> None:
    names = files(f"bot/{door}")
    assert names
    found = [e for name in names for e in reached(name) if e.is_of(f"bot.{other}")]
    assert not found, listed(found)


@pytest.mark.parametrize("name", ["bot/cli.py", "bot/server.py", *files("bot/commands")])
def test_importing_a_command_does_not_import_rasa(name: str) -> None:
    """That takes ten seconds."""
    early = reached(name, early_only=True)
    wrong = [entry for entry in early if _is_any(entry, ("rasa", "rasa_sdk"))]
    assert not wrong, listed(wrong)


def test_the_product_does_not_import_its_tests_or_its_benchmark() -> None:
    command = "bot/commands/bench.py"  # starts the benchmark, and says so where it is not there
    found = [e for name in files(*OURS) if name != command for e in imports(name)]
    wrong = [entry for entry in found if _is_any(entry, ("tests", "bench"))]
    assert not wrong, listed(wrong)


def _is_any(entry: Import, packages: tuple[str, ...]) -> bool:
    return any(entry.is_of(package) for package in packages)
