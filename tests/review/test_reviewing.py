from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.conversations.log import ConversationLog
from bot.errors import NotFound, Unprocessable
from bot.review import bulk as bulk_review
from bot.review.bulk import BulkReview
from bot.review.filters import ConversationFilter
from bot.review.listing import ReviewLog
from bot.review.model import ConversationSummary, TagCount
from bot.review.reviewing import Reviewing
from bot.review.saved_filters import MOST, SavedFilters
from bot.review.transcript import Transcripts
from bot.staff.audit import AuditFilter, AuditLog, Recorded
from tests.chat.stage import Clock
from tests.conversations.wordings import begin, broken_at, rows_of, save
from tests.review.reviewed import CLINICS, Known, Maker, add_people

TEMPLE = ("temple",)


@pytest.fixture
def reviewing(engine: Engine, clock: Clock) -> Reviewing:
    add_people(engine, clock)
    return Reviewing(engine, clock)


@pytest.fixture
def bulk(engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> BulkReview:
    monkeypatch.setattr(bulk_review, "BATCH", 4)
    return BulkReview(engine, clock)


@pytest.fixture
def known(engine: Engine, clock: Clock) -> list[Known]:
    """Ten of the one clinic, five of the other, each with one turn."""
    maker = Maker(engine, clock)
    made = [maker.begin(clinic) for clinic in ["temple", "temple", "hillside"] * 5]
    for each in made:
        clock.move(seconds=1)
        maker.turn(each, "pain")
    return made


def entries(engine: Engine, clock: Clock, action: str = "") -> list[Recorded]:
    found = AuditLog(engine, clock).page(AuditFilter(action=action)).entries
    return [*found][::-1]


def line(engine: Engine, clock: Clock, conversation_id: str) -> ConversationSummary:
    items = ReviewLog(engine, clock).page(ConversationFilter(CLINICS), by="ana").items
    return next(each for each in items if each.id == conversation_id)


Change = Callable[[Reviewing, str, tuple[str, ...]], object]
CHANGES: dict[str, Change] = {
    "conversation.reviewed": lambda do, id_, of: do.mark(id_, of, True, by="ana"),
    "conversation.tagged": lambda do, id_, of: do.tag(id_, of, "Call  Back", by="ana"),
    "conversation.assigned": lambda do, id_, of: do.assign(id_, of, "ben", by="ana"),
    "conversation.noted": lambda do, id_, of: do.note(id_, of, "Call 215-555-0123", by="ana"),
    "conversation.deleted": lambda do, id_, of: do.delete(id_, of, by="ana"),
}


@pytest.mark.parametrize("action", CHANGES)
def test_a_change_and_its_entry_are_one(
    reviewing: Reviewing, log: ConversationLog, engine: Engine, clock: Clock, action: str
):
    conversation = begin(log)
    save(log, conversation, 1, "why")
    before = rows_of(engine)
    with pytest.raises(RuntimeError), broken_at(engine, "UPDATE audit_head"):
        CHANGES[action](reviewing, conversation.id, TEMPLE)
    assert rows_of(engine) == before
    CHANGES[action](reviewing, conversation.id, TEMPLE)
    [entry] = entries(engine, clock)
    assert (entry.by, entry.action, entry.clinic) == ("ana", action, "temple")
    assert entry.target == conversation.id
    assert "555" not in str(entry.details)
    assert rows_of(engine) != before


@pytest.mark.parametrize("action", CHANGES)
def test_nothing_is_done_to_conversations_of_other_clinics(
    reviewing: Reviewing, log: ConversationLog, engine: Engine, action: str
):
    conversation = begin(log)
    before = rows_of(engine)
    for clinics in (("hillside",), ()):
        with pytest.raises(NotFound):
            CHANGES[action](reviewing, conversation.id, clinics)
    assert rows_of(engine) == before


def test_marked_and_unmarked_it_stands_where_it_stood(
    reviewing: Reviewing, log: ConversationLog, engine: Engine, clock: Clock
):
    conversation = begin(log)
    save(log, conversation, 1, "why")
    before = line(engine, clock, conversation.id)
    reviewing.mark(conversation.id, TEMPLE, True, by="ana")
    marked = line(engine, clock, conversation.id)
    assert (marked.reviewed_by, marked.reviewed_at, marked.attention) == ("ana", clock(), -1)
    reviewing.mark(conversation.id, TEMPLE, False, by="ben")
    assert line(engine, clock, conversation.id) == before


def test_a_note_is_redacted_and_only_its_writer_deletes_it(
    reviewing: Reviewing, log: ConversationLog, engine: Engine, clock: Clock
):
    conversation = begin(log)
    note = reviewing.note(conversation.id, TEMPLE, " Call 215-555-0123\r\nsoon\0 ", by="ana")
    assert note.text == "Call [phone]\nsoon"
    with pytest.raises(NotFound):
        reviewing.delete_note(note.id, TEMPLE, by="ben")
    with pytest.raises(NotFound):
        reviewing.delete_note(note.id, ("hillside",), by="ana")
    assert reviewing.delete_note(note.id, TEMPLE, by="ana") == conversation.id
    assert Transcripts(engine, clock).read(conversation.id, TEMPLE, by="ana").notes == ()


@pytest.mark.parametrize("text", ["", " \n", "x" * 2_001])
def test_a_note_that_says_nothing_or_too_much_is_refused(
    reviewing: Reviewing, log: ConversationLog, text: str
):
    with pytest.raises(Unprocessable):
        reviewing.note(begin(log).id, TEMPLE, text, by="ana")


@pytest.mark.parametrize("tag", ["", "  ", "x" * 41, "a\0b"])
def test_a_tag_that_cannot_be_one_is_refused(reviewing: Reviewing, log: ConversationLog, tag: str):
    with pytest.raises(Unprocessable):
        reviewing.tag(begin(log).id, TEMPLE, tag, by="ana")


def test_tags_are_counted_by_clinic(reviewing: Reviewing, known: list[Known]):
    for each in known[:5]:
        reviewing.tag(each.id, CLINICS, "Call back", by="ana")
        reviewing.tag(each.id, CLINICS, "call  BACK", by="ana")
    reviewing.tag(known[0].id, CLINICS, "praise", by="ana")
    assert reviewing.tags(TEMPLE) == (TagCount("call back", 4), TagCount("praise", 1))
    assert reviewing.tags(CLINICS)[0] == TagCount("call back", 5)
    reviewing.untag(known[0].id, CLINICS, "PRAISE", by="ana")
    assert reviewing.tags(TEMPLE) == (TagCount("call back", 4),)


def test_a_conversation_is_assigned_to_people_only(
    reviewing: Reviewing, log: ConversationLog, engine: Engine, clock: Clock
):
    conversation = begin(log)
    with pytest.raises(NotFound, match="no person"):
        reviewing.assign(conversation.id, TEMPLE, "nobody known", by="ana")
    reviewing.assign(conversation.id, TEMPLE, "ben", by="ana")
    assert line(engine, clock, conversation.id).assigned_to == "ben"
    reviewing.assign(conversation.id, TEMPLE, None, by="ana")
    assert line(engine, clock, conversation.id).assigned_to is None


def test_many_are_marked_in_batches_each_recorded(
    reviewing: Reviewing, bulk: BulkReview, known: list[Known], engine: Engine, clock: Clock
):
    wanted = ConversationFilter(CLINICS, reviewed=False)
    assert bulk.count(wanted, CLINICS) == 15
    assert list(bulk.mark(wanted, CLINICS, True, by="ana")) == [4, 1, 4, 4, 2]
    assert bulk.count(wanted, CLINICS) == 0
    made = entries(engine, clock, "conversation.reviewed")
    assert [entry.clinic for entry in made] == ["hillside"] * 2 + ["temple"] * 3
    assert [entry.details["count"] for entry in made] == [4, 1, 4, 4, 2]
    named = [each for entry in made for each in entry.details["ids"]]
    assert sorted(named) == sorted(each.id for each in known)


def test_many_by_their_ids_leave_other_clinics_alone(
    reviewing: Reviewing, bulk: BulkReview, known: list[Known]
):
    ids = [each.id for each in known]
    assert sum(bulk.tag([*ids, *ids, "unknown"], TEMPLE, "Seen", by="ana")) == 10
    assert reviewing.tags(CLINICS) == (TagCount("seen", 10),)
    assert sum(bulk.tag(ids[:2], CLINICS, "seen", by="ana", remove=True)) == 2
    assert reviewing.tags(CLINICS) == (TagCount("seen", 8),)
    wide = ConversationFilter(CLINICS)
    assert sum(bulk.assign(wide, ("hillside",), "ben", by="ana")) == 5


def test_many_are_deleted_whole(
    reviewing: Reviewing, bulk: BulkReview, known: list[Known], engine: Engine, clock: Clock
):
    assert sum(bulk.delete(ConversationFilter(TEMPLE, words="pain "), TEMPLE, by="ana")) == 10
    left = {each.id for each in known if each.clinic == "hillside"}
    rows = rows_of(engine)
    assert {row["id"] for row in rows["conversations"]} == left
    assert {row["conversation_id"] for row in rows["overviews"]} == left
    assert sum(row["conversations"] for row in rows["daily_counts"]) == 10
    numbers = {row["number"] for row in rows["overviews"]}
    assert {row["number"] for row in rows["search_words"]} == numbers
    assert sum(e.details["count"] for e in entries(engine, clock, "conversation.deleted")) == 10


def test_a_batch_that_cannot_be_recorded_is_not_done(
    reviewing: Reviewing, bulk: BulkReview, known: list[Known], engine: Engine
):
    batches = bulk.delete(ConversationFilter(CLINICS), CLINICS, by="ana")
    next(batches)
    with pytest.raises(RuntimeError), broken_at(engine, "INSERT INTO audit_entries"):
        next(batches)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM conversations")).scalar() == 11


def test_filters_are_kept_by_person_and_name(engine: Engine, clock: Clock):
    saved = SavedFilters(engine, clock)
    wanted = ConversationFilter(TEMPLE, missed=True, words="call 215-555-0123")
    saved.save(" My  misses ", wanted, by="ana")
    kept = saved.save("My misses", wanted, by="ana", clinic="temple")
    assert saved.all("ana") == (kept,)
    assert kept.chosen == {
        "missed": True,
        "words": "call [phone]",
        "order": "attention",
        "clinic": "temple",
    }
    assert ConversationFilter.from_json(kept.chosen, TEMPLE).missed is True
    assert saved.all("ben") == ()
    with pytest.raises(NotFound):
        saved.delete(kept.id, by="ben")
    saved.delete(kept.id, by="ana")
    assert saved.all("ana") == ()
    actions = [entry.action for entry in entries(engine, clock)]
    assert actions == ["filter.saved", "filter.saved", "filter.deleted"]


def test_a_filter_needs_a_name_and_there_is_an_end_to_them(
    engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    saved = SavedFilters(engine, clock)
    for name in ("", "x" * 81, "a\0"):
        with pytest.raises(Unprocessable):
            saved.save(name, ConversationFilter(TEMPLE), by="ana")
    assert MOST > 1
    monkeypatch.setattr("bot.review.saved_filters.MOST", 1)
    saved.save("one", ConversationFilter(TEMPLE), by="ana")
    saved.save("one", ConversationFilter(TEMPLE, missed=True), by="ana")
    with pytest.raises(Unprocessable):
        saved.save("two", ConversationFilter(TEMPLE), by="ana")
