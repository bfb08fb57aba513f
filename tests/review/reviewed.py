"""A small history that went through the real log, and what is known of it without any query."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.engine import Engine

from bot.conversations.facts import MISSED, NOT_HELPFUL, RED_FLAG, UNSURE
from bot.conversations.log import ConversationLog
from bot.conversations.model import DraftMessage, Understanding
from bot.conversations.words import TOO_COMMON, stem
from bot.review.filters import ConversationFilter, FeedbackIs, Order
from bot.review.reviewing import Reviewing
from bot.staff.tables import people
from tests.chat.stage import Clock
from tests.conversations.wordings import GREETING

CLINICS = ("hillside", "temple")
_WORDS = (
    "pain surgery leg injections injection walking walked numb Café doctor no not after the my is"
    " driving appointment"
)
WORDS = _WORDS.split()
SUBJECTS = (
    ("causes", "scar_tissue"),
    ("causes", None),
    ("appointment", None),
    ("human", None),
    ("fallback", None),
    ("emergency", None),
)
PEOPLE = ("ana", "ben")


@dataclass
class Known:
    """What a conversation is, as whoever made it remembers."""

    id: str
    clinic: str
    last: datetime
    turns: int = 0
    texts: list[str] = field(default_factory=list)
    confidences: list[float] = field(default_factory=list)
    subjects: set[tuple[str, str]] = field(default_factory=set)
    missed: int = 0
    red_flag: bool = False
    helpful: int = 0
    not_helpful: int = 0
    tags: set[str] = field(default_factory=set)
    assigned_to: str | None = None
    reviewed: bool = False

    @property
    def attention(self) -> int:
        if self.reviewed:
            return -1
        return (
            RED_FLAG * self.red_flag
            + NOT_HELPFUL * bool(self.not_helpful)
            + MISSED * bool(self.missed)
            + UNSURE * any(each < 0.5 for each in self.confidences)
        )


def turn_of(subject: str, detail: str | None, said: str, confidence: float) -> list[DraftMessage]:
    """What a visitor says and the reply to it."""
    reply = DraftMessage(
        "bot", "A reply about pain.", subject=subject, detail=detail, missed=subject == "fallback"
    )
    asked = DraftMessage("visitor", said, understanding=Understanding(subject, confidence))
    return [asked, reply]


class Maker:
    """Makes conversations and remembers them; everything is drawn from one seed."""

    def __init__(self, engine: Engine, clock: Clock, seed: int = 5):
        self.log = ConversationLog(engine, clock)
        self.random = random.Random(seed)
        self._reviewing = Reviewing(engine, clock)
        self._clock = clock

    def conversation(self) -> Known:
        """One more, with up to four turns, opinions, and what staff did with it."""
        r = self.random
        self._clock.move(seconds=r.choice([0, 30, 3_000]))  # some at the same moment
        known = self.begin(r.choice(CLINICS))
        for _ in range(r.randint(0, 4)):
            self.turn(known)
        if r.random() < 0.3:
            known.tags.add(tag := r.choice(["complaint", "call back"]))
            self._reviewing.tag(known.id, CLINICS, tag, by="ana")
        if r.random() < 0.3:
            known.assigned_to = r.choice(PEOPLE)
            self._reviewing.assign(known.id, CLINICS, known.assigned_to, by="ana")
        if r.random() < 0.3:
            known.reviewed = True
            self._reviewing.mark(known.id, CLINICS, True, by="ana")
        return known

    def begin(self, clinic: str) -> Known:
        """One without a turn."""
        token = uuid.uuid4().hex
        made, _ = self.log.open(
            clinic, token_hash=token, external_id=None, expires_at=None, greeting=GREETING
        )
        return Known(made.id, clinic, made.started_at)

    def turn(self, known: Known, said: str | None = None) -> None:
        """One more turn, now and then with an opinion."""
        r = self.random
        subject, detail = r.choice(SUBJECTS)
        text = said or " ".join(r.choices(WORDS, k=r.randint(1, 5)))
        confidence = r.choice([0.2, 0.6, 0.95])
        known.turns += 1
        drafts = turn_of(subject, detail, text, confidence)
        stored = self.log.save_turn(known.id, known.turns, drafts, events=[], slots={})
        known.last = self._clock()
        known.texts.append(text)
        known.confidences.append(confidence)
        known.subjects.add((subject, detail or ""))
        known.missed += subject == "fallback"
        known.red_flag |= subject == "emergency"
        known.reviewed = False
        if r.random() < 0.3:
            helpful, comment = r.random() < 0.5, r.choice([None, "too vague about insurance"])
            self.log.add_feedback(known.id, stored[-1].id, helpful, comment)
            known.helpful += helpful
            known.not_helpful += not helpful
            known.texts += [comment] if comment else []


def add_people(engine: Engine, clock: Clock) -> None:
    """Accounts to assign conversations to."""
    with engine.begin() as connection:
        for name in PEOPLE:
            values = {
                "id": uuid.uuid4().hex,
                "name": name,
                "display_name": name.title(),
                "disabled": False,
            }
            connection.execute(people.insert().values(**values, created_at=clock()))


def expected(history: Iterable[Known], wanted: ConversationFilter) -> list[str]:
    """What a filter must find, by looking at each conversation, in the order of the list but for
    those that share a place.
    """
    found = [known for known in history if _is_wanted(known, wanted)]
    if wanted.order is Order.ATTENTION:
        found.sort(key=lambda known: (known.attention, known.last), reverse=True)
    else:
        found.sort(key=lambda known: known.last, reverse=True)
    return [known.id for known in found]


def places_of(history: Iterable[Known], ids: Sequence[str], order: Order) -> list[object]:
    """Where in the list conversations stand; those that share a place are equal."""
    by_id = {known.id: known for known in history}
    rank = (lambda k: (k.attention, k.last)) if order is Order.ATTENTION else (lambda k: k.last)
    return [rank(by_id[each]) for each in ids]


def _is_wanted(known: Known, wanted: ConversationFilter) -> bool:
    lowest = min(known.confidences, default=1.1)
    opinions = {
        FeedbackIs.HELPFUL: known.helpful,
        FeedbackIs.NOT_HELPFUL: known.not_helpful,
        FeedbackIs.ANY: known.helpful + known.not_helpful,
    }
    subjects = [
        pair
        for pair in known.subjects
        if wanted.subject in (None, pair[0]) and wanted.detail in (None, pair[1])
    ]
    checks = (
        known.clinic in wanted.clinics,
        wanted.since is None or known.last >= wanted.since,
        wanted.until is None or known.last < wanted.until,
        (wanted.subject is None and wanted.detail is None) or bool(subjects),
        wanted.confidence_below is None or lowest < wanted.confidence_below,
        wanted.missed is None or wanted.missed == bool(known.missed),
        wanted.red_flag is None or wanted.red_flag == known.red_flag,
        wanted.feedback is None or opinions[wanted.feedback] > 0,
        wanted.handoff is None or wanted.handoff == (("human", "") in known.subjects),
        wanted.reviewed is None or wanted.reviewed == known.reviewed,
        wanted.tag is None or wanted.tag in known.tags,
        wanted.assigned_to is None or (wanted.assigned_to or None) == known.assigned_to,
        wanted.least_turns is None or known.turns >= wanted.least_turns,
        wanted.most_turns is None or known.turns <= wanted.most_turns,
        wanted.words is None or _has_words(known.texts, wanted.words),
    )
    return all(checks)


def _has_words(texts: Sequence[str], words: str) -> bool:
    """Whether each of the words (none of them unfinished) or the one phrase occurs."""
    said = [[stem(word) for word in text.split()] for text in texts]
    asked = [stem(word) for word in words.replace('"', " ").split()]
    if words.startswith('"'):
        size = len(asked)
        return any(
            text[start : start + size] == asked for text in said for start in range(len(text))
        )
    kept = [word for word in asked if word not in TOO_COMMON]
    return bool(kept) and all(any(word in text for text in said) for word in kept)
