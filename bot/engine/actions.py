"""Runs the custom actions of `actions/` inside this process.

Rasa's own way sends the whole conversation and domain to a second server on every turn and checks a
JSON schema each time, which took more than half of a turn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rasa.core.actions.action import Action
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

ACTIONS_PACKAGE = "actions"
RunAction = Callable[[CollectingDispatcher, Tracker, dict[str, Any]], list[dict[str, Any]]]


class LocalAction(Action):
    """One custom action, in the form that Rasa's processor runs."""

    def __init__(self, name: str, run: RunAction):
        self._name = name
        self._run = run

    def name(self) -> str:
        return self._name

    async def run(
        self,
        output_channel: Any,
        nlg: Any,
        tracker: DialogueStateTracker,
        domain: Domain,
        metadata: dict[str, Any] | None = None,
    ) -> list[Event]:
        """What the action said, then the events that it returned.

        An error of the action is raised, never swallowed.
        """
        dispatcher = CollectingDispatcher()
        events = self._run(dispatcher, sdk_tracker(tracker), {})
        said = [
            BotUttered(m["text"], {"buttons": m["buttons"], "custom": m["custom"]})
            for m in dispatcher.messages
        ]
        return [*said, *map(_event, events)]


def _event(parameters: dict[str, Any]) -> Event:
    """What an action returned, as Rasa's event.

    Rasa's own way searches all classes of events for each; ours set slots, ten of them a turn.
    """
    if parameters["event"] == SlotSet.type_name:
        return SlotSet._from_parameters(parameters)
    event = Event.from_parameters(parameters)
    if event is None:
        raise ValueError("An action returned an event that Rasa does not know.")
    return event


def find_actions() -> dict[str, LocalAction]:
    """Every action of the package, by name: found as Rasa's action server finds them."""
    executor = ActionExecutor()
    executor.register_package(ACTIONS_PACKAGE)
    return {
        name: LocalAction(name, run)
        for name, run in executor.actions.items()
        if _package(run) == ACTIONS_PACKAGE  # the executor takes subclasses from anywhere
    }


def _package(run: Any) -> str:
    return str(type(run.__self__).__module__).partition(".")[0]


def sdk_tracker(tracker: DialogueStateTracker) -> Tracker:
    """The tracker as actions see it: slots and the latest message, without a history."""
    latest = tracker.latest_message
    return Tracker(
        sender_id=tracker.sender_id,
        slots=tracker.current_slot_values(),
        latest_message=dict(latest.parse_data) if latest else {},
        events=[],
        paused=False,
        followup_action=None,
        active_loop={},
        latest_action_name=tracker.latest_action_name,
    )
