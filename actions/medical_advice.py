"""Says that only a clinician can advise, and how to reach one."""

from actions.base import SubjectAction


class MedicalAdvice(SubjectAction):
    """Says that only a clinician can advise, and how to reach one."""

    subject = "medical_advice"
