"""Goes back: "what we talked about before", "back to the first thing"."""

from rasa_sdk import Tracker

from actions import memory
from actions.base import ActAction
from actions.memory import Topic
from bot.content.model import Snapshot


class Back(ActAction):
    """Answers what is named, else what was talked about before; with nothing before, the same."""

    subject = "back"

    def unnamed(self, tracker: Tracker, snapshot: Snapshot) -> Topic | None:
        return memory.before(tracker) or memory.current(tracker)
