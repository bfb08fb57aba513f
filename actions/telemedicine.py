"""Says whether visits are by video or in person."""

from actions.base import SubjectAction


class Telemedicine(SubjectAction):
    """Says whether visits are by video or in person."""

    subject = "telemedicine"
