"""Says what is kept and who reads it."""

from actions.base import SubjectAction


class Privacy(SubjectAction):
    """Says what is kept and who reads it."""

    subject = "privacy"
