"""Says goodbye."""

from actions.base import SubjectAction


class Goodbye(SubjectAction):
    """Says goodbye."""

    subject = "goodbye"
