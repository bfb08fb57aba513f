"""What must be set in the environment and in loggers before Rasa is imported.

Rasa calls out by default (telemetry), prints visitors' words in its debug log, keeps copies of
training data in a cache, and loads much that we do not use.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import MutableMapping
from typing import Any, NoReturn

import structlog

from bot import paths
from bot.engine import left_out

ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "RASA_MAX_CACHE_SIZE": "0",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "",
    "LOG_LEVEL": "ERROR",  # also switches off a progress bar for each of a dozen small steps
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}


def _drop(logger: Any, name: str, event: MutableMapping[str, Any]) -> NoReturn:
    raise structlog.DropEvent


def prepare() -> None:
    """Set all of it. Harmless when called again."""
    os.environ.update(ENVIRONMENT)
    left_out.leave_out(paths.CONFIG_FILE)
    warnings.filterwarnings("ignore", module=r"(rasa|tensorflow|sanic|pkg_resources|flatbuffers)")
    silence()


def silence() -> None:
    """Let nothing of Rasa's reach a log: its messages quote what visitors typed.

    We log our own, by class name.
    """
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL),
        processors=[_drop],
    )
    for name in ("rasa", "rasa_sdk", "tensorflow", "absl", "matplotlib"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
