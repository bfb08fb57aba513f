"""What a message points at: a thing that it names, or a place in what was shown before."""

from __future__ import annotations

from collections.abc import Sequence

from rasa_sdk import Tracker

from actions import memory
from actions.memory import Topic
from bot.content.model import Snapshot
from bot.content.subjects import DETAILED, DID_YOU_MEAN, ENTITY_OF
from bot.replies.render import listed_subject

SUBJECT_OF = {ENTITY_OF[subject]: subject for subject in DETAILED}
"""Which subject explains a named thing, by the kind of thing."""

SIGN, ABOUT_SIGNS = ENTITY_OF["emergency"], "redflag_general"

EXCLUDED = "excluded"
"""Role of a thing that the visitor wants to hear nothing of."""

THAT = "that"
STEPS = {"next": 1, "previous": -1}

MOST_WORDS = 8
"""A longer message says itself what it is about: its "that" seldom stands for a thing."""


def pointed_at(tracker: Tracker, snapshot: Snapshot) -> Topic | None:
    """What a message of a dialogue act points at: "yes, the second one", "not shots, the pump"."""
    found = named(tracker, snapshot)
    if found:
        return found
    shut_out = excluded(tracker)
    if shut_out:
        return beside(tracker, snapshot, next(iter(shut_out)))
    values = tracker.get_latest_entity_values("reference")
    reference = next((value for value in values if value != THAT), None)
    return referred(tracker, snapshot, reference) if reference else None


def named(tracker: Tracker, snapshot: Snapshot) -> Topic | None:
    """The last thing that the message names; a sign of an emergency leads to the signs."""
    kinds = [e["entity"] for e in tracker.latest_message.get("entities", []) if not e.get("role")]
    if SIGN in kinds:
        return Topic(ABOUT_SIGNS)
    subject = next((SUBJECT_OF[kind] for kind in reversed(kinds) if kind in SUBJECT_OF), None)
    return Topic(subject, named_detail(tracker, snapshot, subject)) if subject else None


def named_detail(tracker: Tracker, snapshot: Snapshot, subject: str) -> str | None:
    """The detail of a subject that the message names, where the store has an answer to it."""
    clinic = tracker.get_slot("clinic")
    details = list(tracker.get_latest_entity_values(ENTITY_OF[subject]))
    answers = [snapshot.answer(clinic, subject, detail) for detail in details]
    known = [answer for answer in answers if answer is not None]
    # "nerve block injections" names a kind and what it is a kind of: the kind is what was
    # asked. Of several, the last one is: what comes before a question tells how it came up.
    kinds = [answer for answer in known if answer.part_of in details]
    chosen = kinds or known
    return chosen[-1].detail if chosen else None


def excluded(tracker: Tracker, subject: str | None = None) -> dict[str, str]:
    """The details that the message wants nothing of, with the subject of each."""
    entities = tracker.latest_message.get("entities", [])
    found = {
        e["value"]: SUBJECT_OF[e["entity"]]
        for e in entities
        if e.get("role") == EXCLUDED and e["entity"] in SUBJECT_OF
    }
    return {d: s for d, s in found.items() if subject in (None, s)}


def beside(tracker: Tracker, snapshot: Snapshot, detail: str) -> Topic:
    """Where the things beside an excluded one are listed.

    That is the treatment that it is a kind of while that is talked about, else the whole list.
    """
    subject = excluded(tracker)[detail]
    clinic = tracker.get_slot("clinic")
    answer = snapshot.answer(clinic, subject, detail)
    whole, now = answer.part_of if answer else None, memory.current(tracker)
    talked = snapshot.answer(clinic, *now) if now and now.subject == subject else None
    if whole and talked and whole in (talked.detail, talked.part_of):
        return Topic(subject, whole)
    return Topic(DETAILED[subject])


def that(tracker: Tracker, snapshot: Snapshot, subject: str) -> str | None:
    """The detail of a subject that "that" stands for: what was answered, or named, last."""
    values = tracker.get_latest_entity_values("reference")
    words = (tracker.latest_message.get("text") or "").split()
    if THAT not in values or len(words) > MOST_WORDS:
        return None
    now = memory.current(tracker)
    spoken = [now.detail if now else None, *reversed(tracker.get_slot("named") or [])]
    clinic = tracker.get_slot("clinic")
    return next((d for d in spoken if d and snapshot.answer(clinic, subject, d)), None)


def referred(tracker: Tracker, snapshot: Snapshot, reference: str) -> Topic | None:
    """What an ordinal ("1", "2", ...), "last", "next", "previous" or "other" stands for."""
    if reference == "other":
        return _other(tracker, snapshot)
    listed, now = _shown(tracker), memory.current(tracker)
    if reference in STEPS:
        return _beside(listed, now, STEPS[reference])
    if not listed:
        return None
    if reference == "last":
        return listed[-1]
    place = int(reference) - 1
    if place < len(listed):
        return listed[place]
    listing = tracker.get_slot("listed_subject")
    return Topic(listing, now.detail if now and now.subject == listing else None)


def _shown(tracker: Tracker) -> list[Topic]:
    """What an ordinal counts: the list that was shown, else the buttons."""
    listed = tracker.get_slot("listed")
    if listed and tracker.get_slot("last_subject") != DID_YOU_MEAN:
        subject = listed_subject(tracker.get_slot("listed_subject"))
        return [Topic(subject, item) for item in listed]
    return [Topic.of(name) for name in tracker.get_slot("offered") or []]


def _beside(listed: Sequence[Topic], now: Topic | None, step: int) -> Topic | None:
    """The neighbour in a list of what is talked about; before and after its ends there is none."""
    if now is None or now not in listed:
        return listed[0] if listed and step > 0 else None
    place = listed.index(now) + step
    return listed[place] if 0 <= place < len(listed) else None


def _other(tracker: Tracker, snapshot: Snapshot) -> Topic | None:
    """What was named beside what was answered; else the next in its list, the other meaning, or
    what was talked about before.
    """
    now, clinic = memory.current(tracker), tracker.get_slot("clinic")
    named = tracker.get_slot("named") or []
    for detail in named if now and now.detail in named else []:
        subjects = [s for s in DETAILED if snapshot.answer(clinic, s, detail)]
        if subjects and now and detail != now.detail:
            return Topic(subjects[0], detail)
    shown = _shown(tracker)
    following = _beside(shown, now, 1) if now in shown and now and now.detail else None
    guesses = [Topic.of(name) for name in tracker.get_slot("guesses") or []]
    other = next((guess for guess in guesses if guess != now), None)
    return following or other or memory.before(tracker)
