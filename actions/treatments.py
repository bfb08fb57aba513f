"""Lists the treatment options."""

from actions.base import SubjectAction


class Treatments(SubjectAction):
    """Lists the treatment options."""

    subject = "treatments"
