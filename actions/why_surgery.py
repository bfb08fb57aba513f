"""Says why people have back surgery in the first place."""

from actions.base import SubjectAction


class WhySurgery(SubjectAction):
    """Says why people have back surgery in the first place."""

    subject = "why_surgery"
