"""Gives the crisis line before anything else."""

from actions.base import SubjectAction


class Crisis(SubjectAction):
    """Gives the crisis line before anything else."""

    subject = "crisis"
