from __future__ import annotations

import dataclasses
import itertools
import random
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.errors import BadRequest
from bot.review import narrowing
from bot.review.filters import ConversationFilter, Cursor, FeedbackIs, Order
from bot.review.listing import ReviewLog
from bot.review.model import Neighbours
from bot.staff.audit import AuditFilter, AuditLog
from tests.chat.stage import START, Clock
from tests.review.reviewed import (
    CLINICS,
    Known,
    Maker,
    add_people,
    expected,
    places_of,
)

MANY = 90

PIECES: dict[str, list[dict[str, object]]] = {
    "clinics": [{"clinics": ("temple",)}, {"clinics": ("nowhere",)}],
    "since": [{"since": START + timedelta(hours=6)}],
    "until": [{"until": START + timedelta(hours=12)}],
    "subject": [
        {"subject": "causes"},
        {"subject": "emergency"},
        {"subject": "causes", "detail": "scar_tissue"},
        {"subject": "causes", "detail": ""},
        {"subject": "greeting"},
    ],
    "detail": [{"detail": "scar_tissue"}],
    "confidence": [{"confidence_below": 0.5}, {"confidence_below": 0.1}],
    "missed": [{"missed": True}, {"missed": False}],
    "red_flag": [{"red_flag": True}, {"red_flag": False}],
    "feedback": [{"feedback": each} for each in FeedbackIs],
    "handoff": [{"handoff": True}, {"handoff": False}],
    "reviewed": [{"reviewed": True}, {"reviewed": False}],
    "tag": [{"tag": "complaint"}, {"tag": "no such tag"}],
    "assigned_to": [{"assigned_to": "ana"}, {"assigned_to": ""}],
    "turns": [{"least_turns": 2}, {"most_turns": 1}, {"least_turns": 2, "most_turns": 3}],
    "words": [
        {"words": "pain "},
        {"words": "injection "},
        {"words": "walks leg "},
        {"words": "cafe "},
        {"words": '"pain surgery"'},
        {"words": '"doctor after"'},
        {"words": "insurance "},
        {"words": "the "},
    ],
}
ALONE = [each for pieces in PIECES.values() for each in pieces]


@pytest.fixture
def history(engine: Engine, clock: Clock) -> list[Known]:
    add_people(engine, clock)
    maker = Maker(engine, clock)
    return [maker.conversation() for _ in range(MANY)]


@pytest.fixture
def reviews(engine: Engine, clock: Clock) -> ReviewLog:
    return ReviewLog(engine, clock)


def of(chosen: dict[str, object], order: Order = Order.ATTENTION) -> ConversationFilter:
    return dataclasses.replace(ConversationFilter(CLINICS, order=order), **chosen)  # type: ignore[arg-type]


def ids(reviews: ReviewLog, wanted: ConversationFilter) -> list[str]:
    return [each.id for each in reviews.page(wanted, by="ana", size=MANY + 10).items]


@pytest.mark.parametrize("few", [narrowing.FEW, 2], ids=["by number", "walking the list"])
def test_each_filter_and_any_of_their_pairs_find_what_looking_at_all_finds(
    reviews: ReviewLog, history: list[Known], monkeypatch: pytest.MonkeyPatch, few: int
):
    monkeypatch.setattr(narrowing, "FEW", few)
    pairs = [
        {**one, **other}
        for a, b in itertools.combinations(PIECES.values(), 2)
        for one, other in [random.Random(str((a, b))).choice([*itertools.product(a, b)])]
    ]
    found_some = 0
    for number, chosen in enumerate([*ALONE, *pairs]):
        wanted = of(chosen, [Order.ATTENTION, Order.LATEST][number % 2])
        found, known = ids(reviews, wanted), expected(history, wanted)
        assert set(found) == set(known), chosen
        assert len(found) == len(known), chosen
        assert places_of(history, found, wanted.order) == places_of(history, known, wanted.order)
        found_some += 0 < len(known) < MANY
    assert found_some > len(ALONE), "most of these say something"


def test_what_needs_a_person_comes_first_and_the_reviewed_last(
    reviews: ReviewLog, history: list[Known]
):
    items = reviews.page(of({}), by="ana", size=MANY).items
    attention = [each.attention for each in items]
    assert attention == sorted(attention, reverse=True)
    assert items[0].red_flag_at is not None
    assert items[-1].reviewed_by == "ana"
    assert items[-1].reviewed_at is not None


def test_a_line_says_what_the_conversation_was(reviews: ReviewLog, history: list[Known]):
    lines = {each.id: each for each in reviews.page(of({}), by="ana", size=MANY).items}
    for known in history:
        line = lines[known.id]
        assert (line.clinic, line.turns, line.last_activity_at) == (
            known.clinic,
            known.turns,
            known.last,
        )
        assert (line.missed, line.helpful, line.not_helpful, line.attention) == (
            known.missed,
            known.helpful,
            known.not_helpful,
            known.attention,
        )
        assert line.lowest_confidence == min(known.confidences, default=None)
        assert line.first_words == (known.texts[0] if known.texts else "")
        assert line.subjects == tuple(sorted({subject for subject, _ in known.subjects}))
        assert set(line.tags) == known.tags
        assert line.assigned_to == known.assigned_to


def walk(reviews: ReviewLog, wanted: ConversationFilter, start: Cursor | None, way: str) -> list:
    """The pages from one on, following `next` or `previous`."""
    pages = [reviews.page(wanted, start, by="ana", size=7)]
    while (cursor := getattr(pages[-1], way)) is not None:
        pages.append(reviews.page(wanted, Cursor.parse(str(cursor)), by="ana", size=7))
        assert len(pages) < MANY
    return pages


@pytest.mark.parametrize("order", Order)
def test_pages_forth_and_back_show_each_conversation_once(
    reviews: ReviewLog, history: list[Known], order: Order
):
    wanted = of({}, order)
    forth = walk(reviews, wanted, None, "next")
    shown = [each.id for page in forth for each in page.items]
    assert sorted(shown) == sorted(known.id for known in history)
    assert {page.total for page in forth} == {MANY}
    assert forth[0].previous is None
    back = walk(reviews, wanted, forth[-1].previous, "previous")
    before = [each.id for page in reversed(back) for each in page.items]
    assert before[: len(shown) - len(forth[-1].items)] == shown[: -len(forth[-1].items)]
    assert back[-1].items == forth[0].items, "the first page is a full one"


def test_pages_lose_nobody_while_visitors_go_on_writing(
    reviews: ReviewLog, history: list[Known], engine: Engine, clock: Clock
):
    wanted = of({}, Order.LATEST)
    maker = Maker(engine, clock, seed=9)
    untouched = {known.id for known in history[: MANY // 2]}
    page, shown = reviews.page(wanted, by="ana", size=7), []
    while True:
        shown += [each.id for each in page.items]
        if page.next is None:
            break
        clock.move(seconds=5)
        maker.turn(maker.random.choice(history[MANY // 2 :]))
        maker.conversation()
        page = reviews.page(wanted, page.next, by="ana", size=7)
    assert untouched <= set(shown)
    assert len(shown) == len(set(shown))


def test_another_message_or_opinion_makes_a_reviewed_conversation_unreviewed(
    reviews: ReviewLog, history: list[Known], engine: Engine, clock: Clock
):
    reviewed = next(known for known in history if known.reviewed)
    Maker(engine, clock).turn(reviewed)
    assert reviewed.id in ids(reviews, of({"reviewed": False}))


def test_neighbours_are_those_beside_it_in_the_list(reviews: ReviewLog, history: list[Known]):
    wanted = of({"missed": True})
    listed = ids(reviews, wanted)
    assert reviews.neighbours(wanted, listed[0]) == Neighbours(None, listed[1])
    assert reviews.neighbours(wanted, listed[3]) == Neighbours(listed[2], listed[4])
    assert reviews.neighbours(wanted, listed[-1]) == Neighbours(listed[-2], None)
    assert reviews.neighbours(wanted, "nobody") == Neighbours(None, None)
    elsewhere = next(known for known in history if known.clinic == "hillside")
    assert reviews.neighbours(of({"clinics": ("temple",)}), elsewhere.id) == Neighbours(None, None)


def test_counting_ends_where_nobody_reads_on(
    reviews: ReviewLog, history: list[Known], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.review.listing.COUNTED_UP_TO", 50)
    monkeypatch.setattr("bot.review.model.COUNTED_UP_TO", 50)
    first = reviews.page(of({}), by="ana", size=7)
    second = reviews.page(of({}), first.next, by="ana", size=7)
    assert first.total_text == second.total_text == "50+"
    assert reviews.total(of({})) == first.total
    assert reviews.total(of({"red_flag": True})) == sum(known.red_flag for known in history)


def test_a_search_is_recorded_redacted_and_a_list_is_not(
    reviews: ReviewLog, history: list[Known], engine: Engine, clock: Clock
):
    searched = AuditFilter(action="conversation.searched")
    reviews.page(of({"missed": True}), by="ana")
    assert AuditLog(engine, clock).page(searched).entries == ()
    reviews.page(of({"words": "call 215-555-0123 " + "pain\0 " * 50, "missed": True}), by="ana")
    [entry] = AuditLog(engine, clock).page(searched).entries
    assert entry.by == "ana"
    assert entry.details["clinics"] == [*CLINICS]
    assert "555" not in entry.details["filter"]["words"]
    assert len(entry.details["filter"]["words"]) <= 100
    assert entry.details["filter"]["missed"] is True


@pytest.mark.parametrize("text", ["", "x", "f1_2_3", "f1_20261120T150000000000_-5", "b" * 99, "f"])
def test_a_cursor_that_nobody_made_is_refused(text: str):
    with pytest.raises(BadRequest):
        Cursor.parse(text)


@pytest.mark.parametrize(
    "chosen", [{"tag": "a\0b"}, {"subject": "\ud800"}, {"least_turns": 2**40}, {"most_turns": -1}]
)
def test_what_a_database_cannot_compare_is_refused(chosen: dict[str, object]):
    with pytest.raises(BadRequest):
        of(chosen)


def test_a_filter_survives_being_kept_and_drops_what_nobody_knows_any_more():
    wanted = of(
        {"since": START, "feedback": FeedbackIs.ANY, "words": "pain", "missed": False}, Order.LATEST
    )
    kept = {**wanted.as_json(), "of_an_older_version": 1}
    assert ConversationFilter.from_json(kept, CLINICS) == wanted
    assert ConversationFilter.from_json(kept, ("temple",)).clinics == ("temple",)
    with pytest.raises(BadRequest):
        ConversationFilter.from_json({"since": "yesterday"}, CLINICS)


def test_overviews_are_deleted_with_their_conversation(
    history: list[Known], engine: Engine, clock: Clock
):
    log = Maker(engine, clock).log
    for known in history:
        log.delete(known.id)
    with engine.connect() as connection:
        for table in ("overviews", "overview_subjects", "search_words", "conversation_tags"):
            count = connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar()
            assert count == 0, table
