"""Greets back."""

from actions.base import SubjectAction


class Greet(SubjectAction):
    """Greets back."""

    subject = "greet"
