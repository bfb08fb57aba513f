"""The words by which details are known, and the form in which they are compared."""

from __future__ import annotations

import pytest

from bot.content.model import LIBRARY, Answer, Snapshot
from bot.content.wordings import NOT_LISTED, Wording, wordings
from bot.nlu.wording import plain_word
from tests.nlu.contents import snapshot


def test_titles_and_also_called_words_are_wordings_of_their_kind_of_detail():
    content = snapshot({("cause_detail", "scar_tissue"): ["Scar tissue", "fibrosis"]})
    assert list(wordings(content)) == [
        Wording("cause", "scar_tissue", "Scar tissue"),
        Wording("cause", "scar_tissue", "fibrosis"),
    ]


def test_answers_without_a_detail_have_no_wordings():
    causes = Answer(1, 1, LIBRARY, "causes", None, "Causes", "", also_called=("reasons",))
    whole = Answer(2, 1, LIBRARY, "cause_detail", None, "One cause", "")
    answers = {("library", "causes", None): causes, ("library", "cause_detail", None): whole}
    assert list(wordings(Snapshot(1, {}, answers))) == []


def test_the_other_names_of_an_answer_without_a_detail_name_what_is_not_listed():
    whole = Answer(
        1, 1, LIBRARY, "treatment_detail", None, "One treatment", "", also_called=("acupuncture",)
    )
    content = Snapshot(1, {}, {(LIBRARY, "treatment_detail", None): whole})
    assert list(wordings(content)) == [Wording("treatment", NOT_LISTED, "acupuncture")]


def test_a_clinic_s_own_words_count_for_all():
    content = snapshot({("cause_detail", "scar_tissue"): ["Scar tissue"]})
    own = Answer(9, 1, "temple", "cause_detail", "scar_tissue", "Scars", "")
    both = Snapshot(1, {}, {**content.answers, ("temple", "cause_detail", "scar_tissue"): own})
    assert {wording.text for wording in wordings(both)} == {"Scar tissue", "Scars"}


@pytest.mark.parametrize(
    ("word", "plain"),
    [
        ("Injections", "injection"),
        ("scars.", "scar"),
        ("“", "“"),
        ("surgeon’s", "surgeon'"),
        ("surgeon's", "surgeon'"),
        ("NSAIDs", "nsaid"),
        ("numbness", "numbness"),
        ("fibrosis", "fibrosis"),
        ("virus", "virus"),
        ("gas", "gas"),
        ("?!", ""),
        ("", ""),
    ],
)
def test_a_word_has_one_plain_form(word: str, plain: str):
    assert plain_word(word) == plain
