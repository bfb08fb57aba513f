"""What holds in general of a thing that the visitor asks about for their own case."""

from __future__ import annotations

import dataclasses
import re

from rasa_sdk import Tracker

from actions.memory import Topic
from actions.pointing import SIGN, explained
from bot.content.model import Answer, Snapshot
from bot.content.subjects import ENTITY_OF, IN_GENERAL
from bot.replies import wording

TOLD_OF = ("treatment_detail", "cause_detail", "symptom_check")
"""What is told of, first what is asked about rather than what it is for."""

CONDITION = "definition"
"""Told of where nothing else is: "do I have FBSS"."""


def with_general_fact(tracker: Tracker, snapshot: Snapshot, said: Answer) -> Answer:
    """The answer, then what holds in general of what the message names, under a lead that says so,
    with the source of that fact. As it is where the store knows no such fact.
    """
    topic = _told_of(tracker, snapshot)
    clinic = tracker.get_slot("clinic")
    found = snapshot.answer(clinic, *topic) if topic else None
    fact = wording.general(found) if found else None
    lead = snapshot.answer(clinic, IN_GENERAL)
    if topic is None or fact is None or lead is None:
        return said
    return dataclasses.replace(
        wording.framed(said, after=wording.led(lead, fact)),
        source=fact.source,
        reviewed_on=fact.reviewed_on,
        links=(*said.links, *fact.links),
        offers=(topic.name, *said.offers),
    )


def _told_of(tracker: Tracker, snapshot: Snapshot) -> Topic | None:
    """What a message about the visitor's own case names by its words and the store can explain.

    What is asked about is a treatment rather than the cause or symptom that it is for. What was
    only guessed from the meaning of the whole message is not named; nor is anything told of beside
    a sign of an emergency.
    """
    message, clinic = tracker.latest_message, tracker.get_slot("clinic")
    whole = (0, len(message.get("text") or ""))
    named = [
        each
        for each in message.get("entities", [])
        if each.get("end") and not each.get("role") and (each["start"], each["end"]) != whole
    ]
    if any(each["entity"] == SIGN for each in named):
        return None
    for subject in TOLD_OF:
        details = [each["value"] for each in named if each["entity"] == ENTITY_OF[subject]]
        detail = explained(snapshot, clinic, subject, details)
        if detail:
            return Topic(subject, detail)
    names_it = _names(message.get("text") or "", snapshot.answer(clinic, CONDITION))
    return Topic(CONDITION) if names_it else None


def _names(text: str, answer: Answer | None) -> bool:
    """Whether a text holds one of the other names of what an answer is about, as whole words."""
    names = answer.also_called if answer else ()
    return any(re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) for name in names)
