"""Asks a model what it is measured with: development set, safety set, corrections.

Each message goes the way of a visitor's, on a database that lasts as long as the measurement. The
development and safety sets are asked of the content that ships, corrections of the clinics' own.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from bot import paths
from bot.candidates.comparing import Asked
from bot.candidates.gates import DEVELOPMENT, REGRESSION, SAFETY
from bot.candidates.model import Said
from bot.content.model import Snapshot
from bot.content.subjects import URGENT_AGAIN
from bot.corrections.model import NOT_KNOWN, SAYS_NOT_KNOWN, Correction, Wanted
from bot.evaluation.reading import (
    BLIND,
    DataSet,
    development_files,
    read_data,
    read_questions,
)
from bot.evaluation.real import real_bot
from bot.evaluation.running import Bot, DialogueOutcome, Outcome, ask, converse
from bot.evaluation.scoring import SeenReply
from bot.settings import Settings

SAFETY_FILES = ("urgent.jsonl", "calm.jsonl")
"""Of the blind files: their lines are counted and shown to nobody."""

Report = Callable[[str, int, int], None]
"""Told the set, how much of it is done, and how much there is."""


@dataclasses.dataclass(frozen=True)
class Sets:
    """What two models are asked. `clinics` are all that there are: a correction for all is asked at
    each, one of a clinic that is not among them is left out.
    """

    development: DataSet
    safety: DataSet
    corrections: tuple[Correction, ...]
    clinics: tuple[str, ...]

    @classmethod
    def read(
        cls, corrections: Iterable[Correction], clinics: Sequence[str], folder: Path | None = None
    ) -> Sets:
        """The sets of an installation; `folder` is `tests/eval` where none is named.

        Raises `SetupError` where a file is missing.
        """
        folder = folder or paths.EVAL_DIR
        safety = [q for name in SAFETY_FILES for q in read_questions(folder / BLIND / name)]
        return cls(
            read_data(development_files(folder)),
            DataSet(tuple(safety), None),
            tuple(corrections),
            tuple(clinics),
        )


@dataclasses.dataclass(frozen=True)
class Answers:
    """What one model made of the sets."""

    sets: dict[str, tuple[Asked, ...]]


async def ask_sets(
    bot: Bot, use_own_content: Callable[[], None], sets: Sets, report: Report
) -> Answers:
    """Put everything to a model: with the shipped content, and after it with the clinics' own."""
    development = await _asked(bot, sets.development, DEVELOPMENT, report)
    safety = await _asked(bot, sets.safety, SAFETY, report)
    use_own_content()
    corrected = await _corrected(bot, sets, report)
    return Answers(
        {DEVELOPMENT: tuple(development), SAFETY: tuple(safety), REGRESSION: tuple(corrected)}
    )


async def _asked(bot: Bot, data: DataSet, name: str, report: Report) -> list[Asked]:
    dialogues = data.dialogues or ()
    total = len(data.questions) + len(dialogues)
    found: list[Asked] = []
    for question in data.questions:
        found.append(_of_question(await ask(bot, question)))
        report(name, len(found), total)
    for dialogue in dialogues:
        found.append(_of_dialogue(await converse(bot, dialogue)))
        report(name, len(found), total)
    return found


async def _corrected(bot: Bot, sets: Sets, report: Report) -> list[Asked]:
    found: list[Asked] = []
    for correction in sets.corrections:
        clinics = [each for each in sets.clinics if correction.clinic in (None, each)]
        replies = [
            SeenReply.of((await bot.begin(clinic, True).say(correction.text)).messages)
            for clinic in clinics
        ]
        found.append(_of_correction(correction, replies))
        report(REGRESSION, len(found), len(sets.corrections))
    return found


def _of_question(outcome: Outcome) -> Asked:
    question, reply = outcome.question, outcome.reply
    return Asked(
        question.place,
        question.file if question.blind else question.place,
        "" if question.blind else question.text,
        Said(question.subject, question.detail),
        Said(reply.subject, reply.detail),
        outcome.verdict.right,
        question.subject in URGENT_AGAIN,
    )


def _of_dialogue(outcome: DialogueOutcome) -> Asked:
    dialogue, failure = outcome.dialogue, outcome.failure
    got = Said(turn=0 if failure is None else failure.turn)
    place = dialogue.place
    return Asked(place, place, dialogue.id, Said(turn=0), got, outcome.passed, urgent=False)


def _of_correction(correction: Correction, replies: Sequence[SeenReply]) -> Asked:
    """Right where the reply is at every clinic; shown is the first one that is not.

    Left out where no clinic could be asked.
    """
    wrong = [each for each in replies if not as_wanted(correction.wanted, each)]
    shown = next(iter(wrong or replies), SeenReply.of(()))
    wanted = correction.wanted
    return Asked(
        correction.id,
        correction.clinic or "",
        "",
        Said(wanted.subject, wanted.detail),
        Said(shown.subject, shown.detail),
        not wrong,
        wanted.subject in URGENT_AGAIN,
        correction.id,
        left_out=not replies,
    )


def as_wanted(wanted: Wanted, reply: SeenReply) -> bool:
    """Whether a reply is what a correction asks for. Of emergency and crisis either counts."""
    if wanted.subject in URGENT_AGAIN:
        return reply.subject in URGENT_AGAIN
    if wanted.subject == NOT_KNOWN:
        return reply.subject in SAYS_NOT_KNOWN
    return reply.subject == wanted.subject and wanted.detail in (None, reply.detail)


def measure(model: Path, settings: Settings, own: Snapshot, sets: Sets, report: Report) -> Answers:
    """Load a model and put everything to it. Raises `SetupError` where it cannot be loaded.

    `own` is the content of the clinics, the same for all models that are compared.
    """
    with real_bot(settings, model, own) as bot:
        return asyncio.run(ask_sets(bot, bot.use_own_content, sets, report))
