"""Says what the patient portal is for and how to reach it."""

from actions.base import SubjectAction


class Portal(SubjectAction):
    """Says what the patient portal is for and how to reach it."""

    subject = "portal"
