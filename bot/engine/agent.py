"""Rasa's agent with our processor and our tracker store in it."""

from __future__ import annotations

from pathlib import Path

from rasa.core.agent import Agent
from rasa.core.lock_store import InMemoryLockStore

from bot.conversations.log import ConversationLog
from bot.conversations.tracker_store import ConversationTrackerStore
from bot.engine.processor import TurnProcessor


def load_agent(model: Path, log: ConversationLog) -> Agent:
    """The agent for a trained model.

    Raises Rasa's `ModelNotFound` where the file is not a model.
    """
    store = ConversationTrackerStore(log)
    agent = Agent(tracker_store=store, lock_store=InMemoryLockStore())
    # `Agent` wraps every store in one that carries on in memory when storing fails: not with ours.
    agent.tracker_store = store
    agent.processor = TurnProcessor(
        model_path=model,
        tracker_store=store,
        lock_store=agent.lock_store,
        generator=agent.nlg,
    )
    agent.domain = agent.processor.domain
    store.domain = agent.domain
    return agent
