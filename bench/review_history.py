"""A history of conversations for measuring: as many rows as wanted, made fast and without a model.

Words follow a distribution like that of real text: a few are everywhere, most are rare. Everything
is drawn from one seed, so that two databases hold the same.
"""

from __future__ import annotations

import itertools
import json
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy.engine import Engine

from bot.content.subjects import SAID_AS, SUBJECTS, URGENT_AGAIN
from bot.conversations.facts import attention
from bot.conversations.reference import new_reference
from bot.conversations.review_tables import (
    conversation_tags,
    overview_subjects,
    overviews,
    search_words,
)
from bot.conversations.tables import conversations, feedback, messages, turns
from bot.conversations.word_index import TYPED, comment_of, word_rows
from bot.db.unit_of_work import UnitOfWork
from bot.paths import ROOT

END = datetime(2026, 11, 20, 15, 0, tzinfo=timezone.utc)
DAYS = 90
BATCH = 2_000
CLINICS = {"temple": 70, "twin-cities": 28, "hillside": 2}
STAFF = ("ana", "ben", "chen")
TAGS = {"complaint": 0.01, "praise": 0.03, "call back": 0.1}
_COMMON = """
pain back surgery after leg need appointment doctor scar tissue nerve help number call still
treatment injection spine stimulator walk sit sleep insurance cost portal refill drive work fusion
disc numb tingling weak medicine physical therapy again worse better mri results
"""
COMMON = _COMMON.split()
_FILLING = "what is the my i can do a to for it how when in on with have"
FILLING = _FILLING.split()
"""Words that the search leaves out."""
MISSED = 0.105
"""The share of questions that got no answer: 50,000 with a million messages."""
QUESTIONS = ROOT / "tests" / "eval" / "missed" / "reported.jsonl"
"""What is asked then; one in three in words that nobody else used."""
SYLLABLES = [a + b for a in "bcdfghjklmnprstvw" for b in "aeiou"]
RARE_WORDS = 30_000


@dataclass
class Said:
    """The rows that one conversation has in each table."""

    conversation: dict[str, Any]
    overview: dict[str, Any]
    messages: list[dict[str, Any]]
    turns: list[dict[str, Any]]
    opinions: list[dict[str, Any]]
    subjects: list[dict[str, Any]]
    tags: list[dict[str, Any]]
    words: list[dict[str, Any]]


class History:
    """Makes conversations one after the other, the oldest first."""

    def __init__(self, conversations_: int, seed: int = 7):
        self._random = random.Random(seed)
        self._count = conversations_
        rare = ["".join(self._random.choices(SYLLABLES, k=3)) for _ in range(RARE_WORDS)]
        self._words = COMMON + rare
        weights = [1 / (rank + 3) for rank in range(len(self._words))]
        self._weights = list(itertools.accumulate(weights))
        lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
        self._questions = [json.loads(line)["text"] for line in lines]
        self._subjects = sorted(SUBJECTS - set(URGENT_AGAIN))
        shares = [1 / (rank + 1) for rank in range(len(self._subjects))]
        self._shares = list(itertools.accumulate(shares))

    def __iter__(self) -> Iterator[Said]:
        for number in range(1, self._count + 1):
            yield self._conversation(number)

    def sentence(self) -> str:
        """What a visitor may type: 4 to 14 words, half of them words that every sentence has."""
        r = self._random
        length = r.randint(4, 14)
        words = r.choices(self._words, cum_weights=self._weights, k=length)
        return " ".join(w if r.random() < 0.5 else r.choice(FILLING) for w in words) + "?"

    def _question(self) -> str:
        question: str = self._random.choice(self._questions)
        own = f" {self._random.choice(self._words)}" if self._random.random() < 1 / 3 else ""
        return question + own

    def rare_word(self) -> str:
        """A word that a few hundred conversations have."""
        return self._words[len(COMMON) + 600]

    def _conversation(self, number: int) -> Said:
        r = self._random
        id_ = uuid.UUID(int=r.getrandbits(128)).hex
        clinic = r.choices([*CLINICS], [*CLINICS.values()])[0]
        begun = END - timedelta(days=DAYS * (1 - number / self._count))
        most = min(1 + int(r.expovariate(1 / 3.2)), 40)
        said = Said({}, {}, [self._greeting(id_, begun)], [], [], [], [], [])
        for turn in range(1, most + 1):
            self._turn(said, id_, number, turn, begun + timedelta(seconds=40 * turn))
        last = begun + timedelta(seconds=40 * most)
        said.conversation = self._row(id_, clinic, begun, last, most)
        said.overview = self._overview(said, number)
        if said.overview["red_flag"]:
            said.conversation["red_flag_at"] = last
        for tag, share in TAGS.items():
            if r.random() < share:
                said.tags.append({"clinic": clinic, "tag": tag, "number": number})
        return said

    def _row(
        self, id_: str, clinic: str, begun: datetime, last: datetime, most: int
    ) -> dict[str, Any]:
        return {
            "id": id_,
            "clinic": clinic,
            "token_hash": uuid.UUID(int=self._random.getrandbits(128)).hex,
            "started_at": begun,
            "last_activity_at": last,
            "turns": most,
            "slots": {"clinic": clinic},
            "red_flag_at": None,
            "reference": new_reference(),
        }

    def _greeting(self, id_: str, at: datetime) -> dict[str, Any]:
        return _message(id_, (0, 0), "bot", "Welcome. What would you like to know?", at)

    def _turn(self, said: Said, id_: str, number: int, turn: int, at: datetime) -> None:
        r = self._random
        missed = r.random() < MISSED
        text = self._question() if missed else self.sentence()
        took = int(r.lognormvariate(3, 0.5))
        made = {"conversation_id": id_, "number": turn, "at": at, "events": [], "failed": False}
        said.turns.append({**made, "milliseconds": took})
        subject = r.choices(self._subjects, cum_weights=self._shares)[0]
        subject = "emergency" if r.random() < 0.001 else subject
        detail = f"detail_{r.randint(1, 40)}" if r.random() < 0.4 else None
        asked = _message(id_, (turn, 0), "visitor", text, at)
        asked |= {"intent": subject, "confidence": 1 - r.betavariate(1, 12)}
        reply = _message(id_, (turn, 1), "bot", f"An answer about {subject}. " * 6, at)
        reply |= {"subject": subject, "detail": detail, "missed": missed, "action": "action_x"}
        said.messages += [asked, reply]
        said.words += word_rows(number, turn, TYPED, text)
        pair = (SAID_AS.get(subject, subject), detail or "")
        if not any((row["subject"], row["detail"]) == pair for row in said.subjects):
            said.subjects.append({"subject": pair[0], "detail": pair[1], "number": number})
        if r.random() < 0.03:
            comment = self.sentence() if r.random() < 0.3 else None
            values = {"helpful": r.random() < 0.7, "comment": comment, "at": at}
            said.opinions.append({"message_id": reply["id"], **values})
            if comment:
                said.words += word_rows(number, turn, comment_of(1), comment)

    def _overview(self, said: Said, number: int) -> dict[str, Any]:
        r, row = self._random, said.conversation
        typed = [each for each in said.messages if each["sender"] == "visitor"]
        lowest = min(each["confidence"] for each in typed)
        reviewed = r.random() < 0.3
        facts = {
            "red_flag": any(each["subject"] == "emergency" for each in said.messages),
            "missed": sum(each["missed"] for each in said.messages),
            "not_helpful": sum(not each["helpful"] for each in said.opinions),
        }
        return {
            "number": number,
            "conversation_id": row["id"],
            "clinic": row["clinic"],
            "last_activity_at": row["last_activity_at"],
            "turns": row["turns"],
            "attention": attention(**facts, confidence=lowest, reviewed=reviewed),
            **facts,
            "helpful": sum(each["helpful"] for each in said.opinions),
            "handoff": any(each["subject"] == "human" for each in said.messages),
            "lowest_confidence": lowest,
            "first_words": typed[0]["text"][:160],
            "assigned_to": r.choice(STAFF) if r.random() < 0.05 else None,
            "reviewed_at": row["last_activity_at"] if reviewed else None,
            "reviewed_by": r.choice(STAFF) if reviewed else None,
        }


def write(engine: Engine, history: History) -> Iterator[int]:
    """Write a history into an empty database; yields how many conversations each step wrote."""
    made = iter(history)
    while some := list(itertools.islice(made, BATCH)):
        with UnitOfWork(engine) as unit:
            for table, rows in (
                (conversations, [each.conversation for each in some]),
                (overviews, [each.overview for each in some]),
                (turns, [row for each in some for row in each.turns]),
                (messages, [row for each in some for row in each.messages]),
                (feedback, [row for each in some for row in each.opinions]),
                (overview_subjects, [row for each in some for row in each.subjects]),
                (conversation_tags, [row for each in some for row in each.tags]),
                (search_words, [row for each in some for row in each.words]),
            ):
                if rows:
                    unit.connection.execute(table.insert(), rows)
            unit.commit()
        yield len(some)


def _message(
    id_: str, place: tuple[int, int], sender: str, text: str, at: datetime
) -> dict[str, Any]:
    turn, position = place
    return {
        "id": uuid.uuid5(uuid.NAMESPACE_OID, f"{id_}/{turn}/{position}").hex,
        "conversation_id": id_,
        "turn": turn,
        "position": position,
        "sender": sender,
        "text": text,
        "at": at,
        "subject": None,
        "detail": None,
        "buttons": [],
        "links": [],
        "intent": None,
        "confidence": None,
        "action": None,
        "missed": False,
    }
