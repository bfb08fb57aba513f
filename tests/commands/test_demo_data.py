"""`careline demo-data`: invented visits, made through the door and the engine, in the past."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine as Database

from bot import cli
from bot.chat.door import Door
from bot.chat.forgetting import is_command
from bot.chat.limits import Limits
from bot.content import live as live_content
from bot.content.files import load_directory
from bot.content.live import LiveContent
from bot.content.snapshot import snapshot_of_files
from bot.content.store import ContentStore
from bot.conversations import demo_marks
from bot.conversations.model import Button, DraftMessage, Message
from bot.conversations.tables import conversations, feedback, messages
from bot.demo.history import History, KeepingLog, PastClock
from bot.demo.typos import mistyped
from bot.demo.visits import Chosen, Judged, Said, Visit, load_stories, visits
from bot.engine.engine import Engine
from bot.engine.ticket import Ticket
from bot.paths import EVAL_DIR
from bot.settings import Settings
from tests.conversations.wordings import begin

if TYPE_CHECKING:
    from bot.engine.processor import TurnProcessor

NOW = datetime(2026, 11, 21, 17, tzinfo=timezone.utc)
ZONES = {"temple": "America/New_York", "twin-cities": "America/Chicago"}
STORIES = load_stories()


def planned(number: int = 300, seed: int = 1, days: int = 60) -> list[Visit]:
    return visits(STORIES, ZONES, number, until=NOW, days=days, seed=seed)


def test_the_same_seed_gives_the_same_visits_and_another_one_others() -> None:
    assert planned() == planned()
    assert planned() != planned(seed=2)


def test_visits_lie_in_the_past_days_and_come_in_order() -> None:
    moments = [visit.starts_at for visit in planned(days=7)]
    assert moments == sorted(moments)
    assert NOW - timedelta(days=8) < moments[0]
    assert moments[-1] < NOW
    assert len({moment.date() for moment in moments}) >= 7


def test_a_history_of_one_day_has_visits_too() -> None:
    assert all(NOW - timedelta(days=1) < v.starts_at < NOW for v in planned(20, days=1))


def test_there_are_all_kinds_of_visits() -> None:
    acts = [act for visit in planned(600) for act in visit.acts]
    assert {type(act) for act in acts} == {Said, Chosen, Judged}
    judged = [act for act in acts if isinstance(act, Judged)]
    assert {act.helpful for act in judged} == {True, False}
    assert any(act.comment for act in judged)
    assert {visit.clinic for visit in planned()} == set(ZONES)
    typed = {act.text for act in acts if isinstance(act, Said)}
    written = {text for story in STORIES for step in story.steps for text in step.say}
    assert typed - written, "somebody's finger slips"


def test_a_slip_changes_one_word_by_a_letter_or_two() -> None:
    text = "what is spinal stenosis really about"
    for seed in range(50):
        said = mistyped(text, Random(seed)).split()
        changed = [(a, b) for a, b in zip(text.split(), said) if a != b]
        assert len(said) == len(text.split())
        assert len(changed) <= 1
        assert all(abs(len(a) - len(b)) <= 1 for a, b in changed)
    assert mistyped("a b c", Random(1)) == "a b c"


def test_no_sentence_is_of_the_development_set() -> None:
    lines = [line for path in EVAL_DIR.glob("*.jsonl") for line in path.read_text().splitlines()]
    theirs = {json.loads(line).get("text", "").strip().lower() for line in lines if line}
    ours = {text.lower() for story in STORIES for step in story.steps for text in step.say}
    short = {text for text in ours if len(text.split()) < 4}  # "thank you" belongs to nobody
    assert ours & theirs <= short


def test_nothing_that_is_said_deletes_the_chat() -> None:
    snapshot = snapshot_of_files(load_directory())
    for story in STORIES:
        for step in story.steps:
            assert not [text for text in step.say if is_command(text, snapshot, "temple")]


class Echo:
    """A processor that repeats what was said, counts it in a slot, and offers two buttons."""

    def __init__(self, log: KeepingLog):
        self.log = log
        self.heard: list[str] = []

    async def turn(
        self, conversation_id: str, said: str | Button, ticket: Ticket, *, masked: bool = False
    ) -> list[Message]:
        text = said.title if isinstance(said, Button) else said
        self.heard.append(text)
        ticket.take()
        state = self.log.state(conversation_id)
        assert state is not None
        buttons = tuple(Button(f"{len(self.heard)}-{n}", f"B{n}", "causes") for n in range(2))
        drafts = [DraftMessage("visitor", text), DraftMessage("bot", f"Said {text}", buttons)]
        slots = {**state.slots, "heard": f"{state.slots.get('heard', '')} {text}"}
        events = [{"event": "user", "timestamp": len(self.heard)}]
        return self.log.save_turn(
            conversation_id, state.turns + 1, drafts, events=events, slots=slots
        )


class Made:
    """A history on a database, made by an echo or by the real processor."""

    def __init__(self, database: Database, settings: Settings, processor: object = None):
        self.database = database
        clock = PastClock(NOW)
        live = LiveContent(ContentStore(database, clock), 60)
        live_content.use(live)
        self.log = KeepingLog(database, clock)
        if processor is None:
            self.echo = Echo(self.log)
            processor = self.echo
        else:
            from bot.conversations.tracker_store import ConversationTrackerStore

            processor = copy.copy(processor)
            processor.tracker_store = ConversationTrackerStore(  # type: ignore[attr-defined]
                self.log,
                processor.domain,  # type: ignore[attr-defined]
            )
        engine = Engine(processor, live, self.log, "{emergency}", turn_seconds=10)  # type: ignore[arg-type]
        door = Door(settings, engine, live, self.log, Limits(settings), clock)
        self.history = History(door, self.log, clock)

    def write(self, chosen: Sequence[Visit]) -> None:
        async def all_of_them() -> None:
            async for _ in self.history.write(chosen):
                pass

        asyncio.run(all_of_them())

    def read(self, query: sa.sql.Select) -> list[sa.engine.Row]:
        with self.database.connect() as connection:
            return list(connection.execute(query))


@pytest.fixture
def made(
    stocked: str, make_engine: Callable[[str], Database], make_settings: Callable[..., Settings]
) -> Made:
    return Made(make_engine(stocked), make_settings())


def visit(*acts: Said | Chosen | Judged, clinic: str = "temple", days_ago: int = 3) -> Visit:
    return Visit(clinic, NOW - timedelta(days=days_ago), acts)


def test_a_visit_is_stored_at_its_own_time(made: Made) -> None:
    made.write([visit(Said("hello there", 10), Said("and then", 20))])
    (conversation,) = made.read(sa.select(conversations))
    start = NOW - timedelta(days=3)
    assert conversation.started_at == start
    assert conversation.last_activity_at == start + timedelta(seconds=30)
    assert conversation.turns == 2
    assert conversation.external_id.startswith(demo_marks.MARK)
    assert conversation.token_hash is None, "nobody can go on with it"


def test_the_engine_is_asked_once_where_two_visits_say_the_same(made: Made) -> None:
    acts = (Said("hello there", 10), Chosen(1, 10), Said("and then", 20))
    made.write([visit(*acts), visit(*acts, days_ago=2), visit(*acts, clinic="twin-cities")])
    assert made.echo.heard == ["hello there", "B1", "and then"] * 2
    said = made.read(sa.select(messages.c.text).where(messages.c.sender == "bot"))
    assert sorted(row.text for row in said if row.text == "Said B1") == ["Said B1"] * 3
    buttons = [b["id"] for row in made.read(sa.select(messages.c.buttons)) for b in row.buttons]
    assert len(set(buttons)) == len(buttons), "each conversation has buttons of its own"


def test_the_engine_is_asked_again_at_another_point_of_the_conversation(made: Made) -> None:
    made.write([visit(Said("same", 1), Said("same", 1)), visit(Said("other", 1), Said("same", 1))])
    assert made.echo.heard == ["same", "same", "other", "same"]


def test_opinions_are_kept_with_their_comments_masked(made: Made) -> None:
    made.write([visit(Said("hello", 1), Judged(False, "call me at 555-867-5309", 5))])
    (opinion,) = made.read(sa.select(feedback))
    assert (opinion.helpful, opinion.comment) == (False, "call me at [phone]")


def test_without_buttons_nothing_is_chosen(made: Made) -> None:
    made.write([visit(Chosen(0, 1))])
    assert made.read(sa.select(conversations.c.turns))[0].turns <= 1


def test_the_real_engine_says_the_same_as_what_was_kept(
    stocked_copy: Callable[[str, Path], str],
    tmp_path: Path,
    make_engine: Callable[[str], Database],
    make_settings: Callable[..., Settings],
    processor: TurnProcessor,
) -> None:
    chosen = [visit(Said("what is fbss", 5), Said("why does it happen", 5), Chosen(0, 5))] * 2
    real = Made(make_engine(stocked_copy("sqlite", tmp_path / "d.db")), make_settings(), processor)
    real.write(chosen)
    first, second = real.log.all()
    both = [
        [(m.text, m.subject, m.detail) for m in real.log.messages(c.id)] for c in (first, second)
    ]
    assert both[0] == both[1]
    assert "definition" in {subject for _, subject, _ in both[0]}


def run(*arguments: str) -> None:
    cli.main(["demo-data", "--conversations", "1", *arguments])


@pytest.fixture
def visited(monkeypatch: pytest.MonkeyPatch, stocked_copy, tmp_path: Path, make_engine) -> None:
    """An installation that a visitor has used."""
    url = stocked_copy("sqlite", tmp_path / "careline.db")
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    begin(KeepingLog(make_engine(url), lambda: NOW))


def test_an_installation_that_visitors_use_is_refused(
    visited: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        run()
    assert stopped.value.code == 1
    assert "1 conversations of visitors are stored here" in capsys.readouterr().err


def test_an_unknown_clinic_is_refused(visited: None, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("--force", "--clinic", "elsewhere")
    assert "There is no clinic 'elsewhere'" in capsys.readouterr().err
