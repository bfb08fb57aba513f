"""What the safety layer knows and finds: plain, frozen, free of any framework."""

from __future__ import annotations

from dataclasses import dataclass, field

CRISIS, EMERGENCY = "crisis", "emergency"
"""The two subjects. `crisis` is also the detail of concepts about self-harm; all other details are
medical emergencies.
"""

OVERDOSE = "overdose"

DETAILS = (
    *("cauda_equina", "severe_neuro", "cardiac", "stroke", "breathing", OVERDOSE, "infection"),
    *("trauma", "bleeding", "other", CRISIS),
)


@dataclass(frozen=True)
class Concept:
    """A thing that may need help now, and how people say it.

    `wordings` are in the form of `data/safety/`; `alone` says that it needs help by itself,
    `beside` which others make it need help; `short` that it counts only in a message of a few
    words. `source` is the public clinical page that says so.
    """

    name: str
    title: str
    detail: str
    source: str
    alone: bool
    beside: frozenset[str]
    short: bool
    wordings: tuple[str, ...]


@dataclass(frozen=True)
class Context:
    """Phrases that change what a concept means; `data/safety/context.yml` says what each is for."""

    negators: tuple[str, ...] = ()
    not_negating: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()
    past: tuple[str, ...] = ()
    now: tuple[str, ...] = ()
    resolved: tuple[str, ...] = ()
    general: tuple[str, ...] = ()
    mine: tuple[str, ...] = ()
    idioms: tuple[str, ...] = ()
    even_so: tuple[str, ...] = ()


@dataclass(frozen=True)
class Knowledge:
    """All of `data/safety/`: word groups by name, concepts by name, the context."""

    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    concepts: dict[str, Concept] = field(default_factory=dict)
    context: Context = Context()


@dataclass(frozen=True)
class Sign:
    """A concept that was found in a text.

    `words` are the visitor's, as typed, from `start` to `end` of the visible text; `undone_by` says
    which context takes it back ("negated", "past", "general", "idiom", "resolved"), `None` where it
    stands.
    """

    concept: Concept
    words: str
    start: int
    end: int
    undone_by: str | None = None


@dataclass(frozen=True)
class RedFlag:
    """What the wordings of a text say.

    `subject` is that of the reply that helps, `emergency` or `crisis`, and `detail` the kind of
    emergency; both are `None` where nothing was found that needs help. `signs` are all that were
    found, those taken back included, so that a decision can be explained.
    """

    subject: str | None = None
    detail: str | None = None
    signs: tuple[Sign, ...] = ()

    @property
    def taken_back(self) -> bool:
        """Whether something was found, and none of it stands in its context."""
        return bool(self.signs) and all(sign.undone_by for sign in self.signs)
