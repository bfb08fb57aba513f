"""What was exported can be imported again: into the same store, an empty one, a later version."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Engine

from bot.corrections.files import read_files, write_files
from bot.corrections.learning import Shipped, lesson, why_not
from bot.corrections.model import USED, Draft, State, Wanted, key_of
from bot.corrections.repository import Corrections
from bot.corrections.shipped import Example
from bot.corrections.tables import corrections as table
from bot.corrections.taking_in import Plan, carry_out, plan
from tests.chat.stage import Clock
from tests.corrections.conftest import SHIPPED

CLINICS = ("temple", "twin-cities")
TEXTS = (
    "where to park",
    "Where to park?!",
    "/where to park",
    "- where to park",
    "where\nto\u2028park\x85",
    "see [this](portal) thing",
    "see this portal thing",
    "[phone]",
    "phone",
    "it's {curly} [square](round) 'quoted' \"twice\" \\\\ back",
    "\N{THUMBS UP SIGN}",
    "\N{THUMBS UP SIGN}\n",
    ":)",
    "\ufeff\u200b# x: &y *z |",
    "---",
    "%TAG ! !!python",
    "\U0001fae0 melting",
    "\U0001fae0",
    "where is the portal",
    "what is it called again",
    "\N{LATIN SMALL LIGATURE FI}x 2\N{SUPERSCRIPT TWO}",
)
"""What hides in a file, in a message, or is the same as another when folded or shipped."""

WANTED = (
    Wanted("portal"),
    Wanted("clinic_admin"),
    Wanted("out_of_scope"),
    Wanted("treatment_detail"),
    Wanted("treatment_detail", "nerve_block"),
    Wanted("faq", "parking"),
)


def _may_be(draft: Draft) -> Draft:
    """The same, only asked where it cannot be learnt."""
    cannot = draft.state is State.TRAINING and why_not(draft.text, draft.wanted.subject, SHIPPED)
    return replace(draft, state=State.REGRESSION) if cannot else draft


texts = st.sampled_from(TEXTS) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20
).filter(str.strip)
drafts = st.lists(
    st.builds(
        Draft,
        texts,
        st.sampled_from(WANTED),
        st.sampled_from((None, *CLINICS)),
        st.sampled_from((*USED, State.NEW)),
    ).map(_may_be),
    max_size=12,
)
all_of_them = example(
    [
        _may_be(Draft(text, wanted, clinic, state))
        for text in TEXTS
        for wanted, clinic in zip(WANTED, (None, *CLINICS) * 2)
        for state in USED
    ]
)


@pytest.fixture
def stores(stocked_copy, make_engine, tmp_path: Path) -> tuple[Engine, Engine]:
    one, other = (make_engine(stocked_copy("sqlite", tmp_path / f"{n}.db")) for n in range(2))
    return one, other


def emptied(engine: Engine, shipped: Shipped = SHIPPED) -> Corrections:
    with engine.begin() as connection:
        connection.execute(table.delete())
    return Corrections(engine, Clock(), lambda: shipped)


def export(store: Corrections, folder: Path, shipped: Shipped = SHIPPED) -> dict[str, str]:
    reviewed = store.reviewed()
    learnt = lesson((c for c in reviewed if c.state is State.TRAINING), shipped)
    paths = write_files(folder, learnt.examples, reviewed)
    return {path.name: path.read_text(encoding="utf-8") for path in paths}


def taken_in(folder: Path, store: Corrections, shipped: Shipped = SHIPPED) -> Plan:
    """Imports a folder. Messages come in any order, as if many had been imported one by one."""
    made = plan(read_files(folder), store, shipped, CLINICS)
    random.Random(1).shuffle(made.new)
    carry_out(made, store, by="Ben")
    return made


in_one_folder = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@in_one_folder
@given(drafts)
@all_of_them
def test_an_import_gives_the_same_export_and_another_one_changes_nothing(
    stores: tuple[Engine, Engine], tmp_path: Path, said: list[Draft]
):
    one, other = map(emptied, stores)
    one.add(said, by="Ana")
    before = export(one, tmp_path / "one")
    if not before:
        return
    assert taken_in(tmp_path / "one", other).refused == []
    assert export(other, tmp_path / "other") == before
    for store in (one, other):
        stored = store.listed(most=1_000)
        again = taken_in(tmp_path / "one", store)
        assert (again.new, again.changed, again.only_asked, again.refused) == ([], {}, [], [])
        assert store.listed(most=1_000) == stored


@in_one_folder
@given(drafts)
@all_of_them
def test_what_ships_meanwhile_is_asked_and_nothing_is_refused(
    stores: tuple[Engine, Engine], tmp_path: Path, said: list[Draft]
):
    one, _ = map(emptied, stores)
    one.add(said, by="Ana")
    before = export(one, tmp_path / "one")
    if not before:
        return
    learnt = lesson((c for c in one.reviewed() if c.state is State.TRAINING), SHIPPED).examples
    moved = {key_of(text): Example(subject, f"{subject}.yml") for subject, text in learnt}
    measured = frozenset({"where to park"})
    later = Shipped({**SHIPPED.training, **moved}, SHIPPED.measured | measured)
    for engine in stores:
        store = Corrections(engine, Clock(), lambda: later)
        assert taken_in(tmp_path / "one", store, later).refused == []
        after = export(store, tmp_path / "after", later)
        assert after == {name: text for name, text in before.items() if name.endswith("jsonl")}
