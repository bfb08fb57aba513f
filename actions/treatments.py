"""Lists the treatment options."""

from rasa_sdk import Tracker

from actions import pointing
from actions.base import SubjectAction
from bot.content.model import Snapshot


class Treatments(SubjectAction):
    """Lists the treatment options; beside an excluded one, those of the list in which it was."""

    subject = "treatments"

    def topic(self, tracker: Tracker, snapshot: Snapshot) -> tuple[str, str | None]:
        shut_out = list(pointing.excluded(tracker, "treatment_detail"))
        return pointing.beside(tracker, snapshot, shut_out[0]) if shut_out else (self.subject, None)
