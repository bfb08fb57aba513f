"""Says what it can do."""

from actions.base import SubjectAction


class Help(SubjectAction):
    """Says what it can do."""

    subject = "help"
