"""Lists the symptoms."""

from actions.base import SubjectAction


class Symptoms(SubjectAction):
    """Lists the symptoms."""

    subject = "symptoms"
