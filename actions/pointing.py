"""What a message points at: a thing that it names, or a place in what was shown before."""

from __future__ import annotations

from collections.abc import Sequence

from rasa_sdk import Tracker

from actions import memory
from actions.guesses import likely
from actions.memory import Topic
from bot.content.model import Snapshot
from bot.content.subjects import DETAILED, DID_YOU_MEAN, ENTITY_OF
from bot.replies.render import listed_subject

SUBJECT_OF = {ENTITY_OF[subject]: subject for subject in DETAILED}
"""Which subject explains a named thing, by the kind of thing."""

CAUSED = frozenset({"definition", "prevalence", "symptoms", "symptom_check"})
"""Subjects of which "why?" asks for the causes."""

SIGN, ABOUT_SIGNS = ENTITY_OF["emergency"], "redflag_general"

EXCLUDED = "excluded"
"""Role of a thing that the visitor wants to hear nothing of."""

THAT, WHY = "that", "why"
STEPS = {"next": 1, "previous": -1}

FEW_WORDS = 6
"""A message as short as this that says "that" has no room to describe a thing in words."""

MOST_WORDS = 8
"""A longer message says itself what it is about: its "that" seldom stands for a thing."""


def pointed_at(tracker: Tracker, snapshot: Snapshot) -> Topic | None:
    """What a message of a dialogue act points at: "yes, the second one", "not shots, the pump"."""
    found = named(tracker, snapshot)
    values = tracker.get_latest_entity_values("reference")
    reference = next((value for value in values if value not in (THAT, WHY)), None)
    if found and reference and found == memory.current(tracker):
        return referred(tracker, snapshot, reference)  # "the second of those injections"
    if found:
        return found
    shut_out = excluded(tracker)
    if shut_out:
        return beside(tracker, snapshot, next(iter(shut_out)))
    return referred(tracker, snapshot, reference) if reference else None


def reason(tracker: Tracker) -> Topic | None:
    """What answers a bare "why?", as far as anything does."""
    now = memory.current(tracker)
    asked = WHY in tracker.get_latest_entity_values("reference")
    return Topic("causes") if asked and now and now.subject in CAUSED else None


def guessed_for_that(tracker: Tracker, subject: str) -> bool:
    """Whether a detail of a subject was only guessed from the meaning of a message whose "that"
    stands for a thing said before: then it names none.
    """
    message = tracker.latest_message
    text, entities = message.get("text") or "", message.get("entities", [])
    found = [e for e in entities if e["entity"] == ENTITY_OF[subject]]
    whole = all(e.get("start") == 0 and e.get("end") == len(text) for e in found)
    refers = THAT in tracker.get_latest_entity_values("reference")
    return bool(found) and whole and refers and len(text.split()) <= FEW_WORDS


def named(tracker: Tracker, snapshot: Snapshot) -> Topic | None:
    """The last thing that the message names; a sign of an emergency leads to the signs."""
    kinds = [e["entity"] for e in tracker.latest_message.get("entities", []) if not e.get("role")]
    if SIGN in kinds:
        return Topic(ABOUT_SIGNS)
    subject = next((SUBJECT_OF[kind] for kind in reversed(kinds) if kind in SUBJECT_OF), None)
    return Topic(subject, named_detail(tracker, snapshot, subject)) if subject else None


def named_in_context(tracker: Tracker, snapshot: Snapshot) -> Topic | None:
    """What the message names of the kind that is talked about, where it may well ask for that.

    After the treatments "and talking to someone?" may mean a therapy, though alone it would not.
    """
    found, now = named(tracker, snapshot), memory.current(tracker)
    if found is None or now is None or found.detail is None:
        return None
    fits = now.subject in (found.subject, DETAILED.get(found.subject))
    return found if fits and found.name in likely(tracker.latest_message) else None


def named_detail(tracker: Tracker, snapshot: Snapshot, subject: str) -> str | None:
    """The detail of a subject that the message names, where the store has an answer to it."""
    details = list(tracker.get_latest_entity_values(ENTITY_OF[subject]))
    return explained(snapshot, tracker.get_slot("clinic"), subject, details)


def explained(snapshot: Snapshot, clinic: str, subject: str, details: Sequence[str]) -> str | None:
    """The one of a subject's details that was asked about, of those that have an answer."""
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
    return _list_shown(tracker, snapshot, subject, detail) or Topic(DETAILED[subject])


def only_excluded(tracker: Tracker, snapshot: Snapshot, detail: str) -> Topic:
    """What answers a question about a thing where it names but one, and that as excluded.

    While a list that it stands in is talked about, the list without it; else the thing itself, as
    "why not injections?" and "would it not be botox?" ask about it.
    """
    subject = excluded(tracker)[detail]
    return _list_shown(tracker, snapshot, subject, detail) or Topic(subject, detail)


def _list_shown(tracker: Tracker, snapshot: Snapshot, subject: str, detail: str) -> Topic | None:
    """The list that a detail stands in, if that or another of its items is talked about."""
    clinic, now = tracker.get_slot("clinic"), memory.current(tracker)
    answer = snapshot.answer(clinic, subject, detail)
    if answer is None or now is None:
        return None
    if now == Topic(DETAILED[subject]) and not answer.part_of:
        return now
    talked = snapshot.answer(clinic, *now) if now.subject == subject else None
    if answer.part_of and talked and answer.part_of in (talked.detail, talked.part_of):
        return Topic(subject, answer.part_of)
    return None


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
    """What "1" (the first), "2" ..., "middle", "last", "next", "previous" or "other" stands for."""
    if reference == "other":
        return _other(tracker, snapshot)
    listed, now = _shown(tracker, snapshot), memory.current(tracker)
    if reference in STEPS:
        return _beside(listed, now, STEPS[reference])
    if not listed:
        return None
    if reference == "last":
        return listed[-1]
    if reference == "middle":
        return listed[(len(listed) - 1) // 2]
    place = int(reference) - 1
    if place < len(listed):
        return listed[place]
    listing = tracker.get_slot("listed_subject")
    return Topic(listing, now.detail if now and now.subject == listing else None)


def _shown(tracker: Tracker, snapshot: Snapshot) -> list[Topic]:
    """What an ordinal counts: things named together, the list that was shown, else the buttons."""
    named = tracker.get_slot("named") or []
    now = memory.current(tracker)
    said = snapshot.answer(tracker.get_slot("clinic"), *now) if now else None
    if now and said and not said.items and len(named) > 1 and now.detail in named:
        return [topic for topic in (_known(tracker, snapshot, n) for n in named) if topic]
    listed = tracker.get_slot("listed")
    if listed and tracker.get_slot("last_subject") != DID_YOU_MEAN:
        subject = listed_subject(tracker.get_slot("listed_subject"))
        return [Topic(subject, item) for item in listed]
    return [Topic.of(name) for name in tracker.get_slot("offered") or []]


def _known(tracker: Tracker, snapshot: Snapshot, detail: str) -> Topic | None:
    """The topic of a detail that was named, where there is an answer to it."""
    clinic = tracker.get_slot("clinic")
    return next((Topic(s, detail) for s in DETAILED if snapshot.answer(clinic, s, detail)), None)


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
    now = memory.current(tracker)
    named = tracker.get_slot("named") or []
    beside = [n for n in named if n != now.detail] if now and now.detail in named else []
    found = next((topic for topic in (_known(tracker, snapshot, n) for n in beside) if topic), None)
    if found:
        return found
    shown = _shown(tracker, snapshot)
    earlier = memory.before(tracker)
    if earlier and now and now.detail in named and earlier.subject == now.subject:
        return earlier  # of two that were asked one after the other
    following = _beside(shown, now, 1) if now in shown and now and now.detail else None
    guesses = [Topic.of(name) for name in tracker.get_slot("guesses") or []]
    other = next((guess for guess in guesses if guess != now), None)
    return following or other or earlier
