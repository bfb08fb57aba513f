from __future__ import annotations

import pytest

from bot.errors import SetupError
from bot.safety.matcher import Matcher
from bot.safety.words import Stems, read, visible

GROUPS = {"cannot": ("can't", "unable to"), "pee": ("pee", "pass water")}


def found(wording: str, text: str, *, most_between: int = 2) -> list[str]:
    """What a wording finds in a text."""
    text = visible(text)
    stems = Stems()
    words = read(text, stems)
    spans = Matcher([("it", wording)], GROUPS, stems, most_between=most_between).find(words)
    return [text[words[s.start].start : words[s.end - 1].end] for s in spans.get("it", [])]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("I can't pee", "can't pee"),
        ("i CANT PEE!!", "CANT PEE"),
        ("I can’t really even pee", "can’t really even pee"),
        ("he was unable to pass water today", "unable to pass water"),
        ("can't be peeing all day", "can't be peeing"),
        ("I can\u200b't p\u00adee", "can't pee"),
        ("\uff43an't \uff50ee", "can't pee"),  # full-width letters
    ],
)
def test_a_wording_is_found_in_all_its_forms(text: str, said: str) -> None:
    assert found("<cannot> <pee>", text) == [said]


@pytest.mark.parametrize(
    "text",
    [
        "pee I can't",  # the other way round
        "I can't find the door. Pee",  # another sentence
        "I can't find the way to pee",  # too far apart
        "cantaloupe",
        "",
    ],
)
def test_a_wording_is_not_found_where_it_is_not_said(text: str) -> None:
    assert found("<cannot> <pee>", text) == []


def test_a_decimal_point_ends_no_sentence() -> None:
    assert found("fever 103.1", "a fever of 103.1 today") == ["fever of 103.1"]


def test_every_place_is_found() -> None:
    assert len(found("<cannot> <pee>", "can't pee. still can't pee")) == 2


def test_words_of_a_phrase_stand_side_by_side() -> None:
    assert found("<pee>", "pass the water") == []
    assert found("pass water", "pass the water") == ["pass the water"]
    assert found("pass water", "pass the water", most_between=0) == []


def test_an_unknown_group_is_named() -> None:
    with pytest.raises(SetupError, match="'nothing'"):
        Matcher([("it", "<nothing> <pee>")], GROUPS, Stems())
