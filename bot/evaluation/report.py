"""Shows figures in a terminal, and writes the confusion table as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.evaluation.calibration import Calibration
from bot.evaluation.comparison import Change, FileComparison
from bot.evaluation.cross_validation import CrossValidation
from bot.evaluation.figures import Figures
from bot.evaluation.gates import GateResult
from bot.evaluation.mistakes import Group, pair
from bot.evaluation.running import DialogueOutcome
from bot.evaluation.shares import Share

PLAIN_WIDTH = 160
"""Columns of the tables in a file or a pipe, where nothing says how wide the reader's screen is."""

MOST_PAIRS = 25
"""Rows of the confusion table; the whole of it is in the CSV file, the picture and the page."""


def text_console() -> Console:
    """Standard output, wide enough for tables also where nobody says how wide it is."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=PLAIN_WIDTH)


def print_report(
    console: Console,
    figures: Figures,
    gates: Sequence[GateResult] = (),
    comparison: Sequence[FileComparison] = (),
) -> None:
    """The figures as tables."""
    console.print(share_table("Right by subject", figures.subjects))
    for found in figures.mistakes:
        _print_mistakes(console, found)
    title = "Confusion (* right subject, wrong in detail)"
    print_confusion(console, title, figures.confusion.items())
    _print_dialogues(console, figures.dialogues or ())
    for compared in comparison:
        _print_comparison(console, compared)
    if figures.calibration:
        console.print(_calibration_table(figures.calibration))
        console.print(curve_table(figures.calibration[0]))
    console.print(share_table("Right by file", with_sums(figures)))
    if figures.gap is not None:
        gap = f"{figures.gap:+.1f} points"
        console.print(
            f"development set against blind messages: {gap} (above 2: tuned to its lines)"
        )
    if figures.fbss_or_alarm:
        title = "Out of scope, but got an FBSS answer or an alarm"
        console.print(share_table(title, figures.fbss_or_alarm))
    safety = figures.safety
    if safety.found.of:
        console.print(share_table("Emergencies and crises found", safety.found_by_file))
    console.print(share_table("False alarms", safety.false_alarms_by_file))
    for share in (safety.found, safety.false_alarms, safety.calm, *figures.dialogues_passed):
        if share.of:
            console.print(f"{share.name}: {share.count} of {share.of} ({share.percent:.1f} %)")
    console.print(f"macro F1 of subjects in scope: {figures.macro_f1:.3f}")
    if figures.understanding_ms is not None:
        console.print(f"understanding 12 words: {figures.understanding_ms:.1f} ms (median)")
    for gate in gates:
        word = "reached" if gate.passed else "[bold red]MISSED[/]"
        console.print(f"gate {gate.name}: {gate.reached}, wanted {gate.wanted}: {word}")


def print_cross_validation(console: Console, found: CrossValidation) -> None:
    """A cross-validation as tables."""
    console.print(share_table("Right by subject, in cross-validation", found.subjects))
    print_confusion(console, "Most confused", found.confusion.items())
    console.print(curve_table(found.calibration))
    console.print(share_table("Right by part", [*found.folds, found.total]))
    if found.files:
        title = "A model of all training messages, likeliest intent, by file"
        sums = [] if found.reached is None else [found.reached]
        console.print(share_table(title, [*found.files, *sums]))
    console.print(f"macro F1 of subjects in scope: {found.macro_f1:.3f}")
    console.print(f"calibration error: {found.calibration.error:.3f}")
    if found.gap is not None and found.reached is not None:
        promised = f"cross-validation promises {found.expected:.1f} % for its mix of subjects"
        reached = f"{found.reached.percent:.1f} % are reached: {found.gap:+.1f} points"
        console.print(f"{found.reached.name}: {promised}, {reached}")


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


def with_sums(figures: Figures) -> list[Share]:
    """What was right in each file, then in several together."""
    sums = (figures.developed, figures.unseen, figures.total)
    return [*figures.files, *(each for each in sums if each is not None)]


def share_table(title: str, shares: Iterable[Share]) -> Table:
    """Counts and per cents, with their 95 % confidence intervals."""
    table = Table(title=title, title_justify="left")
    table.add_column("")
    for heading in ("count", "of", "%", "95 % interval"):
        table.add_column(heading, justify="right")
    for share in shares:
        low, high = share.interval
        interval = f"{low:.1f} to {high:.1f}" if share.of else ""
        table.add_row(share.name, str(share.count), str(share.of), f"{share.percent:.1f}", interval)
    return table


def curve_table(found: Calibration) -> Table:
    """The reliability curve of some lines, in bins."""
    table = Table(title=f"Reliability curve: {found.name}", title_justify="left")
    table.add_column("confidence")
    for heading in ("lines", "mean confidence", "right", "95 % interval"):
        table.add_column(heading, justify="right")
    for each in found.bins:
        low, high = each.right.interval
        table.add_row(
            each.right.name,
            str(each.right.of),
            f"{100 * each.confidence:.1f} %",
            f"{each.right.percent:.1f} %",
            f"{low:.1f} to {high:.1f}",
        )
    return table


def print_confusion(
    console: Console, title: str, confusion: Iterable[tuple[tuple[str, str], int]]
) -> None:
    """Only the pairs that went wrong, most frequent first."""
    pairs = sorted((-times, names) for names, times in confusion if names[0] != names[1])
    if not pairs:
        return
    table = Table("expected", "got", "times", title=title, title_justify="left")
    for times, (expected, given) in pairs[:MOST_PAIRS]:
        table.add_row(expected, given, str(-times))
    console.print(table)


def _calibration_table(found: Sequence[Calibration]) -> Table:
    table = Table(title="Expected calibration error (10 bins of equal width)", title_justify="left")
    table.add_column("")
    for heading in ("lines", "error"):
        table.add_column(heading, justify="right")
    for each in found:
        table.add_row(each.name, str(each.lines), f"{each.error:.3f}")
    return table


def _print_mistakes(console: Console, found: Group) -> None:
    title = f"{found.kind.value}: {len(found.outcomes)}"
    hidden = len(found.outcomes) - len(found.shown)
    if found.shown:
        table = Table(title=title, title_justify="left")
        for heading in ("expected", "got", "where", "text", "sure", "why"):
            table.add_column(heading, overflow="fold")
        for outcome in found.shown:
            sure = "" if outcome.confidence is None else f"{outcome.confidence:.2f}"
            text, why = escape(outcome.question.text), escape(outcome.verdict.wrong)
            table.add_row(*pair(outcome), outcome.question.place, text, sure, why)
        console.print(table)
    else:
        console.print(f"[italic]{title}[/]")
    if hidden:
        console.print(f"  {hidden} of blind files, which are not shown")


def _print_dialogues(console: Console, outcomes: Sequence[DialogueOutcome]) -> None:
    """Those that failed, and where."""
    for outcome in outcomes:
        failure = outcome.failure
        if failure is None:
            continue
        name = f"{outcome.dialogue.file} {outcome.dialogue.id}"
        console.print(f"{name}: [bold red]failed[/] at turn {failure.turn}")
        console.print(f"  visitor: {escape(failure.visitor)}")
        console.print(f"  reply:   {escape(failure.reply)}")
        for pattern in failure.broken:
            console.print(f"  {escape(pattern)}")


def _print_comparison(console: Console, found: FileComparison) -> None:
    lines = f"{found.right_before} right before, {found.right_now} now"
    others = f"{found.added} new lines, {found.gone} gone"
    console.print(f"{found.file} since {found.measured_at}: {lines}; {others}")
    for word, changes in (("[green]better[/]", found.better), ("[bold red]worse[/]", found.worse)):
        for change in changes:
            console.print(f"  {word}: {_told(change)}")


def _told(change: Change) -> str:
    text = f" {escape(change.text)}" if change.text else ""
    told = f"{change.before} -> {change.now}"
    return f"{change.place}{text} (expected {change.expected}): {escape(told)}"
