"""Thresholds that an evaluation must reach (`gates.yml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.content.yaml_lines import read_yaml
from bot.errors import SetupError
from bot.evaluation.figures import Figures

GATES_FILE = Path(__file__).with_name("gates.yml")


@dataclass(frozen=True)
class Gates:
    """`right`: per cent at least, by file; `dialogues`: passed at least; `fbss_answers`: per cent
    at most, by file.
    """

    right: Mapping[str, float]
    dialogues: int
    fbss_answers: Mapping[str, float]


@dataclass(frozen=True)
class GateResult:
    """One threshold, what was reached, and whether that is enough."""

    name: str
    wanted: str
    reached: str
    passed: bool


def load_gates(path: Path = GATES_FILE) -> Gates:
    """Read the thresholds. Raises `SetupError` for a file that does not fit."""
    data = read_yaml(path, path.name).data
    try:
        return Gates(
            right={file: float(value) for file, value in data["right"].items()},
            dialogues=int(data["dialogues"]),
            fbss_answers={file: float(value) for file, value in data["fbss_answers"].items()},
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise SetupError(f"{path} does not have the form that is expected: {error}.") from error


def check_gates(figures: Figures, gates: Gates) -> list[GateResult]:
    """Every threshold whose file was measured.

    Raises `SetupError` when there is none: a gate that looks at nothing must not pass.
    """
    results = [
        GateResult(
            f"{share.name} right", f">= {wanted:g} %", f"{share.percent:.1f} %",
            share.percent >= wanted,
        )
        for share in figures.files
        if (wanted := gates.right.get(share.name)) is not None
    ]  # fmt: skip
    results += [
        GateResult(
            f"{share.name}: FBSS answers", f"<= {most:g} %", f"{share.percent:.1f} %",
            share.percent <= most,
        )
        for share in figures.fbss_answers
        if (most := gates.fbss_answers.get(share.name)) is not None
    ]  # fmt: skip
    passed = figures.dialogues_passed
    if passed is not None:
        enough = passed.count >= gates.dialogues
        results.append(GateResult("dialogues", f">= {gates.dialogues}", f"{passed.count}", enough))
    if not results:
        raise SetupError("None of the files that were measured has a threshold in gates.yml.")
    return results
