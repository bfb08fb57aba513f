"""Gives the phone line, or says that it does not work now."""

from actions.base import SubjectAction


class Phone(SubjectAction):
    """Gives the phone line, or says that it does not work now."""

    subject = "phone"
