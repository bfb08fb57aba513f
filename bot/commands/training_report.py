"""How `careline training` shows a run that is under way, and a comparison."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from bot.candidates import gates
from bot.candidates.model import ChangedLine, Comparison, Refusal, Run, Step
from bot.candidates.runs import Runs

LOOK_SECONDS = 0.3

REFUSALS: Mapping[str, str] = {
    Refusal.ARCHIVE_GONE: "The archive of this model was deleted; train anew.",
    Refusal.OTHER_DATA: "This model was trained on other shipped data or another pipeline;"
    " train anew.",
    Refusal.IN_FORCE: "This model is in force already.",
    Refusal.NOT_COMPARED: "This model was not compared with the one in force; compare it first.",
    Refusal.CORRECTIONS_CHANGED: "Since this model was compared, corrections were added, changed or"
    " taken away; compare it again.",
    Refusal.FILES_CHANGED: "Since this model was compared, the safety rules, the test questions,"
    " the shipped content or Careline itself were changed; compare it again.",
    Refusal.DOES_NOT_PASS: "This model does not pass; `careline training compare` shows the lines"
    " that are worse. Change the corrections and train anew.",
}
"""Why a model cannot be promoted, and what to do."""


def show_until_ended(runs: Runs, run: Run, process: subprocess.Popen[bytes]) -> None:
    """Show the steps of a run, with their times, until its process has ended."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as bars:
        shown: dict[str, TaskID] = {}
        while True:
            ended = process.poll() is not None
            for step in runs.get(run.id).steps:
                if step.name not in shown:
                    shown[step.name] = bars.add_task(step.name, total=None)
                _update(bars, shown[step.name], step)
            if ended:
                return
            time.sleep(LOOK_SECONDS)


def _update(bars: Progress, task: TaskID, step: Step) -> None:
    if step.ended_at is None:
        bars.update(task, total=step.total or None, completed=step.done)
    else:
        bars.update(task, total=step.total or 1, completed=step.total or 1)
        bars.stop_task(task)


def show_comparison(
    console: Console, found: Comparison, lines: Iterable[ChangedLine], all_lines: bool
) -> None:
    """The figures of each set, the changed lines (those that are worse, or all), the gates."""
    names = ("set", "messages", "right before", "after", "better", "worse", "urgent lost")
    table = Table(*names, box=None, pad_edge=False)
    for each in found.figures:
        counts = (each.lines, each.right_before, each.right_after, each.better, each.worse)
        table.add_row(each.name, *map(str, counts), str(each.urgent_lost))
    console.print(table)
    for each in found.figures:
        if each.left_out:
            console.print(f"{each.name}: {each.left_out} left out, of clinics that are not there")
    chosen = [line for line in lines if all_lines or line.right_before > line.right_after]
    for line in chosen:
        console.print(escape(_line(line)))
    console.print()
    for gate in gates.decide(found.figures):
        measured = "not measured" if gate.measured is None else f"{gate.measured:g}"
        console.print(f"{'passed' if gate.passed else 'FAILED'}  {gate.name}: {measured}")


def _line(line: ChangedLine) -> str:
    kind = {(True, False): "worse", (False, True): "better"}.get(
        (line.right_before, line.right_after), "other"
    )
    said = f"{line.text!r} " if line.text else ""
    return (
        f"{kind}  {line.set_name} {line.place}  {said}should be {line.expected}:"
        f" {line.before} -> {line.after}"
    )
