"""What tries a new answer out: with the messages of the model that ships, read once."""

from __future__ import annotations

import tarfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import yaml
from starlette.requests import Request

from bot import paths
from bot.console.answers_store import vectors_of
from bot.console.parts import parts_of
from bot.content.trial import Finder, OwnMessages, Weights
from bot.corrections.shipped import training_messages
from bot.engine.training import model_path
from bot.nlu import own_messages
from bot.nlu.encoder import sentence_encoder

COMPONENT = "bot.nlu.written_answers.WrittenAnswers"
"""The part of `config.yml` that decides whether a written answer is meant."""


def finder_of(request: Request) -> Finder:
    """Tries answers out. The first call takes a second or two."""
    weights, own = _trained(model_path(parts_of(request).settings))
    return Finder(weights, own, vectors_of(request))


@lru_cache(maxsize=1)
def _trained(model: Path) -> tuple[Weights, OwnMessages]:
    config = yaml.safe_load(paths.CONFIG_FILE.read_text(encoding="utf-8"))
    weights = next(part for part in config["pipeline"] if part["name"] == COMPONENT)
    messages = training_messages(paths.NLU_DIR)
    texts = list(messages)
    subjects = [messages[text].subject for text in texts]
    return Weights.of(weights), OwnMessages(texts, subjects, _vectors(texts, model))


def _vectors(texts: Sequence[str], model: Path) -> np.ndarray:
    """From the model's archive; where it has not all of them, the others are computed."""
    try:
        own = own_messages.of_archive(model)
    except (OSError, KeyError, tarfile.TarError):  # none was trained here
        return sentence_encoder().encode(texts)
    rows = own.rows(texts)
    new = iter(sentence_encoder().encode([t for t, row in zip(texts, rows) if row is None]))
    return np.array([next(new) if row is None else own.vectors[row] for row in rows])
