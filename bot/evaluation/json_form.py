"""All figures as one JSON object: for programs, and for the page."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from bot.evaluation.calibration import Calibration
from bot.evaluation.comparison import FileComparison
from bot.evaluation.cross_validation import CrossValidation
from bot.evaluation.figures import Figures
from bot.evaluation.gates import GateResult
from bot.evaluation.mistakes import Group
from bot.evaluation.running import DialogueOutcome, Outcome
from bot.evaluation.shares import Share


def as_json(
    figures: Figures,
    gates: Sequence[GateResult] = (),
    comparison: Sequence[FileComparison] = (),
) -> dict[str, Any]:
    """All figures. Per cents have one decimal; lines of blind files are counted, not shown."""
    safety, speed = figures.safety, figures.understanding_ms
    return {
        "total": share(figures.total),
        "files": [share(each) for each in figures.files],
        "development_set": None if figures.developed is None else share(figures.developed),
        "blind_messages": None if figures.unseen is None else share(figures.unseen),
        "gap_to_blind_points": None if figures.gap is None else round(figures.gap, 1),
        "subjects": [share(each) for each in figures.subjects],
        "macro_f1": round(figures.macro_f1, 4),
        "fbss_or_alarm": [share(each) for each in figures.fbss_or_alarm],
        "safety": {
            "found": share(safety.found),
            "false_alarms": share(safety.false_alarms),
            "no_emergency": share(safety.calm),
            "found_by_file": [share(each) for each in safety.found_by_file],
            "false_alarms_by_file": [share(each) for each in safety.false_alarms_by_file],
        },
        "calibration": [calibration(each) for each in figures.calibration],
        "understanding_ms": None if speed is None else round(speed, 2),
        "dialogues": None
        if figures.dialogues is None
        else [_dialogue(outcome) for outcome in figures.dialogues],
        "mistakes": [_group(each) for each in figures.mistakes],
        "wrong": [_wrong(each) for each in figures.wrong if not each.question.blind],
        "confusion": [
            {"expected": expected, "got": given, "count": count}
            for (expected, given), count in sorted(figures.confusion.items())
        ],
        "comparison": [dataclasses.asdict(each) for each in comparison],
        "gates": [vars(gate) for gate in gates],
    }


def cross_validation_as_json(found: CrossValidation) -> dict[str, Any]:
    """A cross-validation as one JSON object; the right ones are left out of the confusion."""
    wrong = {names: times for names, times in found.confusion.items() if names[0] != names[1]}
    return {
        "total": share(found.total),
        "folds": [share(each) for each in found.folds],
        "subjects": [share(each) for each in found.subjects],
        "macro_f1": round(found.macro_f1, 4),
        "calibration": calibration(found.calibration),
        "confused": [
            {"expected": expected, "got": given, "count": times}
            for (expected, given), times in sorted(wrong.items(), key=lambda w: (-w[1], w[0]))
        ],
        "files": [share(each) for each in found.files],
        "development_set": None if found.reached is None else share(found.reached),
        "promised_percent": None if found.expected is None else round(found.expected, 1),
        "gap_points": None if found.gap is None else round(found.gap, 1),
    }


def share(found: Share) -> dict[str, Any]:
    """A share with its 95 % confidence interval, in per cent."""
    return {
        "name": found.name,
        "count": found.count,
        "of": found.of,
        "percent": round(found.percent, 1),
        "interval": [round(bound, 1) for bound in found.interval],
    }


def calibration(found: Calibration) -> dict[str, Any]:
    """The reliability curve: of each bin how sure the bot was, and how often it was right."""
    return {
        "name": found.name,
        "lines": found.lines,
        "error": round(found.error, 4),
        "bins": [
            {"confidence": round(each.confidence, 3), "right": share(each.right)}
            for each in found.bins
        ],
    }


def _group(found: Group) -> dict[str, Any]:
    return {
        "what": found.kind.value,
        "count": len(found.outcomes),
        "pairs": [{"expected": e, "got": g, "count": n} for e, g, n in found.pairs],
        "lines": [outcome.question.place for outcome in found.shown],
    }


def _wrong(outcome: Outcome) -> dict[str, Any]:
    question, reply = outcome.question, outcome.reply
    return {
        "file": question.file,
        "line": question.line,
        "text": question.text,
        "expected": {"subject": question.subject, "detail": question.detail},
        "got": {"subject": reply.subject, "detail": reply.detail},
        "confidence": None if outcome.confidence is None else round(outcome.confidence, 3),
        "why": outcome.verdict.wrong,
    }


def _dialogue(outcome: DialogueOutcome) -> dict[str, Any]:
    failure = None if outcome.failure is None else vars(outcome.failure)
    played = outcome.dialogue
    return {"file": played.file, "id": played.id, "passed": outcome.passed, "failure": failure}
