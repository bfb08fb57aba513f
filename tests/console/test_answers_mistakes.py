"""What is wrong with an answer stands beside the field that has to be put right."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.console.stage import Staff, Stage, assert_page
from tests.console.test_answers import change, number


@pytest.fixture
def editor(console: Stage) -> Staff:
    return console.signed_in("eve", temple="editor", twin_cities="editor")


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"text": ""}, "text", "Write what the bot says."),
        ({"title": ""}, "title", "Write a title."),
        ({"source": ""}, "source", "Choose where this comes from, or add a new source."),
        ({"reviewed_on": ""}, "reviewed_on", "Write the day on which this was last checked."),
        ({"source": "nobody"}, "source", "There is no source"),
        ({"text": "Call {fax}."}, "text", "{fax} is no placeholder"),
        ({"offer-2": "weather"}, "offer-2", "There is no answer"),
        ({"link-1-title": "Clinic"}, "link-1-url", "Write something here."),
        (
            {"link-1-title": "Stop your gabapentin", "link-1-url": "https://temple.example"},
            "link-1-title",
            "tells to start, stop",
        ),
    ],
)
def test_what_is_wrong_is_said_of_its_field(
    console: Stage, editor: Staff, wrong: dict[str, str], field: str, sentence: str
) -> None:
    place = number(console, "treatments")
    response = change(editor, place, "publish", **wrong)
    assert_page(response, 422)
    found = re.search(rf'id="{field}-error"[^>]*>(.*?)</', response.text, re.S)
    assert found, response.text
    assert sentence in unescape(found[1])
