"""Says what failed back surgery syndrome is."""

from actions.base import SubjectAction


class Definition(SubjectAction):
    """Says what failed back surgery syndrome is."""

    subject = "definition"
