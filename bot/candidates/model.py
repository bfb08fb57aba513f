"""Models, runs that make or compare them, promotions. Frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any


@dataclass(frozen=True)
class Model:
    """A trained model.

    `sha256` is the archive's, `size` its bytes. `based_on` is the fingerprint of the shipped data
    and pipeline, `data_hash` the hash of what was learnt beside them, `corrections` how many
    messages that were. `kept` says whether the archive is still there.
    """

    id: str
    sha256: str
    size: int
    based_on: str
    shipped: bool
    data_hash: str
    corrections: int
    by: str
    at: datetime
    kept: bool


class RunState(str, Enum):
    """How a run stands. `crashed`: its process gave no sign of life any more."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"
    CRASHED = "crashed"


class Kind(str, Enum):
    """What a run does."""

    TRAIN = "train"
    COMPARE = "compare"


@dataclass(frozen=True)
class Step:
    """A step of a run. `done` of `total` where it can be counted, else 0 of 0."""

    name: str
    started_at: datetime
    ended_at: datetime | None = None
    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class Run:
    """A run and how far it is. `failure` is a sentence for a person, or a `Refusal`."""

    id: str
    kind: Kind
    state: RunState
    by: str
    started_at: datetime
    alive_at: datetime
    ended_at: datetime | None
    steps: tuple[Step, ...]
    model_id: str | None
    failure: str | None
    stop_wanted_by: str | None


@dataclass(frozen=True)
class SetFigures:
    """One set of messages, asked of two models. `urgent_lost` counts emergencies and crises that
    the one before finds and the one after does not. `left_out` counts corrections of clinics that
    are not there; they are not among the `lines`.
    """

    name: str
    lines: int
    right_before: int
    right_after: int
    better: int
    worse: int
    urgent: int
    urgent_before: int
    urgent_after: int
    urgent_lost: int
    left_out: int = 0

    @property
    def points(self) -> float:
        """Percentage points won; negative where they are lost, 0 for an empty set."""
        return 100 * (self.right_after - self.right_before) / self.lines if self.lines else 0.0


@dataclass(frozen=True)
class Said:
    """What a reply was about, or should be; without a subject there was none.

    Of a whole dialogue, `turn` is the first that went wrong, 0 where none did.
    """

    subject: str | None = None
    detail: str | None = None
    turn: int | None = None

    def __str__(self) -> str:
        if self.turn is not None:
            return f"turn {self.turn}"
        return "/".join(part for part in (self.subject, self.detail) if part) or "(none)"


@dataclass(frozen=True)
class ChangedLine:
    """A message whose reply changed. One that is wrong with the right subject and detail lacks
    something that has to be said.

    `text` is empty where nobody may look at it, or where it went with its correction.
    """

    set_name: str
    place: str
    text: str
    expected: Said
    before: Said
    after: Said
    right_before: bool
    right_after: bool
    urgent: bool
    correction_id: str | None = None


@dataclass(frozen=True)
class Basis:
    """What a comparison rests on, as hashes: of the corrections that were asked, and of the files
    that say what else is asked and how a reply is decided (`bot/candidates/basis.py`).
    """

    corrections: str
    files: str


@dataclass(frozen=True)
class Comparison:
    """Two archives, by their hashes, and how they answer the same messages."""

    id: str
    before_sha256: str
    after_sha256: str
    basis: Basis
    by: str
    at: datetime
    figures: tuple[SetFigures, ...]


class Refusal(str, Enum):
    """Why a model cannot be put in force now."""

    ARCHIVE_GONE = "archive_gone"
    OTHER_DATA = "other_data"
    """It was trained on other shipped data or another pipeline."""

    IN_FORCE = "in_force"
    NOT_COMPARED = "not_compared"
    """Not with the model that is in force now."""

    CORRECTIONS_CHANGED = "corrections_changed"
    FILES_CHANGED = "files_changed"
    """Since the comparison: safety rules, test questions, shipped content, or the program."""

    DOES_NOT_PASS = "does_not_pass"


@dataclass(frozen=True)
class Judgement:
    """Whether a model can be put in force now (`refusal` is None), and its comparison with the one
    that is in force, where there was one.
    """

    comparison: Comparison | None
    refusal: Refusal | None


@dataclass(frozen=True)
class Promotion:
    """A model that was put in force. The highest `number` is."""

    number: int
    model: Model
    rolled_back: int | None
    by: str
    at: datetime
    figures: tuple[SetFigures, ...]


@dataclass(frozen=True)
class TakeOver:
    """What became of a promotion in one running server: `loaded`, `failed` or `outdated`."""

    replica: str
    number: int
    state: str
    reason: str | None
    at: datetime


def figures_from_json(value: list[Mapping[str, Any]]) -> tuple[SetFigures, ...]:
    """The reverse of `dataclasses.asdict` of each."""
    return tuple(SetFigures(**each) for each in value)
