"""Runs the steps, keeps what they find, writes the page."""

from __future__ import annotations

import importlib.util
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench import report
from bench.fleet import Fleet
from bench.keeping import Keeper, fingerprint
from bench.machine import this_machine
from bench.processes import ended_by_signals
from bench.project import sampled_project
from bench.sides import Ours, Stock
from bench.steps import STEPS, Plan, Size
from bot.errors import SetupError
from bot.evaluation.reading import CLINIC, Question, read_questions, shipped_files
from bot.paths import EVAL_DIR, ROOT

BUILD_DIR = ROOT / "build" / "bench"
PAGE = ROOT / "docs" / "benchmarks.md"

TIMED_FILES = frozenset({"typical", "noisy"})
"""What visitors mostly write: times are taken with these, not with emergencies."""

SEED = 2
"""Mixes the messages, which the files hold by subject; the same mix for both sides, always."""

QUICK = Size(
    ready_rounds=1,
    visits=4,
    warm_up_turns=6,
    slice_seconds=1.0,
    slices=1,
    long_conversations=1,
)


@dataclass(frozen=True)
class Options:
    """`steps`: only these, whatever was taken before (empty: all, going on with a run that did not
    end).

    `examples`: train both on about so many (0: all; stock takes hours).

    `quick` measures too little to mean anything, in a folder of its own, and leaves the page alone.
    """

    steps: Sequence[str] = ()
    stock_model: Path | None = None
    fresh: bool = False
    quick: bool = False
    examples: int = 0


def run(options: Options, console: Console) -> list[str]:
    """Run the benchmark and write its page. Returns the targets that were missed.

    Raises `SetupError` when something is missing or a side does not work.
    """
    check(options)
    folder = BUILD_DIR / "quick" if options.quick else BUILD_DIR
    keeper = Keeper(folder, f"{fingerprint()}-{options.examples}")
    names = _steps_to_take(options, keeper, console)
    questions, texts = read_messages()
    logs = folder / "logs"
    root = sampled_project(folder, options.examples) if options.examples else ROOT
    sides = (
        Ours(folder / "ours", logs, root),
        Stock(folder / "stock", logs, options.stock_model, root),
    )
    with ended_by_signals(), Fleet(sides) as fleet, _bars(console) as bars:
        for number, name in enumerate(names, start=1):
            task = bars.add_task(f"{number}/{len(names)} {name}", total=None)

            def progress(done: int, of: int, task: int = task) -> None:
                bars.update(task, completed=done, total=of)  # type: ignore[arg-type]

            size = QUICK if options.quick else Size()
            keeper.keep(name, STEPS[name](Plan(fleet, questions, texts, size, progress)))
    if not options.steps:
        keeper.end()
    results = {name: keeper.result(name) for name in STEPS}
    text = report.page(results, this_machine(), datetime.now(timezone.utc).date().isoformat())
    page = folder / "benchmarks.md" if options.quick else PAGE
    page.write_text(text, encoding="utf-8")
    console.print(text, markup=False, highlight=False, soft_wrap=True)
    console.print(f"Written to {page}.")
    return report.missed(results)


def check(options: Options) -> None:
    """Raises `SetupError` for what would otherwise end a long run in the middle."""
    unknown = [name for name in options.steps if name not in STEPS]
    if unknown:
        raise SetupError(f"There is no step {unknown[0]!r}; there are {', '.join(STEPS)}.")
    if importlib.util.find_spec("psutil") is None:
        raise SetupError("The benchmark needs psutil: run `uv sync` (a development dependency).")


def read_messages() -> tuple[list[Question], list[str]]:
    """The questions to be right on, and the mixed texts to take times with."""
    files = [path for path in shipped_files(EVAL_DIR) if path.suffix == ".jsonl"]
    questions = [q for path in files for q in read_questions(path) if q.clinic == CLINIC]
    texts = [q.text for q in questions if q.file in TIMED_FILES]
    random.Random(SEED).shuffle(texts)
    return questions, texts


def _steps_to_take(options: Options, keeper: Keeper, console: Console) -> list[str]:
    if options.steps:
        return [name for name in STEPS if name in options.steps]
    if not keeper.begin(options.fresh):
        return list(STEPS)
    kept = [name for name in STEPS if keeper.result(name) is not None]
    console.print(f"Going on with the run that did not end; kept: {', '.join(kept) or 'nothing'}.")
    return [name for name in STEPS if name not in kept]


def _bars(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )
