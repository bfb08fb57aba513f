"""What the pages of training ask of the stores, put together for a person to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from starlette.requests import Request

from bot.candidates import gates
from bot.candidates.archives import KEPT
from bot.candidates.gates import Gate
from bot.candidates.model import (
    ChangedLine,
    Comparison,
    Model,
    Promotion,
    Refusal,
    Run,
    SetFigures,
    TakeOver,
)
from bot.candidates.workshop import Workshop
from bot.console.parts import parts_of
from bot.engine.training import fingerprint


@dataclass(frozen=True)
class InForce:
    """What answers visitors now. `model` is None for the one that ships, before it was stored.

    `promotion` is what put it in force; None where nothing did. `outdated`: the last promotion is
    of other shipped data, so the model that ships is in force. `before` is what a roll-back leads
    to.
    """

    model: Model | None
    promotion: Promotion | None
    outdated: bool
    takeovers: tuple[TakeOver, ...]
    before: Model | None

    @property
    def shipped(self) -> bool:
        return self.model is None or self.model.shipped


@dataclass(frozen=True)
class Candidate:
    """A model that could be put in force, its comparison with the one that is, and why it cannot
    be put in force now, if so.
    """

    model: Model
    comparison: Comparison | None
    refusal: Refusal | None

    @property
    def outdated(self) -> bool:
        """Whether there was a comparison that does not count any more."""
        return self.refusal in (Refusal.CORRECTIONS_CHANGED, Refusal.FILES_CHANGED)


@dataclass(frozen=True)
class Lines:
    """Changed lines, the worse first; `otherwise` are those that are as right or wrong as before,
    in other words or for another reason.
    """

    worse: tuple[ChangedLine, ...]
    better: tuple[ChangedLine, ...]
    otherwise: tuple[ChangedLine, ...]

    @classmethod
    def of(cls, lines: Sequence[ChangedLine]) -> Lines:
        """Emergencies come first among the worse."""
        worse = [line for line in lines if line.right_before > line.right_after]
        return cls(
            tuple(sorted(worse, key=lambda line: not line.urgent)),
            tuple(line for line in lines if line.right_before < line.right_after),
            tuple(line for line in lines if line.right_before == line.right_after),
        )


def shop_of(request: Request) -> Workshop:
    """The stores behind a request."""
    parts = parts_of(request)
    return Workshop(parts.settings, parts.database, parts.clock, based_on())


@lru_cache(maxsize=1)
def based_on() -> str:
    """The fingerprint of the shipped data, which stays while the program runs."""
    return fingerprint()


def in_force(shop: Workshop) -> InForce:
    """What answers visitors now, and in which servers."""
    last = shop.promotions.in_force()
    fits = last is not None and last.model.based_on == shop.based_on
    return InForce(
        shop.promotions.running(),
        last if fits else None,
        last is not None and not fits,
        tuple(shop.promotions.takeovers(last.number)) if last else (),
        shop.promotions.before(),
    )


def candidates(shop: Workshop, running: Model | None) -> tuple[Candidate, ...]:
    """The models that could be put in force, the latest first."""
    usable = [
        model
        for model in shop.archives.all()
        if model.kept
        and not model.shipped
        and model.based_on == shop.based_on
        and (running is None or model.id != running.id)
    ]
    return judged(shop, usable[:KEPT])


def judged(shop: Workshop, found: Sequence[Model]) -> tuple[Candidate, ...]:
    """Models with their comparisons, and whether they can be put in force."""
    judgements = shop.promotions.judge(found)
    return tuple(Candidate(m, j.comparison, j.refusal) for m, j in zip(found, judgements))


def last_trained(now: InForce, waiting: Sequence[Candidate]) -> datetime | None:
    """When the last model that learns corrections was trained, in force or not; None before."""
    models = [each.model for each in waiting]
    if now.model is not None and not now.shipped:
        models.append(now.model)
    return max((model.at for model in models), default=None)


def gates_of(comparison: Comparison) -> tuple[Gate, ...]:
    """What the candidate must not lose, and whether it does."""
    return gates.decide(comparison.figures)


def changed_replies(figures: Sequence[SetFigures]) -> tuple[int, int]:
    """How many messages of all sets are answered better, and how many worse."""
    return sum(each.better for each in figures), sum(each.worse for each in figures)


def last_run(shop: Workshop) -> Run | None:
    """The run that was begun last, under way or ended."""
    return next(iter(shop.runs.latest(1)), None)
