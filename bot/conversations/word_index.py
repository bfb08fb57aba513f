"""Keeps the index of visitors' words: adds a text's words, and takes them out when it goes.

Deleted words must be gone from the database file when the transaction is. The full-text index of
SQLite 3.40 (FTS5) keeps them until its segments are merged some time later, so this is a table like
any other, which the database overwrites at once; and it holds no words, see
`bot/conversations/words.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from bot.conversations.review_tables import search_words
from bot.conversations.words import key, places

WORDS_OF_A_TEXT = 1_023
"""One less than the places that a text has, so that no phrase reaches into the next one. A
visitor's message has a few hundred words at most.
"""

TEXTS_OF_A_TURN = 16
TYPED = 0
"""Which text of a turn it is: 0 is what the visitor typed, the others are comments on replies."""

_PUT_IN = search_words.insert()
_TAKE_OUT = search_words.delete().where(
    search_words.c.word == bindparam("this_word"), search_words.c.number == bindparam("this_number")
)


def add_words(connection: Connection, number: int, turn: int, which: int, text: str) -> None:
    """Make a text of a conversation findable."""
    found = list(word_rows(number, turn, which, text))
    if found:
        connection.execute(_PUT_IN, found)


def word_rows(number: int, turn: int, which: int, text: str) -> Iterator[dict[str, object]]:
    """The rows of a text's words."""
    first = (turn * TEXTS_OF_A_TURN + which) * (WORDS_OF_A_TEXT + 1)
    for offset, word in places(text):
        if offset < WORDS_OF_A_TEXT:
            yield {"word": key(word.stem), "number": number, "place": first + offset}


def comment_of(position: int) -> int:
    """Which text of its turn the comment on the reply at a position is."""
    return min(1 + position, TEXTS_OF_A_TURN - 1)


def take_out(connection: Connection, texts: Iterable[tuple[int, str]]) -> None:
    """Make whole conversations unfindable: pairs of a conversation's number and a text of it."""
    gone = {(key(word.stem), number) for number, text in texts for _, word in places(text)}
    if gone:
        connection.execute(
            _TAKE_OUT, [{"this_word": word, "this_number": number} for word, number in sorted(gone)]
        )


def take_out_text(connection: Connection, number: int, turn: int, which: int, text: str) -> None:
    """Make one text of a conversation unfindable."""
    columns = search_words.c
    for row in word_rows(number, turn, which, text):
        connection.execute(
            search_words.delete().where(*(columns[name] == row[name] for name in row))
        )
