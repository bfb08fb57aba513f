"""Says how to reach a person."""

from actions.base import SubjectAction


class Human(SubjectAction):
    """Says how to reach a person."""

    subject = "human"
