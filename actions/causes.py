"""Lists why it happens."""

from actions.base import SubjectAction


class Causes(SubjectAction):
    """Lists why it happens."""

    subject = "causes"
