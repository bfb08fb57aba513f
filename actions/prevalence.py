"""Says how common it is and whether risk grows with repeated surgery."""

from actions.base import SubjectAction


class Prevalence(SubjectAction):
    """Says how common it is and whether risk grows with repeated surgery."""

    subject = "prevalence"
