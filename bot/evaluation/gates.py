"""Thresholds that an evaluation must reach (`gates.yml`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.content.yaml_lines import read_yaml
from bot.errors import SetupError
from bot.evaluation.figures import DEVELOPMENT_SET_NAME, Figures
from bot.evaluation.shares import Share

GATES_FILE = Path(__file__).with_name("gates.yml")


@dataclass(frozen=True)
class Gates:
    """`right`, `safety_no_emergency`: per cent at least; `dialogues`: passed at least, by file;
    `emergencies_found`: per cent at least, by file; `fbss_or_alarm`, `false_alarms`: per cent at
    most, by file; `calibration_error`: from 0 to 1, at most.
    """

    right: Mapping[str, float]
    safety_no_emergency: float
    emergencies_found: Mapping[str, float]
    false_alarms: Mapping[str, float]
    dialogues: Mapping[str, int]
    fbss_or_alarm: Mapping[str, float]
    calibration_error: float


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
            right=_numbers(data["right"]),
            safety_no_emergency=float(data["safety_no_emergency"]),
            emergencies_found=_numbers(data["emergencies_found"]),
            false_alarms=_numbers(data["false_alarms"]),
            dialogues={file: int(value) for file, value in data["dialogues"].items()},
            fbss_or_alarm=_numbers(data["fbss_or_alarm"]),
            calibration_error=float(data["calibration_error"]),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise SetupError(f"{path} does not have the form that is expected: {error}.") from error


def _numbers(data: Mapping[str, str]) -> dict[str, float]:
    return {file: float(value) for file, value in data.items()}


def check_gates(figures: Figures, gates: Gates) -> list[GateResult]:
    """Every threshold whose file was measured; none at all where no file has one."""
    return [
        *_at_least(figures.files, gates.right, "right"),
        *_at_least(
            (figures.safety.calm,), {figures.safety.calm.name: gates.safety_no_emergency}, "right"
        ),
        *_at_least(figures.safety.found_by_file, gates.emergencies_found, "emergencies found"),
        *_at_most(figures.safety.false_alarms_by_file, gates.false_alarms, "false alarms"),
        *_at_most(figures.fbss_or_alarm, gates.fbss_or_alarm, "FBSS answer or alarm"),
        *_dialogues(figures, gates),
        *_calibration(figures, gates),
    ]


def _at_least(
    shares: Iterable[Share], wanted: Mapping[str, float], what: str
) -> Iterator[GateResult]:
    for share in shares:
        least = wanted.get(share.name)
        if least is not None and share.of:
            reached = f"{share.percent:.1f} %"
            passed = share.percent >= least
            yield GateResult(f"{share.name}: {what}", f">= {least:g} %", reached, passed)


def _at_most(
    shares: Iterable[Share], wanted: Mapping[str, float], what: str
) -> Iterator[GateResult]:
    for share in shares:
        most = wanted.get(share.name)
        if most is not None and share.of:
            reached = f"{share.percent:.1f} %"
            passed = share.percent <= most
            yield GateResult(f"{share.name}: {what}", f"<= {most:g} %", reached, passed)


def _dialogues(figures: Figures, gates: Gates) -> Iterator[GateResult]:
    for share in figures.dialogues_passed:
        least = gates.dialogues.get(share.name)
        if least is not None:
            reached = f"{share.count} of {share.of}"
            yield GateResult(f"{share.name}: passed", f">= {least}", reached, share.count >= least)


def _calibration(figures: Figures, gates: Gates) -> Iterator[GateResult]:
    for found in figures.calibration:
        if found.name == DEVELOPMENT_SET_NAME and found.lines:
            error, most = found.error, gates.calibration_error
            name = f"{found.name}: calibration error"
            yield GateResult(name, f"<= {most:g}", f"{error:.3f}", error <= most)
