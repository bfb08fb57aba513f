"""Says that it cannot answer that."""

from actions.base import SubjectAction


class OutOfScope(SubjectAction):
    """Says that it cannot answer that."""

    subject = "out_of_scope"
