"""Says whether the named thing is a listed symptom."""

from actions.base import DetailAction


class SymptomCheck(DetailAction):
    """Says whether the named thing is a listed symptom."""

    subject = "symptom_check"
