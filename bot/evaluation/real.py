"""The bot as visitors meet it: the door, redaction, the real engine, a conversation log, on a
database that lasts as long as the evaluation.

The content is what ships, so that figures do not depend on what staff edited; the model is the
installation's own. Importing this module is cheap: the engine is imported when it is loaded.
"""

from __future__ import annotations

import asyncio
import dataclasses
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.chat.door import Door
from bot.chat.limits import Limits
from bot.chat.requests import VisitorMessage
from bot.clock import utc_now
from bot.content import live as live_content
from bot.content.files import load_directory
from bot.content.importer import import_content
from bot.content.live import LiveContent, Store
from bot.content.model import Snapshot
from bot.content.store import ContentStore
from bot.conversations.log import ConversationLog
from bot.conversations.model import Conversation, DraftMessage, Message, Understanding
from bot.db.engine import create_engine
from bot.db.migrate import migrate
from bot.errors import CarelineError, SetupError
from bot.evaluation.facts import Facts, Yardstick, load_facts, valid_routes
from bot.evaluation.reading import DataSet
from bot.evaluation.running import Heard
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.engine.engine import Engine

OUTAGE = "phone_outage"
NLU_FALLBACK = "nlu_fallback"
"""Rasa's name for "not sure enough"."""


class ArrangedStore:
    """A content store whose phone outages can be left out, and that can give way to other content.

    Each arrangement has a version of its own.
    """

    def __init__(self, store: Store, own: Snapshot | None = None):
        """`own`: what takes the place of the store's content where `use_own` is set."""
        self._store = store
        self._own = own
        self.outage = True
        self.use_own = False

    def version(self) -> int:
        fixed = self._fixed
        return self._numbered(fixed.version if fixed else self._store.version())

    def snapshot(self) -> Snapshot:
        found = self._fixed or self._store.snapshot()
        arranged = found if self.outage else without_outages(found)
        return dataclasses.replace(arranged, version=self._numbered(found.version))

    @property
    def _fixed(self) -> Snapshot | None:
        return self._own if self.use_own else None

    def _numbered(self, version: int) -> int:
        return 4 * version + 2 * self.use_own + self.outage


def without_outages(snapshot: Snapshot) -> Snapshot:
    """The same content as if every clinic's phones worked."""
    clinics = {
        key: dataclasses.replace(
            clinic, notices=tuple(n for n in clinic.notices if n.kind != OUTAGE)
        )
        for key, clinic in snapshot.clinics.items()
    }
    return dataclasses.replace(snapshot, clinics=clinics)


class RememberingLog(ConversationLog):
    """A log that remembers how the last message of each conversation was understood."""

    def __init__(self, *arguments: Any):
        super().__init__(*arguments)
        self.understood: dict[str, Understanding] = {}

    def save_turn(
        self, conversation_id: str, number: int, drafts: Sequence[DraftMessage], **state: Any
    ) -> list[Message]:
        for draft in drafts:
            if draft.understanding is not None:
                self.understood[conversation_id] = draft.understanding
        return super().save_turn(conversation_id, number, drafts, **state)


def likeliest(understood: Understanding | None) -> tuple[float | None, str | None]:
    """The probability and the name of the intent that the classifier held for the likeliest.

    Where it was not sure enough to be answered, that is the runner-up: the fallback came first,
    with its threshold in the place of a probability.
    """
    if understood is None:
        return None, None
    if understood.intent == NLU_FALLBACK and understood.runner_up is not None:
        return understood.runner_up_confidence, understood.runner_up
    return understood.confidence, understood.intent


class RealTalk:
    """One conversation through the door. It is opened with its first message."""

    def __init__(self, door: Door, log: RememberingLog, clinic: str):
        self._door = door
        self._log = log
        self._clinic = clinic
        self._conversation: Conversation | None = None

    async def say(self, text: str) -> Heard:
        if self._conversation is None:
            self._conversation, _ = await self._door.open(self._door.clinic(self._clinic))
        conversation = self._conversation
        messages = await self._door.reply_to(conversation, VisitorMessage(text=text))
        understood = self._log.understood.pop(conversation.id, None)
        return Heard(messages, *likeliest(understood))


class RealBot:
    """The bot behind its door, whose phone outages can be left out for a conversation."""

    def __init__(
        self,
        engine: Engine,
        door: Door,
        log: RememberingLog,
        store: ArrangedStore,
        live: LiveContent,
    ):
        self.understand = engine.understand
        self._door = door
        self._log = log
        self._store = store
        self._live = live
        self._facts: Facts = load_facts()

    def check_clinics(self, data: DataSet) -> None:
        """Raises `SetupError` that names the file and line of a clinic that does not exist."""
        known = self._live.current.clinics
        places = [(q.place, q.clinic) for q in data.questions]
        places += [(d.place, d.clinic) for d in data.dialogues or ()]
        for place, clinic in places:
            if clinic not in known:
                there_are = ", ".join(sorted(known))
                raise SetupError(f"{place}: no clinic {clinic!r}; there are {there_are}.")

    def begin(self, clinic: str, outage: bool) -> RealTalk:
        self._arrange(outage)
        return RealTalk(self._door, self._log, clinic)

    def yardstick(self, clinic: str, outage: bool) -> Yardstick:
        self._arrange(outage)
        return Yardstick(self._facts, valid_routes(self._door.clinic(clinic), utc_now()))

    def use_own_content(self) -> None:
        """Answer from the content that `real_bot` was given as the clinics' own from now on."""
        self._store.use_own = True

    def _arrange(self, outage: bool) -> None:
        self._store.outage = outage
        self._live.refresh()


@contextmanager
def real_bot(
    settings: Settings, model: Path | None = None, own: Snapshot | None = None
) -> Iterator[RealBot]:
    """Load the engine of an installation on a temporary database with the content that ships.

    `model` is an archive in the place of the installation's own, `own` the content of its clinics,
    for `use_own_content`. Raises `SetupError` when there is no model that can be loaded and none
    can be trained, or the content does not fit.
    """
    with tempfile.TemporaryDirectory(prefix="careline-evaluate-") as folder:
        url = f"sqlite:///{Path(folder) / 'evaluate.db'}"
        apart = dataclasses.replace(settings, database_url=url, redis_url=None, rate_limits=False)
        migrate(url)
        database = create_engine(url)
        import_content(database, load_directory(), utc_now, by="evaluation")
        store = ArrangedStore(ContentStore(database, utc_now), own)
        live = LiveContent(store, apart.content_poll_seconds)
        log = RememberingLog(database, utc_now)
        live_content.use(live)
        try:
            engine = _load(apart, live, log, model)
            try:
                door = Door(apart, engine, live, log, Limits(apart), utc_now)
                yield RealBot(engine, door, log, store, live)
            finally:
                asyncio.run(engine.close())
        finally:
            live_content.use(None)
            database.dispose()


def _load(settings: Settings, live: LiveContent, log: RememberingLog, model: Path | None) -> Engine:
    from bot.engine.engine import Engine

    try:
        return Engine.load(settings, live, log, model)
    except CarelineError:
        raise
    except Exception as error:
        raise SetupError(f"The model cannot be loaded ({type(error).__name__}).") from error
