"""What all actions share: take the subject, ask the content store, say its words.

An action runs inside our own process (`bot/engine/`) and under `rasa run actions` alike. Which
action follows which intent is the rules' business (`data/stories/rules.yml`).
"""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import guesses, masked, memory, pointing
from actions.together import asked_together
from bot.clock import utc_now
from bot.content import live
from bot.content.last_resort import urgent_answer
from bot.content.model import LIBRARY, Answer, Snapshot
from bot.content.subjects import (
    ALL_SAID,
    BESIDES,
    CONTACT,
    DETAILED,
    ENTITY_OF,
    FALLBACK,
    FAQ,
    MEDICAL,
    OTHER_WORDS,
    SAID_AS,
    STAYS_URGENT,
    URGENT_AGAIN,
)
from bot.replies import wording
from bot.replies.payload import reply_payload
from bot.replies.render import render

NEVER_REWORDED = frozenset({*URGENT_AGAIN, "redflag_general"})
"""Words that somebody may need at once are said as they are, however often."""

REPLIES_TO_OFFERS = frozenset({"affirm", "correction", "deny", "feedback_negative"})
"""Intents that often stand at the head of a message that asks something else."""

REWORDED = (MEDICAL | {FAQ}) - NEVER_REWORDED
"""Subjects whose words help nobody when said again at once."""


class ReplyAction(Action, ABC):
    """Says one reply and remembers what it was about."""

    @abstractmethod
    def topic(self, tracker: Tracker, snapshot: Snapshot) -> tuple[str, str | None]:
        """The subject and the detail to answer."""

    def worded(self, tracker: Tracker, snapshot: Snapshot, answer: Answer) -> Answer:
        """The answer as it is to be said; what was just said is put in other words."""
        return once_more(tracker, snapshot, answer) if just_said(tracker, answer) else answer

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Answer from the content in force now; where the store has nothing, say so."""
        snapshot = live.current()
        clinic, now = tracker.get_slot("clinic"), utc_now()
        answers = self.answers(tracker, snapshot)
        replies = [render(snapshot, answer, clinic, now) for answer in answers]
        hidden = masked.notice(tracker, snapshot, replies)
        notices = [render(snapshot, said_as(hidden), clinic, now)] if hidden else []
        for reply in (*replies, *notices):
            dispatcher.utter_message(**reply_payload(reply))
        slots = memory.remembered(tracker, answers, replies)
        return [*slots, *masked.remembered(tracker, told=bool(notices))]

    def answers(self, tracker: Tracker, snapshot: Snapshot) -> list[Answer]:
        """What to say, at least one answer; mostly it is one."""
        return [self.answer(tracker, snapshot)]

    def answer(self, tracker: Tracker, snapshot: Snapshot) -> Answer:
        """What to say about the topic."""
        return self.said(tracker, snapshot, *self.topic(tracker, snapshot))

    def said(
        self, tracker: Tracker, snapshot: Snapshot, subject: str, detail: str | None
    ) -> Answer:
        """What to say about a topic, without what the visitor wants to hear nothing of."""
        clinic = tracker.get_slot("clinic")
        found = (
            snapshot.answer(clinic, subject, detail)
            or snapshot.answer(clinic, subject)
            or urgent_answer(subject, detail)
            or snapshot.answers[(LIBRARY, FALLBACK, None)]
        )
        shut_out = set(pointing.excluded(tracker)) - {found.detail}
        if shut_out.intersection(found.items):
            short = wording.shorter(found) if just_said(tracker, found) else found
            said = wording.framed(short, before=service(tracker, snapshot, BESIDES))
        else:
            said = self.worded(tracker, snapshot, found)
        said = wording.without(said, shut_out)
        return said_as(said)


class SubjectAction(ReplyAction):
    """Answers one subject."""

    @property
    @abstractmethod
    def subject(self) -> str:
        """The subject's name, as in `bot/content/subjects.py`."""

    def name(self) -> str:
        return f"action_{self.subject}"

    def topic(self, tracker: Tracker, snapshot: Snapshot) -> tuple[str, str | None]:
        return self.subject, None

    def answer(self, tracker: Tracker, snapshot: Snapshot) -> Answer:
        """As `ReplyAction`; where the visitor has not moved on from an emergency, that again, or
        before the way to the clinic.
        """
        urgent = memory.urgent(tracker)
        if urgent is None or self.subject not in STAYS_URGENT | CONTACT:
            return super().answer(tracker, snapshot)
        again = service(tracker, snapshot, URGENT_AGAIN[urgent.subject])
        if self.subject in CONTACT:
            asked = super().answer(tracker, snapshot)
            asked = dataclasses.replace(asked, links=(*again.links, *asked.links))
            return wording.framed(asked, before=again)
        return dataclasses.replace(again, subject=urgent.subject, detail=urgent.detail)


class DetailAction(SubjectAction):
    """Answers one named thing of a subject: a cause, a symptom, a treatment; or some together."""

    def answers(self, tracker: Tracker, snapshot: Snapshot) -> list[Answer]:
        together = asked_together(tracker, snapshot, self.subject)
        if not together:
            return super().answers(tracker, snapshot)
        return [self.said(tracker, snapshot, self.subject, detail) for detail in together]

    def topic(self, tracker: Tracker, snapshot: Snapshot) -> tuple[str, str | None]:
        names = list(tracker.get_latest_entity_values(ENTITY_OF[self.subject]))
        if names and not pointing.guessed_for_that(tracker, self.subject):
            return self.subject, pointing.named_detail(tracker, snapshot, self.subject)
        if self.subject not in DETAILED:
            return self.subject, None
        shut_out = list(pointing.excluded(tracker, self.subject))
        if shut_out:
            return pointing.only_excluded(tracker, snapshot, shut_out[-1])
        return self.subject, pointing.that(tracker, snapshot, self.subject)


class ActAction(SubjectAction):
    """Answers a dialogue act: what the message points at, else what is being talked about."""

    def topic(self, tracker: Tracker, snapshot: Snapshot) -> tuple[str, str | None]:
        return (
            pointing.pointed_at(tracker, snapshot)
            or self._asked_too(tracker, snapshot)
            or self.unnamed(tracker, snapshot)
            or memory.miss(tracker)
        )

    def _asked_too(self, tracker: Tracker, snapshot: Snapshot) -> memory.Topic | None:
        """What is asked beside a yes, a no or a complaint: "thats wrong, why does it happen".

        The same where there is nothing to ask more about: "and what is that called" after a miss.
        """
        now = memory.current(tracker)
        if now and now.subject in REWORDED and self.subject not in REPLIES_TO_OFFERS:
            return None
        found = map(memory.Topic.of, guesses.likely(tracker.latest_message))
        clinic = tracker.get_slot("clinic")
        return next((topic for topic in found if snapshot.answer(clinic, *topic)), None)

    def unnamed(self, tracker: Tracker, snapshot: Snapshot) -> memory.Topic | None:
        """What a message is about that points at nothing."""
        return memory.current(tracker)


def said_as(answer: Answer) -> Answer:
    """The answer under the subject that clients and staff see."""
    return dataclasses.replace(answer, subject=SAID_AS.get(answer.subject, answer.subject))


def just_said(tracker: Tracker, answer: Answer) -> bool:
    """Whether the last reply was this answer, and the same words again would help nobody.

    An answer to whatever has no detail of its own may well be to another question.
    """
    if answer.subject not in REWORDED:
        return False
    if answer.subject in DETAILED and answer.detail is None:
        return False
    return memory.last(tracker) == (answer.subject, answer.detail)


def once_more(tracker: Tracker, snapshot: Snapshot, answer: Answer) -> Answer:
    """The answer in other words; where it has none or they were said, who can tell more."""
    if answer.simpler and not tracker.get_slot("last_simpler"):
        before = service(tracker, snapshot, OTHER_WORDS)
        return wording.framed(wording.simpler(answer), before=before)
    return all_said(tracker, snapshot, answer)


def all_said(tracker: Tracker, snapshot: Snapshot, answer: Answer) -> Answer:
    """The answer, and that there is no more to it here."""
    return wording.framed(answer, after=service(tracker, snapshot, ALL_SAID))


def service(tracker: Tracker, snapshot: Snapshot, subject: str) -> Answer:
    """The answer of a service subject; the store always has one."""
    found = snapshot.answer(tracker.get_slot("clinic"), subject)
    assert found is not None, "the import checks that there is one"
    return found
