"""Says whether another operation is needed and what is tried first."""

from actions.base import SubjectAction


class MoreSurgery(SubjectAction):
    """Says whether another operation is needed and what is tried first."""

    subject = "more_surgery"
