"""Words that point at something said before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("rasa")


@pytest.fixture
def find(
    configured: Callable[[str], dict[str, Any]], parts: dict[str, Any], message: Any
) -> Callable[[str], list[tuple[str, str]]]:
    """The values found in a text by the shipped words, each with its piece of the text."""
    from bot.nlu.references import ReferenceExtractor

    component = ReferenceExtractor.create(configured("ReferenceExtractor"), **parts)

    def of(text: str) -> list[tuple[str, str]]:
        (processed,) = component.process([message(text)])
        entities = processed.get("entities")
        assert {entity["entity"] for entity in entities} <= {"reference"}
        return [(e["value"], text[e["start"] : e["end"]]) for e in entities]

    return of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tell me about the second one", [("2", "second")]),
        ("the 3rd", [("3", "3rd")]),
        ("number 4?", [("4", "4")]),
        ("the LAST one", [("last", "LAST")]),
        ("the other one", [("other", "other one")]),  # the longest, once
        ("what about the others", [("other", "others")]),
        ("the first and the last", [("1", "first"), ("last", "last")]),
        ("tenth", [("10", "10")]),
        ("tell me more", []),
        ("other than that, and on the other hand", [("that", "that")]),
        ("i had it first of all last year", []),
        ("a 21st century seconds", []),
        ("", []),
        ("?!", []),
        ("背中 🤕", []),
    ],
)
def test_a_reference_is_a_place_in_a_list_or_the_other_one(
    find: Callable[[str], list[tuple[str, str]]], text: str, expected: list[tuple[str, str]]
):
    if text == "tenth":
        expected = [("10", "tenth")]
    assert find(text) == expected


def test_entities_that_were_found_before_are_kept(
    configured: Callable[[str], dict[str, Any]], parts: dict[str, Any], message: Any
):
    from bot.nlu.references import ReferenceExtractor

    earlier = {"entity": "cause", "value": "scar_tissue", "start": 0, "end": 5}
    said = message("scars, the second")
    said.set("entities", [earlier], add_to_output=True)
    ReferenceExtractor.create(configured("ReferenceExtractor"), **parts).process([said])
    assert [e["value"] for e in said.get("entities")] == ["scar_tissue", "2"]


def test_without_words_nothing_is_found(parts: dict[str, Any], message: Any):
    from bot.nlu.references import ReferenceExtractor

    component = ReferenceExtractor.create(ReferenceExtractor.get_default_config(), **parts)
    (processed,) = component.process([message("the second one")])
    assert processed.get("entities") == []
