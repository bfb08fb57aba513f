from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.visitor_text import visible


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("hello", "hello"),
        ("  hello \n", "hello"),
        ("one\ntwo\tthree", "one two three"),
        ("one\u2028two", "one two"),
        ("be\x00ll\x07", "bell"),
        ("a\u202eb\u202cc", "abc"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("soft\u00adhyphen", "softhyphen"),
        ("su\u200ci\u200dcide", "suicide"),
        ("\u043a\u200d\u043e\u0442", "\u043a\u043e\u0442"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("a \u200d b", "a  b"),
        ("\u200dstart and end\u200d", "start and end"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("🏳\ufe0f\u200d🌈", "🏳\ufe0f\u200d🌈"),
        ("👩🏽\u200d🔬", "👩🏽\u200d🔬"),
        ("👩\u200d\u200d👩", "👩👩"),
        ("naïve café 痛み", "naïve café 痛み"),
        ("", ""),
        ("\u200b", ""),
    ],
)
def test_what_is_seen_stays_and_the_rest_goes(typed: str, seen: str):
    assert visible(typed) == seen


@given(st.text())
def test_no_control_character_is_left_and_twice_is_once(text: str):
    seen = visible(text)
    assert visible(seen) == seen
    hidden = [c for c in seen if unicodedata.category(c) in ("Cc", "Cf")]
    assert all(c in "\u200c\u200d" for c in hidden)
