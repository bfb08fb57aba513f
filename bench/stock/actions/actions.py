"""The stock action server: a custom action a subject that looks its answer up in a small dictionary
and utters it.

A project of today would write one class an action by hand; here they are made from the answers that
the benchmark wrote (`STOCK_ANSWERS`), which have the texts and buttons that our own replies have.
Started by `rasa run actions`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher


class AnswerAction(Action):
    """Utters the answer of one subject."""

    subject = "fallback"
    answer: ClassVar[dict[str, Any]] = {"text": "", "buttons": []}

    def name(self) -> str:
        return f"action_{self.subject}"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        dispatcher.utter_message(
            text=self.answer["text"],
            buttons=self.answer["buttons"],
            json_message={"subject": self.subject},
        )
        return []


def make_actions(path: Path) -> list[type[Action]]:
    """One action class for each subject of the answers file."""
    answers = json.loads(path.read_text(encoding="utf-8"))
    return [
        type(f"Answer_{subject}", (AnswerAction,), {"subject": subject, "answer": answer})
        for subject, answer in answers.items()
    ]


# The SDK registers the `Action` subclasses that exist once it has imported this module, so they are
# made here.
ACTIONS = make_actions(Path(os.environ["STOCK_ANSWERS"]))
