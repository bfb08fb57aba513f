"""Loads a model so that it answers at once, and frees one that is no longer used."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from threadpoolctl import threadpool_limits

from bot import memory
from bot.conversations.log import ConversationLog
from bot.engine import rasa_environment

if TYPE_CHECKING:
    from bot.engine.processor import TurnProcessor

FIRST_WORDS = "hello"


class Loaded(NamedTuple):
    """A model in its processor, and what it says where a turn fails."""

    processor: TurnProcessor
    safe_text: str


def load(model: Path, log: ConversationLog) -> Loaded:
    """A model, ready for its first message. Raises what Rasa does where it is none."""
    rasa_environment.prepare()
    from bot.engine.agent import load_agent  # importing Rasa takes seconds

    agent = load_agent(model, log)
    rasa_environment.silence()
    # The first message would wait for the embedding model and the word lists: let nobody wait.
    agent.processor.understand(FIRST_WORDS)
    # A message's few numbers are no work for two threads, which would wait for each other.
    threadpool_limits(1, user_api="blas")
    safe_text = agent.domain.responses["utter_safe_reply"][0]["text"]
    return Loaded(agent.processor, safe_text)


def try_out(processor: TurnProcessor, clinics: Iterable[str]) -> None:
    """Have a model answer a first message at each clinic; nothing is stored.

    Raises whatever a turn may raise, and `ValueError` where it says nothing.
    """
    from rasa.shared.core.events import BotUttered

    for clinic in clinics:
        events = asyncio.run(processor.rehearse(FIRST_WORDS, clinic))
        if not any(isinstance(event, BotUttered) for event in events):
            raise ValueError("The model says nothing.")


def free() -> None:
    """Collect what is no longer used, and set aside what stays.

    The garbage collector need not walk a million objects during a turn; what was set aside before
    must come back first, or a model that is no longer used would stay forever.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    memory.give_back()
