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

DIALOGUE_ACTS = frozenset(
    {
        "affirm", "back", "correction", "deny", "follow_up", "kinds", "more", "repeat", "shorter",
        "simpler",
    }
)  # fmt: skip
"""Intents that have no answer of their own: they point at something said before."""

FAQ = "faq"
"""Answers that staff write for questions that no other subject is about; the detail is an answer's
key. Nothing is trained for it: a message is compared with each answer's example questions.
"""

FALLBACK = "fallback"
MISSED_AGAIN = "missed_again"
DID_YOU_MEAN = "did_you_mean"
OTHER_WORDS = "other_words"
ALL_SAID = "all_said"
BESIDES = "besides"
DECLINED = "declined"
IN_GENERAL = "in_general"
MASKED = "masked"
CLOSED_ROUTE = "closed_route"
URGENT_AGAIN = {"emergency": "emergency_again", "crisis": "crisis_again"}
"""What is said for as long as a visitor stays with an emergency or a crisis."""

SERVICE_SUBJECTS = frozenset(
    {
        "greeting", FALLBACK, MISSED_AGAIN, DID_YOU_MEAN, OTHER_WORDS, ALL_SAID, BESIDES, DECLINED,
        IN_GENERAL, MASKED, CLOSED_ROUTE,
    }
    | set(URGENT_AGAIN.values())
)  # fmt: skip
"""Answers that nobody asks for, yet the store must have: the first message, the honest miss (and
the second in a row), what to ask back, what stands before the same in other words, after all that
is known and before what there is besides what was excluded, the reply to a declined offer, what
stands before a general fact, that personal details were masked, and what is added to the sentence
of a contact route that is closed.
"""

HANDOFF = "human"
"""The subject of somebody who wants a person."""

FORGET, FORGOTTEN = "forget", "forgotten"
"""Details of `privacy`: whether to delete the chat, and that it is deleted. Whoever is told the
second finds it true (`bot/chat/forgetting.py`).
"""

SAID_AS = {
    MISSED_AGAIN: FALLBACK,
    DECLINED: "thanks",
    MASKED: "privacy",
    **{again: first for first, again in URGENT_AGAIN.items()},
}
"""Service subjects that clients and staff see as the subject that they stand for."""

SMALL_TALK = frozenset({"greet", "goodbye", "thanks", "feedback_negative", "other_language"})
"""Subjects that leave what was talked about as it was."""

TOPICS = (SUBJECTS | {FAQ}) - SMALL_TALK - set(URGENT_AGAIN)
"""Subjects that one can ask more about, or come back to."""

OFFERED = TOPICS - {"out_of_scope"}
"""Subjects that one may mean without having said so clearly; an urgent one is no mere button."""

STAYS_URGENT = DIALOGUE_ACTS | {
    FALLBACK, "thanks", "goodbye", "feedback_negative", "medical_advice", "redflag_general",
}  # fmt: skip
"""After an emergency or a crisis these still speak of it ("are you sure?"); all others move on."""

CONTACT = frozenset(
    {"appointment", "phone", "portal", "telemedicine", "care_team", "human", "clinic_admin"}
)
"""Ways to the clinic: asked for after an emergency or a crisis, its help is said before them."""

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
        FAQ,
    }
)  # fmt: skip
"""Subjects that may be answered together, where one message asks for two of them."""

ENTITY_OF = {
    "cause_detail": "cause",
    "symptom_check": "symptom",
    "treatment_detail": "treatment",
    "emergency": "emergency_sign",
    "other_language": "language",
    "privacy": "wish",
    FAQ: FAQ,
}
"""Subjects that a detail narrows, and the name of the entity that holds the detail."""
