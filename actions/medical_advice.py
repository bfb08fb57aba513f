"""Says that only a clinician can advise, how to reach one, and what holds in general."""

from rasa_sdk import Tracker

from actions.base import SubjectAction
from actions.general import with_general_fact
from bot.content.model import Answer, Snapshot


class MedicalAdvice(SubjectAction):
    """Says that only a clinician can advise, how to reach one, and what holds in general."""

    subject = "medical_advice"

    def answer(self, tracker: Tracker, snapshot: Snapshot) -> Answer:
        said = super().answer(tracker, snapshot)
        if said.subject != self.subject:  # an emergency that the visitor has not moved on from
            return said
        return with_general_fact(tracker, snapshot, said)
