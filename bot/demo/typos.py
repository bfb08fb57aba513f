"""Slips of the finger, as people make them on a telephone. Pure: the dice are handed in."""

from __future__ import annotations

from random import Random

NEIGHBOURS = {
    "a": "s", "b": "v", "c": "x", "d": "f", "e": "r", "g": "h", "h": "j", "i": "o", "k": "l",
    "l": "k", "m": "n", "n": "b", "o": "p", "p": "o", "r": "e", "s": "d", "t": "r", "u": "y",
    "v": "c", "w": "e", "y": "t",
}  # fmt: skip
"""Keys that lie side by side."""

SHORTEST = 4
"""Letters of a word in which a slip is not noticed at once."""


def mistyped(text: str, dice: Random) -> str:
    """The text with one slip in one of its longer words; the same text where it has none."""
    words = text.split(" ")
    long = [n for n, word in enumerate(words) if len(word) >= SHORTEST and word.isalpha()]
    if not long:
        return text
    chosen = dice.choice(long)
    words[chosen] = _slip(words[chosen], dice)
    return " ".join(words)


def _slip(word: str, dice: Random) -> str:
    at = dice.randrange(1, len(word) - 1)
    kind = dice.randrange(4)
    if kind == 0:  # left out
        return word[:at] + word[at + 1 :]
    if kind == 1:  # the wrong way round
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 2:  # twice
        return word[:at] + word[at] + word[at:]
    return word[:at] + NEIGHBOURS.get(word[at], word[at]) + word[at + 1 :]
