"""Imports corrections from files: what is known already stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.corrections.files import Entry
from bot.corrections.learning import Shipped, why_not
from bot.corrections.model import Correction, Draft, State
from bot.corrections.repository import Corrections


@dataclass
class Plan:
    """What an import would do. `refused` are sentences, each with its place."""

    new: list[Draft] = field(default_factory=list)
    to_learn: list[str] = field(default_factory=list)
    unchanged: int = 0
    refused: list[str] = field(default_factory=list)


def plan(entries: Sequence[Entry], corrections: Corrections, shipped: Shipped) -> Plan:
    """Hold what files say against the corrections that there are."""
    made = Plan()
    for entry in entries:
        why = why_not(entry.text, entry.wanted.subject, shipped) if entry.learnt else None
        same = [c for c in corrections.same(entry.text) if c.state is not State.WITHDRAWN]
        other = [c for c in same if c.wanted.subject != entry.wanted.subject]
        mine = [c for c in same if c.wanted == entry.wanted and c.clinic == entry.clinic]
        if why is not None:
            made.refused.append(f"{entry.place}: {why}")
        elif other:
            subject = other[0].wanted.subject
            made.refused.append(
                f"{entry.place}: the same message was corrected to {subject}; withdraw one of them."
            )
        elif not mine:
            made.new.append(entry.draft)
        elif entry.learnt and not _learnt(same):
            made.to_learn += [each.id for each in mine]
        else:
            made.unchanged += 1
    return made


def carry_out(made: Plan, corrections: Corrections, *, by: str) -> None:
    """Do what was planned. Raises `StoreUnavailable`."""
    corrections.add(made.new, by=by)
    for correction_id in made.to_learn:
        corrections.decide(correction_id, State.TRAINING, by=by)


def _learnt(same: Sequence[Correction]) -> bool:
    return any(each.state is State.TRAINING for each in same)
