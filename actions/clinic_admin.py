"""Hands a question that only the clinic can answer to the clinic."""

from actions.base import SubjectAction


class ClinicAdmin(SubjectAction):
    """Hands a question that only the clinic can answer to the clinic."""

    subject = "clinic_admin"
