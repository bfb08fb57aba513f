"""Takes thanks."""

from actions.base import SubjectAction


class Thanks(SubjectAction):
    """Takes thanks."""

    subject = "thanks"
