"""One subject, one name: what intents, training data, stories, actions, content and tests share.

The vocabulary is described in `tests/eval/README.md`. The sets below say what the code needs to
know about a subject; what is said about it lies in the content store.
"""

from __future__ import annotations

SUBJECTS = frozenset(
    {
        "definition", "causes", "cause_detail", "symptoms", "symptom_check", "treatments",
        "treatment_detail", "why_surgery", "prevalence", "more_surgery", "appointment", "phone",
        "portal", "telemedicine", "care_team", "human", "clinic_admin", "medical_advice",
        "emergency", "crisis", "redflag_general", "greet", "goodbye", "thanks", "bot_challenge",
        "help", "privacy", "feedback_negative", "other_language", "out_of_scope",
    }
)  # fmt: skip

DIALOGUE_ACTS = frozenset({"follow_up", "affirm", "deny"})
"""Intents that have no answer of their own: they point at something said before."""

FALLBACK = "fallback"
SERVICE_SUBJECTS = frozenset({"greeting", FALLBACK})
"""Answers that nobody asks for, yet the store must have: the first message, the honest miss."""

DETAILED = {"cause_detail": "causes", "symptom_check": "symptoms", "treatment_detail": "treatments"}
"""Subjects asked for by the name of a detail, and the subject that lists those details."""

MEDICAL = frozenset(
    {
        "definition", "causes", "cause_detail", "symptoms", "symptom_check", "treatments",
        "treatment_detail", "why_surgery", "prevalence", "more_surgery", "emergency", "crisis",
        "redflag_general",
    }
)  # fmt: skip
"""Subjects whose answers state medical facts, so that each needs a source and a review date."""

SIDE_BY_SIDE = frozenset(
    {
        "definition", "causes", "cause_detail", "symptoms", "symptom_check", "treatments",
        "treatment_detail", "why_surgery", "prevalence", "more_surgery", "appointment", "phone",
        "portal", "telemedicine", "care_team", "human", "clinic_admin", "medical_advice", "privacy",
    }
)  # fmt: skip
"""Subjects that may be answered together, where one message asks for two of them."""

ENTITY_OF = {
    "cause_detail": "cause",
    "symptom_check": "symptom",
    "treatment_detail": "treatment",
    "emergency": "emergency_sign",
    "other_language": "language",
}
"""Subjects that a detail narrows, and the name of the entity that holds the detail."""
