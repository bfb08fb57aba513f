"""Writes `docs/benchmarks.md` from the results of the steps. Pure: results in, text out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bench.figures import PLACES, ratios
from bench.machine import Machine
from bench.steps import STEPS, VISIT_TURNS, VISITORS

Results = dict[str, dict[str, Any] | None]

UNKNOWN = "not measured"

HEAD = """# Benchmarks

Careline beside a stock Rasa set-up (the pipeline and policies of `rasa init`, `rasa run` with
`rasa run actions`, SQLite tracker store), trained on the same data, measured by the same client on
one machine in one run, one turn of each after the other. `make bench` writes this page;
`docs/evaluation.md` says what each figure means.
"""


def page(results: Results, machine: Machine, date: str) -> str:
    """The whole page. `date` is the day of the run, in ISO form."""
    parts = [HEAD, _machine(machine, date), "## Targets\n", _targets(results)]
    parts += ["## Figures\n", _table(("what", "ours", "stock"), _rows(results))]
    parts += ["## When\n", _when(results)]
    return "\n".join(parts)


def missed(results: Results) -> list[str]:
    """The targets that were measured and not reached."""
    return [
        f"{r.name}: {r.shown}, wanted {r.wanted}" for r in ratios(results) if r.reached is False
    ]


def _machine(machine: Machine, date: str) -> str:
    return (
        f"Measured on {date}: {machine.cpu}, {machine.cores} cores, "
        f"{machine.memory_gb:.1f} GB memory, {machine.system}, "
        f"Python {machine.python}, Rasa {machine.rasa}.\n"
    )


def _targets(results: Results) -> str:
    words = {True: "reached", False: "**missed**", None: UNKNOWN}
    rows = [(r.name, r.shown, f"at most {r.wanted}", words[r.reached]) for r in ratios(results)]
    return _table(("ours : stock", "measured", "target", ""), rows)


def _rows(results: Results) -> list[Sequence[str]]:
    rows = [
        _row(results, "seconds to train", "train", ("seconds",), ".0f"),
        _row(results, "seconds to ready", "ready", ("seconds",), ".1f"),
        _row(results, "memory, MB", "memory", ("mb",), ".0f"),
    ]
    rows += [
        _row(results, f"milliseconds a turn, {name}", "turns", (name,), ".1f")
        for name in ("median", "p95", "p99")
    ]
    rows += [
        _row(
            results,
            f"turns a second, {n} visitor{'s' * (n > 1)}",
            "visitors",
            (str(n),),
            ".1f",
        )
        for n in VISITORS
    ]
    rows += [
        _row(
            results,
            f"milliseconds of turn {n} of a conversation",
            "long",
            (str(n),),
            ".1f",
        )
        for n in PLACES
    ]
    rows += [
        _row(results, f"turns without an answer ({step})", step, ("failed",), "d")
        for step in ("turns", "long")
    ]
    return rows + _accuracy_rows(results.get("accuracy"))


def _row(
    results: Results, title: str, step: str, path: Sequence[str], form: str
) -> tuple[str, str, str]:
    cells = []
    for side in ("ours", "stock"):
        value: Any = (results.get(step) or {}).get(side)
        for key in path:
            value = None if value is None else value.get(key)
        cells.append(UNKNOWN if value is None else format(value, form))
    return title, cells[0], cells[1]


def _accuracy_rows(result: dict[str, Any] | None) -> list[Sequence[str]]:
    if result is None:
        return [("right subject", UNKNOWN, UNKNOWN)]
    return [
        (
            f"right subject, {file}",
            _share(result["ours"][file]),
            _share(result["stock"][file]),
        )
        for file in sorted(result["ours"])
    ]


def _share(found: dict[str, int]) -> str:
    return f"{100 * found['right'] / found['of']:.1f} % of {found['of']}"


def _when(results: Results) -> str:
    rows = [(name, (results.get(name) or {}).get("at", UNKNOWN)) for name in STEPS]
    stock = ((results.get("train") or {}).get("stock") or {}).get("trained_at")
    if stock:
        rows.append(("stock model trained", stock))
    note = f"A visit in the figures of a turn is {VISIT_TURNS} turns long.\n"
    return _table(("step", "taken at (UTC)"), rows) + "\n" + note


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
