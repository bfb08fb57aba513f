"""Imports corrections from files: what is known already stays as it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from bot.corrections.files import Entry
from bot.corrections.learning import Shipped, why_not
from bot.corrections.model import USED, Correction, Draft, State
from bot.corrections.repository import Corrections


@dataclass
class Plan:
    """What an import would do. `changed`: what known corrections are used for from now on, by their
    ids. `only_asked` (what is new and cannot be learnt) and `refused` are sentences, each with its
    place.
    """

    new: list[Draft] = field(default_factory=list)
    changed: dict[str, State] = field(default_factory=dict)
    unchanged: int = 0
    only_asked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def plan(
    entries: Sequence[Entry],
    corrections: Corrections,
    shipped: Shipped,
    clinics: Collection[str],
) -> Plan:
    """Hold what files say against the corrections and the clinics that there are.

    What was exported is never refused where it is known still. What cannot be learnt any more, as
    what ships now, is asked.
    """
    made = Plan()
    for entry in entries:
        same = [c for c in corrections.same(entry.text) if c.state is not State.WITHDRAWN]
        known = [c for c in same if (c.wanted, c.clinic) == (entry.wanted, entry.clinic)]
        why = why_not(entry.text, entry.wanted.subject, shipped) if entry.learnt else None
        refusal = None if known else _refusal(entry, why, same, clinics)
        if refusal is not None:
            made.refused.append(f"{entry.place}: {refusal}")
            continue
        state = State.TRAINING if entry.learnt and why is None else State.REGRESSION
        usable = [c.id for c in known if _can_be(state, c, shipped)]
        if known and _is_used(known, same, state):
            made.unchanged += 1
        elif usable:
            made.changed |= dict.fromkeys(usable, state)
        else:
            made.new.append(Draft(entry.text, entry.wanted, entry.clinic, state))
            made.only_asked += [f"{entry.place}: {why}"] if why else []
    return made


def carry_out(made: Plan, corrections: Corrections, *, by: str) -> None:
    """Do what was planned. Raises `StoreUnavailable`."""
    corrections.add(made.new, by=by)
    for correction_id, state in made.changed.items():
        corrections.decide(correction_id, state, by=by)


def _refusal(
    entry: Entry, why: str | None, same: Sequence[Correction], clinics: Collection[str]
) -> str | None:
    """Why an entry that is not known cannot be taken in."""
    if why is not None and not entry.asked:
        return why
    if entry.clinic is not None and entry.clinic not in clinics:
        return f"There is no clinic {entry.clinic!r}; there are {', '.join(sorted(clinics))}."
    for other in same:
        meet = None in (other.clinic, entry.clinic) or other.clinic == entry.clinic
        if meet and other.wanted.subject != entry.wanted.subject:
            subject = other.wanted.subject
            return f"the same message was corrected to {subject}; withdraw one of them."
    return None


def _is_used(known: Sequence[Correction], same: Sequence[Correction], state: State) -> bool:
    """Whether what is known is asked already, or learnt, if only in another wording."""
    if state is State.REGRESSION:
        return any(each.state in USED for each in known)
    subject = known[0].wanted.subject
    return any(each.state is state and each.wanted.subject == subject for each in same)


def _can_be(state: State, known: Correction, shipped: Shipped) -> bool:
    return state is not State.TRAINING or (
        why_not(known.text, known.wanted.subject, shipped) is None
    )
