"""The names of other illnesses are none of ours: a wrong one would turn our own patients away."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pytest

from bot.content.model import Snapshot
from bot.content.wordings import NOT_LISTED, wordings
from bot.content.yaml_lines import read_yaml
from bot.nlu.scope import ARTICLES
from bot.nlu.wording import plain_word
from bot.paths import NLU_DIR

OURS = ("cause", "symptom", "treatment")
OTHER = ("other_condition", "other_operation", "other_body_part", "other_medicine")


class Name(NamedTuple):
    """A name in a lookup table."""

    file: str
    table: str
    text: str


@pytest.fixture(scope="module")
def names() -> list[Name]:
    return list(_names())


@pytest.mark.parametrize("table", OTHER)
def test_no_listed_cause_symptom_or_treatment_holds_another_s_name(
    table: str, names: list[Name], shipped: Snapshot
):
    others = [name.text for name in names if name.table == table]
    listed = {w.text for w in wordings(shipped) if w.entity in OURS and w.detail != NOT_LISTED}
    assert len(others) > 100
    assert len(listed) > 1000
    assert held(others, listed) == []


def test_no_treatment_with_an_answer_of_its_own_is_among_other_illnesses_medicines(
    names: list[Name], shipped: Snapshot
):
    """Of a treatment that is known but not listed we say so, which is more than "not ours"."""
    medicines = [name.text for name in names if name.table == "other_medicine"]
    assert held(medicines, {w.text for w in wordings(shipped) if w.entity == "treatment"}) == []


def test_no_name_of_another_is_or_holds_a_name_of_ours(names: list[Name]):
    """Such a name would never decide anything: a message that says ours stays ours."""
    own = [name.text for name in names if name.table not in OTHER]
    assert len(own) > 20
    assert held(own, (name.text for name in names if name.table in OTHER)) == []


def test_no_name_of_another_stands_twice_in_one_table_or_in_two(names: list[Name]):
    others = sorted((n for n in names if n.table in OTHER), key=lambda n: words_of(n.text))
    groups = [list(same) for _, same in itertools.groupby(others, lambda n: words_of(n.text))]
    assert [group for group in groups if len(group) > 1] == []


@pytest.mark.parametrize(
    ("other", "ours", "is_held"),
    [
        ("numbness", "numbness", True),
        ("a numb foot", "Numb feet and numb foot", True),
        ("Crohn's disease", "crohns disease", True),
        ("hernias", "a hernia", True),
        ("back-pain", "chronic back pain", True),
        ("numb", "numbness", False),
        ("foot numb", "numb foot", False),
        ("insulin pump", "pump", False),
    ],
)
def test_a_name_is_held_as_whole_words_in_their_order(other: str, ours: str, is_held: bool):
    assert held([other], [ours]) == ([(other, ours)] if is_held else [])


def held(names: Iterable[str], texts: Iterable[str]) -> list[tuple[str, str]]:
    """The names that stand as whole words in a text, each with that text."""
    by_words = {words_of(name): name for name in names}
    longest = max(map(len, by_words))
    return [(by_words[run], t) for t in texts for run in _runs(words_of(t), longest) & {*by_words}]


def words_of(text: str) -> tuple[str, ...]:
    """The words that `bot/nlu/scope.py` compares."""
    text = text.lower()
    text = next((text.removeprefix(a) for a in ARTICLES if text.startswith(a)), text)
    plain = text.replace("-", " ").replace("'", "").replace("’", "")
    return tuple(plain_word(word) for word in plain.split())


def _runs(words: tuple[str, ...], longest: int) -> set[tuple[str, ...]]:
    starts = range(len(words))
    return {words[i : i + size] for i in starts for size in range(1, longest + 1)}


def _names() -> Iterator[Name]:
    for path in sorted((NLU_DIR / "lookup").glob("*.yml")):
        for entry in read_yaml(path, path.name).data["nlu"]:
            for line in entry["examples"].splitlines():
                yield Name(path.name, entry["lookup"], line.removeprefix("- ").strip())
