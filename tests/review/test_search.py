from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy.engine import Engine

from bot.conversations.log import ConversationLog
from bot.conversations.review_tables import search_words
from bot.conversations.words import key, places, read, stem
from bot.review.filters import ConversationFilter
from bot.review.listing import ReviewLog
from bot.review.model import Part
from bot.review.search import MOST_TERMS, marked, read_search, snippet
from tests.chat.stage import Clock
from tests.conversations.wordings import begin, drafts, save

MARKER = "quokkaphobia"


@pytest.fixture
def reviews(engine: Engine, clock: Clock) -> ReviewLog:
    return ReviewLog(engine, clock)


def found(reviews: ReviewLog, words: str) -> list[str]:
    page = reviews.page(ConversationFilter(("temple",), words=words), by="ana")
    return [each.id for each in page.items]


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("pain", True),
        ("PAINS ", True),
        ("injection ", True),
        ("injectio", True),
        ("inj", True),
        ("i", False),
        ("injury", False),
        ("cafe ", True),
        ("cafés ", True),
        ("cant ", True),
        ("can't ", True),
        ("pain injections ", True),
        ("pain knee ", False),
        ("lower back ", True),
        ('"back pain"', True),
        ('"pain back"', False),
        ("“back pain” injected", True),
        ('"pain in the leg"', True),
        ('"injections help again"', False),
        ('"back pain', True),
        ("20 mg ", True),
        ("name ", False),
        ("reply ", False),
        ("the ", False),
        ("?!* ", False),
        ("", False),
    ],
)
def test_what_is_found_by_what(
    log: ConversationLog, reviews: ReviewLog, words: str, is_found: bool
):
    conversation = begin(log)
    save(log, conversation, 1, "My lower back pain in the leg, I can't sit at a Café. [name] 20 mg")
    save(log, conversation, 2, "Do injections help?")
    save(log, conversation, 3, "Again")
    save(log, begin(log), 1, "Something else")
    assert found(reviews, words) == ([conversation.id] if is_found else [])


@given(st.text(max_size=60))
@example('"' * 9)
@example("a' OR 1=1; --")
@example("NEAR(a b) AND * ^ : -x")
@example("\0\ud800\u200b")
def test_no_text_is_a_mistake(text: str):
    search = read_search(text)
    assert len(search.terms) <= MOST_TERMS
    parts = marked(text, search.terms)
    assert "".join(part.text for part in parts) in (text, "")


@pytest.mark.parametrize("words", ["' OR 1=1", "\0", "\ud800", "% _", '"', "NOT pain", "a" * 5_000])
def test_no_text_breaks_the_query(log: ConversationLog, reviews: ReviewLog, words: str):
    save(log, begin(log), 1, "pain")
    assert found(reviews, words) == []


def test_words_that_every_message_has_are_named():
    search = read_search("what is the pain in my back ")
    assert search.too_common == ("what", "is", "the", "in", "my")
    assert [term.words for term in search.terms] == [(("pain", 0),), (("back", 0),)]


def test_found_words_are_marked_with_their_endings():
    terms = read_search("inject cafe ").terms
    assert marked("Injections at the Café!", terms) == (
        Part("Injections", is_found=True),
        Part(" at the "),
        Part("Café", is_found=True),
        Part("!"),
    )
    assert marked("Nothing", terms) == ()


def test_a_line_of_the_list_shows_the_piece_where_most_was_found(
    log: ConversationLog, reviews: ReviewLog
):
    conversation = begin(log)
    save(log, conversation, 1, "Some pain")
    save(log, conversation, 2, "word " * 60 + "the pain of surgery " + "word " * 60)
    wanted = ConversationFilter(("temple",), words="pain surgery ")
    [line] = reviews.page(wanted, by="ana").items
    assert [part.text for part in line.snippet if part.is_found] == ["pain", "surgery"]
    assert (line.snippet[0].text, line.snippet[-1].text) == ("…", "…")
    assert len("".join(part.text for part in line.snippet)) < 200
    assert snippet(["nothing"], read_search("pain ").terms) == ()


def test_a_comment_is_found_until_another_takes_its_place(log: ConversationLog, reviews: ReviewLog):
    conversation = begin(log)
    reply = save(log, conversation, 1, "Why does the pain last?")[-1]
    log.add_feedback(conversation.id, reply.id, False, "nothing on insurance and pain")
    assert found(reviews, "insurance ") == [conversation.id]
    log.add_feedback(conversation.id, reply.id, True, "parking")
    assert found(reviews, "insurance ") == []
    assert found(reviews, '"parking"') == found(reviews, "pain ") == [conversation.id]


def test_a_phrase_does_not_reach_into_another_message(log: ConversationLog, reviews: ReviewLog):
    conversation = begin(log)
    reply = save(log, conversation, 1, "back")[-1]
    log.add_feedback(conversation.id, reply.id, False, "pain")
    save(log, conversation, 2, "pain")
    assert found(reviews, '"back pain"') == []


def words_of(engine: Engine) -> set[int]:
    with engine.connect() as connection:
        return set(connection.execute(sa.select(search_words.c.word)).scalars())


def test_forgetting_takes_the_words_of_one_conversation_only(log: ConversationLog, engine: Engine):
    gone, stays = begin(log), begin(log)
    reply = save(log, gone, 1, f"pain and {MARKER}")[-1]
    log.add_feedback(gone.id, reply.id, False, f"{MARKER} commented")
    save(log, stays, 1, "pain and surgery")
    assert key(stem(MARKER)) in words_of(engine)
    log.delete(gone.id)
    assert words_of(engine) == {key("pain"), key("surgeri")}


def test_begun_anew_the_old_words_are_gone(log: ConversationLog, engine: Engine):
    conversation = begin(log)
    save(log, conversation, 1, f"pain and {MARKER}")
    log.begin_anew(conversation.id, drafts("x")[1])
    assert words_of(engine) == set()


def test_no_forgotten_word_is_left_in_the_file(
    stocked_copy: Callable[[str, Path], str],
    make_engine: Callable[[str], Engine],
    clock: Clock,
    tmp_path: Path,
):
    """Of SQLite's; PostgreSQL clears up by itself, later (autovacuum)."""
    path = tmp_path / "careline.db"
    engine = make_engine(stocked_copy("sqlite", path))
    log = ConversationLog(engine, clock)
    for n in range(30):
        conversation = begin(log)
        for number in range(1, 4):
            reply = save(log, conversation, number, f"pain {number * n} {MARKER} leg{n}")[-1]
        log.add_feedback(conversation.id, reply.id, False, f"not about {MARKER}")
        if n % 2:
            assert found(ReviewLog(engine, clock), "pain ")
            log.delete(conversation.id)
    assert key(stem(MARKER)) in words_of(engine)
    for conversation in log.all():
        log.delete(conversation.id)
    files = [*tmp_path.glob(path.name + "*")]
    assert len(files) > 1
    on_disk = b"".join(file.read_bytes() for file in files).lower()
    assert MARKER.encode() not in on_disk
    assert stem(MARKER).encode() not in on_disk


def test_the_rules_for_stored_words_have_not_changed():
    """Whoever changes them has to write a migration that reads all texts again."""
    text = "The injections' effects: I can’t sit at Café Zoë, [name] 20mg L4-L5, not after surgery"
    kept = [(n, word.stem) for n, word in places(text)]
    assert kept == [
        (1, "inject"),
        (2, "effect"),
        (4, "cant"),
        (5, "sit"),
        (7, "cafe"),
        (8, "zoe"),
        (9, "20mg"),
        (10, "l4"),
        (11, "l5"),
        (12, "not"),
        (13, "after"),
        (14, "surgeri"),
    ]
    assert key("inject") == -4700523174409020702
    assert [text[word.start : word.end] for word in read(text)][7:9] == ["Café", "Zoë"]
