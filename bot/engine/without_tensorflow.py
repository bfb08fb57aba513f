"""Lets Rasa be imported without TensorFlow, which it imports for components that we do not use.

Rasa's recipe imports every component that it ships, and TensorFlow with them: 6 of 11 seconds until
the server is ready, and a third of its memory. While none of these components stands in
`config.yml`, their modules are given an empty stand-in for it: good enough to define classes on,
never to compute with.
"""

from __future__ import annotations

import abc
import sys
from collections.abc import Iterable, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

PACKAGES = frozenset(
    {"tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras"}
)
NEEDING_IT = ("DIETClassifier", "ResponseSelector", "TEDPolicy", "UnexpecTEDIntentPolicy")
"""Rasa's components that build TensorFlow models, by the names that `config.yml` uses."""


class _AbsentMeta(abc.ABCMeta):
    """A class whose every attribute is another such class."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _AbsentMeta(name, (Absent,), {})


class Absent(metaclass=_AbsentMeta):
    """Stands for anything of TensorFlow: a base class, a type in an annotation, a decorator."""

    def __init__(self, *args: Any, **kwargs: Any):
        """Takes whatever a decorator is given."""

    def __call__(self, decorated: Any) -> Any:
        return decorated

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise RuntimeError(
            "TensorFlow was left out: `config.yml` names no component that needs it."
        )


class _AbsentModule(ModuleType):
    __path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(Absent, name)


class _Finder:
    """Finds the stand-ins before Python looks for the real packages."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(name, self) if name.partition(".")[0] in PACKAGES else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _AbsentModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""


def leave_out(config: Path) -> bool:
    """Put the stand-ins in place, unless a component needs the real thing or it is loaded already.

    Call it before Rasa is imported. Returns whether TensorFlow is left out.
    """
    if "tensorflow" in sys.modules or _needed(config.read_text(encoding="utf-8").splitlines()):
        return isinstance(sys.modules.get("tensorflow"), _AbsentModule)
    sys.meta_path.insert(0, _Finder())
    return True


def _needed(lines: Iterable[str]) -> bool:
    code = (line.partition("#")[0] for line in lines)
    return any(name in line for line in code for name in NEEDING_IT)
