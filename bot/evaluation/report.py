"""Shows figures: tables for a terminal, an object for JSON, the confusion table as CSV."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.evaluation.figures import Figures, Share
from bot.evaluation.gates import GateResult
from bot.evaluation.running import DialogueOutcome, Outcome


def as_json(figures: Figures, gates: Sequence[GateResult] = ()) -> dict[str, Any]:
    """All figures as one JSON object. Per cents have one decimal."""
    return {
        "total": _share(figures.total),
        "files": [_share(share) for share in figures.files],
        "subjects": [_share(share) for share in figures.subjects],
        "macro_f1": round(figures.macro_f1, 4),
        "fbss_answers": [_share(share) for share in figures.fbss_answers],
        "safety": {
            "found": _share(figures.safety.found),
            "false_alarms": _share(figures.safety.false_alarms),
        },
        "dialogues": None
        if figures.dialogues is None
        else [_dialogue(outcome) for outcome in figures.dialogues],
        "wrong": [_wrong(outcome) for outcome in figures.wrong],
        "confusion": [
            {"expected": expected, "got": given, "count": count}
            for (expected, given), count in sorted(figures.confusion.items())
        ],
        "gates": [vars(gate) for gate in gates],
    }


def print_report(console: Console, figures: Figures, gates: Sequence[GateResult] = ()) -> None:
    """The figures as tables."""
    console.print(_share_table("Right by subject", figures.subjects))
    if figures.wrong:
        console.print(_wrong_table(figures.wrong))
        console.print(_confusion_table(figures))
    _print_dialogues(console, figures.dialogues or ())
    console.print(_share_table("Right by file", [*figures.files, figures.total]))
    if figures.fbss_answers:
        title = "Out of scope, but answered about failed back surgery syndrome"
        console.print(_share_table(title, figures.fbss_answers))
    for share in (
        figures.safety.found,
        figures.safety.false_alarms,
        figures.dialogues_passed,
    ):
        if share is not None and share.of:
            console.print(f"{share.name}: {share.count} of {share.of} ({share.percent:.1f} %)")
    console.print(f"macro F1 of subjects in scope: {figures.macro_f1:.3f}")
    for gate in gates:
        word = "reached" if gate.passed else "[bold red]MISSED[/]"
        console.print(f"gate {gate.name}: {gate.reached}, wanted {gate.wanted}: {word}")


def write_confusion(figures: Figures, path: Path) -> None:
    """The confusion table as CSV: a row for each expected subject, a column for each that came."""
    expected, given = confusion_names(figures)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["expected \\ got", *given])
        for row in expected:
            writer.writerow([row, *(figures.confusion.get((row, column), 0) for column in given)])


def confusion_names(figures: Figures) -> tuple[list[str], list[str]]:
    """Rows (expected subjects) and columns (the same first, then what came besides)."""
    expected = sorted({row for row, _ in figures.confusion})
    others = sorted({column for _, column in figures.confusion} - set(expected))
    return expected, [*expected, *others]


def _share(share: Share) -> dict[str, Any]:
    return {
        "name": share.name,
        "count": share.count,
        "of": share.of,
        "percent": round(share.percent, 1),
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
    return {"id": outcome.dialogue.id, "passed": outcome.passed, "failure": failure}


def _share_table(title: str, shares: Sequence[Share]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("")
    for heading in ("count", "of", "%"):
        table.add_column(heading, justify="right")
    for share in shares:
        table.add_row(share.name, str(share.count), str(share.of), f"{share.percent:.1f}")
    return table


def _wrong_table(outcomes: Sequence[Outcome]) -> Table:
    table = Table(title="Wrong replies")
    for heading in ("where", "text", "expected", "got", "sure", "why"):
        table.add_column(heading, overflow="fold")
    for outcome in outcomes:
        question, reply = outcome.question, outcome.reply
        sure = "" if outcome.confidence is None else f"{outcome.confidence:.2f}"
        table.add_row(
            question.place,
            escape(question.text),
            named(question.subject, question.detail),
            named(reply.subject, reply.detail),
            sure,
            escape(outcome.verdict.wrong),
        )
    return table


def named(subject: str | None, detail: str | None) -> str:
    """`subject/detail`, or what there is of it."""
    return "/".join(part for part in (subject, detail) if part) or "(none)"


def _confusion_table(figures: Figures) -> Table:
    """Only the pairs that went wrong, most frequent first; the whole table is in the CSV file and
    the picture.
    """
    table = Table("expected", "got", "times", title="Confusion (* right subject, wrong in detail)")
    pairs = [(n, e, g) for (e, g), n in figures.confusion.items() if e != g]
    for times, expected, given in sorted(pairs, key=lambda pair: (-pair[0], pair[1:])):
        table.add_row(expected, given, str(times))
    return table


def _print_dialogues(console: Console, outcomes: Sequence[DialogueOutcome]) -> None:
    for outcome in outcomes:
        if outcome.failure is None:
            console.print(f"dialogue {outcome.dialogue.id}: passed")
            continue
        failure = outcome.failure
        console.print(f"dialogue {outcome.dialogue.id}: [bold red]failed[/] at turn {failure.turn}")
        console.print(f"  visitor: {escape(failure.visitor)}")
        console.print(f"  reply:   {escape(failure.reply)}")
        for pattern in failure.broken:
            console.print(f"  {escape(pattern)}")
