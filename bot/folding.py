"""When two texts say the same, as far as their letters tell."""

from __future__ import annotations

import re

APOSTROPHES = re.compile("['’]")
NO_LETTERS = re.compile(r"[\W_]+")


def folded(text: str) -> str:
    """Without case, punctuation and extra space; as it is where nothing is left, as of a smiley.

    Texts that are the same when folded are the same message.
    """
    plain = APOSTROPHES.sub("", text.casefold())
    return NO_LETTERS.sub(" ", plain).strip() or text
