"""What lies in git, and what the lock file pins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import PurePath

from bot.paths import ROOT
from tests.house_rules.source import listed, repository_files, text

MADE = ("*.db", "*.db-*", "*.sqlite*", "*.tar.gz", "*.onnx", "*.npz", "*.pkl", "*.joblib", "*.pyc")
"""Databases, models and what Python compiles: made on each machine, never kept."""

BIGGEST = 1_000_000
"""Bytes; `uv.lock` and pictures are below."""

REGISTRY = "pypi.org"
HOSTS_OF_PACKAGES = {"https://pypi.org", "https://files.pythonhosted.org"}
SETS_A_REGISTRY = re.compile(
    r"index[-_]url\b.{0,5}?(https?://[\w.@:-]+)|(https?://[\w.@:-]+)/(?:\w+/)*simple\b", re.I
)


def locked() -> Iterator[tuple[str, str]]:
    """Each package of the lock file: its name and its entry."""
    for entry in text("uv.lock").split("[[package]]\n")[1:]:
        yield entry.split('"', 2)[1], entry


def test_nothing_that_is_made_lies_in_git() -> None:
    found = [
        name
        for name in repository_files()
        if any(fnmatch(PurePath(name).name, pattern) for pattern in MADE)
    ]
    assert not found, listed(found)


def test_no_file_in_git_is_big() -> None:
    found = [n for n in repository_files() if (ROOT / n).stat().st_size > BIGGEST]
    assert not found, listed(found)


def test_every_archive_that_can_be_installed_has_a_hash() -> None:
    archives = re.findall(r"\{ url = [^}]*\}", text("uv.lock"))
    assert len({name for name, entry in locked() if "{ url = " in entry}) > 200
    unpinned = [a for a in archives if not re.search(r'hash = "sha256:[0-9a-f]{64}"', a)]
    assert not unpinned, listed(unpinned)


def test_packages_come_from_the_public_registry_only() -> None:
    assert set(re.findall(r"https?://[^/\"]+", text("uv.lock"))) == HOSTS_OF_PACKAGES
    sources = {re.findall(r"source = (.*)", e)[0] for name, e in locked() if name != "careline"}
    assert sources == {f'{{ registry = "https://{REGISTRY}/simple" }}'}


def test_no_other_file_names_a_registry() -> None:
    places = [
        f"{name}: {url}"
        for name in repository_files()
        if name != "uv.lock" and PurePath(name).suffix not in (".png", ".ico")
        for found in SETS_A_REGISTRY.findall(text(name))
        for url in found
        if url not in ("", f"https://{REGISTRY}")
    ]
    assert not places, listed(places)


def test_the_check_on_a_clean_checkout_is_what_a_newcomer_runs() -> None:
    assert text(".ci/run").rstrip().splitlines()[-1] == "exec make test COVERAGE=yes"


def test_the_tests_run_the_linters() -> None:
    recipes = dict(re.findall(r"^([a-z-]+):(.*(?:\n\t.*)*)", text("Makefile"), re.MULTILINE))
    assert " check" in recipes["test"].splitlines()[0]
    assert "pytest" in recipes["test"]
    for tool in ("ruff check", "ruff format --check", "mypy"):
        assert f"$(RUN) {tool}" in recipes["check"]
