"""Typed text without the characters that nobody sees. Pure.

Invisible characters can hide a word from the red flags and reorder what staff read, so they go:
control characters (Unicode category Cc) and formatting characters (Cf), among them bidi marks and
zero-width spaces. Joiners stay where they are spelling: between letters of scripts that use them
(Persian, Hindi ...) and inside an emoji sequence.
"""

from __future__ import annotations

import unicodedata

_SPACES = frozenset("\t\n\r\v\f\x85\u2028\u2029")
_ZWNJ, _ZWJ = "\u200c", "\u200d"
_JOINERS = frozenset((_ZWNJ, _ZWJ))
_UNJOINED_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")
"""Scripts that never need a joiner: in them it only hides a word."""
_EMOJI_VARIATION = "\ufe0f"


def visible(text: str) -> str:
    """`text` as one line of visible characters, without blanks at its ends. May be empty."""
    kept = "".join(filter(None, map(_visible_or_space, text)))
    return "".join(c for i, c in enumerate(kept) if c not in _JOINERS or _joins(kept, i)).strip()


def _visible_or_space(char: str) -> str:
    if char in _SPACES:
        return " "
    if char in _JOINERS or unicodedata.category(char) not in ("Cc", "Cf"):
        return char
    return ""


def _joins(text: str, index: int) -> bool:
    """Whether the joiner at `index` is part of the spelling of what stands on both sides of it."""
    if index == 0 or index + 1 == len(text):
        return False
    before, after = text[index - 1], text[index + 1]
    if _is_joinable_letter(before) and _is_joinable_letter(after):
        return True
    return text[index] == _ZWJ and _is_emoji(before) and _is_emoji(after)


def _is_joinable_letter(char: str) -> bool:
    if unicodedata.category(char)[0] not in "LM" or char == _EMOJI_VARIATION:
        return False
    return not unicodedata.name(char, "").startswith(_UNJOINED_SCRIPTS)


def _is_emoji(char: str) -> bool:
    return char == _EMOJI_VARIATION or unicodedata.category(char) in ("So", "Sk")
