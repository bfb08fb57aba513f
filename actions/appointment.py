"""Says how to book, change or ask for a visit."""

from actions.base import SubjectAction


class Appointment(SubjectAction):
    """Says how to book, change or ask for a visit."""

    subject = "appointment"
