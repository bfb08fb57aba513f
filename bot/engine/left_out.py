"""Lets Rasa be imported without what we do not use of it.

Rasa imports every component, channel and store that it ships, with TensorFlow, scikit-learn,
matplotlib and the libraries of a dozen messengers: 6 of 11 seconds until the server is ready, and a
third of its memory. These modules are given an empty stand-in: good enough to define classes on,
never to compute with. Components are left out while none of them stands in `config.yml`.
"""

from __future__ import annotations

import abc
import sys
from collections.abc import Iterable, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

TENSORFLOW = frozenset(
    {"tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras", "h5py"}
)
"""TensorFlow and what only its models are kept with, although spaCy looks for it too."""

LEARNING = frozenset(
    {
        "rasa.core.policies.ted_policy",
        "rasa.core.policies.unexpected_intent_policy",
        "rasa.nlu.classifiers.diet_classifier",
        "rasa.nlu.classifiers.logistic_regression_classifier",
        "rasa.nlu.classifiers.sklearn_intent_classifier",
        "rasa.nlu.extractors.crf_entity_extractor",
        "rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer",
        "rasa.nlu.selectors.response_selector",
        "rasa.utils.tensorflow.data_generator",
        "rasa.utils.tensorflow.model_data",
        "rasa.utils.tensorflow.models",
    }
)
"""Rasa's components that learn otherwise than ours, and what only they use."""

NEEDING_IT = (
    "CountVectorsFeaturizer", "CRFEntityExtractor", "DIETClassifier",
    "LogisticRegressionClassifier", "ResponseSelector", "SklearnIntentClassifier", "TEDPolicy",
    "UnexpecTEDIntentPolicy",
)  # fmt: skip
"""The components among them, by the names that `config.yml` uses."""

ELSEWHERE = frozenset(
    {
        "aiormq", "boto3", "pymongo",  # other brokers and tracker stores
        "jwt", "sanic",  # its web server
        "rasa.utils.plotting",
        *(
            f"rasa.core.channels.{name}"
            for name in (
                "botframework", "callback", "console", "facebook", "hangouts", "mattermost",
                "rasa_chat", "rocketchat", "slack", "socketio", "telegram", "twilio",
                "twilio_voice", "webexteams",
            )
        ),
    }
)  # fmt: skip
"""What a server of Rasa's own would offer; ours has its own doors and its own store."""


class _AbsentMeta(abc.ABCMeta):
    """A class whose every attribute is another such class."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _AbsentMeta(name, (Absent,), {})


class Absent(metaclass=_AbsentMeta):
    """Stands for anything of such a module: a base class, a type in an annotation, a decorator."""

    def __init__(self, *args: Any, **kwargs: Any):
        """Takes whatever a decorator is given."""

    def __call__(self, decorated: Any) -> Any:
        return decorated

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise RuntimeError(
            "This part of Rasa was left out (bot/engine/left_out.py): nothing of ours needs it."
        )


class _AbsentModule(ModuleType):
    __path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(Absent, name)


class _Finder:
    """Finds the stand-ins before Python looks for the real modules."""

    def __init__(self, absent: frozenset[str]):
        """`absent`: packages and modules, each with all that is in it."""
        self.absent = absent

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        parts = name.split(".")
        prefixes = {".".join(parts[:size]) for size in range(1, len(parts) + 1)}
        return ModuleSpec(name, self) if prefixes & self.absent else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _AbsentModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""


def leave_out(config: Path) -> bool:
    """Put the stand-ins in place; those of components only where the pipeline needs none of them.

    Call it before Rasa is imported: what is loaded already stays. Returns whether the components
    are left out.
    """
    for finder in sys.meta_path:
        if isinstance(finder, _Finder):
            return finder.absent > ELSEWHERE
    needed = "tensorflow" in sys.modules or _needed(config.read_text("utf-8").splitlines())
    absent = ELSEWHERE if needed else ELSEWHERE | LEARNING | TENSORFLOW
    sys.meta_path.insert(0, _Finder(absent))
    return not needed


def _needed(lines: Iterable[str]) -> bool:
    code = (line.partition("#")[0] for line in lines)
    return any(name in line for line in code for name in NEEDING_IT)
