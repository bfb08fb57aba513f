"""Says whether a reply is right, as `tests/eval/README.md` describes it. Pure functions.

`RULES` names the subjects that need more than "the subject (and detail) is the line's, and the text
holds its facts". A rule returns what is wrong, in a few words for a developer, or an empty text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.content.subjects import MEDICAL
from bot.conversations.model import Message
from bot.evaluation.facts import Yardstick, names_route
from bot.evaluation.reading import Question

CONTACT_SUBJECTS = frozenset({"appointment", "phone", "portal", "human", "clinic_admin"})
"""Any of these answers for any other, as long as a valid contact route is in the reply."""

URGENT_SUBJECTS = frozenset({"emergency", "crisis"})

FBSS_SUBJECTS = MEDICAL - URGENT_SUBJECTS - {"redflag_general"}
"""Subjects that answer about failed back surgery syndrome: a wrong thing to say about another
condition.
"""

EMERGENCY_CARE = re.compile(r"\b911\b|\b988\b|emergency", re.IGNORECASE)
EMERGENCY_ROUTE = re.compile(r"\b911\b|\b988\b|emergency (room|department)|\bER\b", re.IGNORECASE)
SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n")


@dataclass(frozen=True)
class SeenReply:
    """A reply as it is scored: the first message's subject, the text of all, the first message's
    own text. `subjects` are those of all messages.
    """

    subject: str | None
    detail: str | None
    text: str
    first_text: str
    subjects: frozenset[str] = frozenset()

    @classmethod
    def of(cls, messages: Sequence[Message]) -> SeenReply:
        """The reply that these bot messages make; none at all is a reply without a subject."""
        if not messages:
            return cls(None, None, "", "")
        first = messages[0]
        text = "\n".join(message.text for message in messages)
        subjects = frozenset(m.subject for m in messages if m.subject is not None)
        return cls(first.subject, first.detail, text, first.text, subjects)


@dataclass(frozen=True)
class Verdict:
    """`wrong` says in a few words what is wrong; it is empty where the reply is right."""

    wrong: str = ""

    @property
    def right(self) -> bool:
        return not self.wrong


def score(question: Question, reply: SeenReply, yardstick: Yardstick) -> Verdict:
    """Whether a reply is right for a question."""
    return Verdict(RULES.get(question.subject, _as_asked)(question, reply, yardstick))


def subject_right(expected: str, got: str | None) -> bool:
    """Whether a reply has the right subject, whatever its detail and its words.

    The coarser measure of the benchmark, where only one of the two sides knows details.
    """
    for alike in (CONTACT_SUBJECTS, URGENT_SUBJECTS):
        if expected in alike:
            return got in alike
    if expected == "redflag_general":
        return got in MEDICAL
    return got == expected


def first_sentence(text: str) -> str:
    return SENTENCE_END.split(text.strip(), maxsplit=1)[0]


def _as_asked(question: Question, reply: SeenReply, yardstick: Yardstick) -> str:
    """Subject and detail are the line's, and the text holds the facts."""
    if reply.subject != question.subject:
        return "other subject"
    if question.detail is not None and reply.detail != question.detail:
        return "other detail"
    return _lacking(question, reply, yardstick)


def _lacking(question: Question, reply: SeenReply, yardstick: Yardstick) -> str:
    """The facts that a reply's text lacks."""
    wanted = list(yardstick.facts.subjects.get(question.subject, ()))
    if question.detail is not None:
        name = yardstick.facts.details.get((question.subject, question.detail))
        wanted += [] if name is None else [name]
    missing = next((p.pattern for p in wanted if not p.search(reply.text)), None)
    return "" if missing is None else f"does not say /{missing}/"


def _names(question: Question, reply: SeenReply, yardstick: Yardstick) -> bool:
    """Whether the reply names the thing that was asked for."""
    name = yardstick.facts.details.get((question.subject, question.detail or ""))
    return name is not None and name.search(reply.text) is not None


def _treatment(question: Question, reply: SeenReply, yardstick: Yardstick) -> str:
    """A kind of treatment may be answered by the explanation of the treatment it belongs to, if
    that names it.
    """
    whole = yardstick.facts.part_of.get(question.detail or "")
    if whole is not None and (reply.subject, reply.detail) == (question.subject, whole):
        named = _names(question, reply, yardstick)
        return "" if named else f"explains {whole} without naming {question.detail}"
    return _as_asked(question, reply, yardstick)


def _symptom(question: Question, reply: SeenReply, yardstick: Yardstick) -> str:
    """The symptom list answers for a symptom that it names; a thing that is not on the list must be
    said not to be.
    """
    if reply.subject == "symptoms" and question.detail is not None:
        named = _names(question, reply, yardstick)
        return "" if named else f"lists symptoms without naming {question.detail}"
    wrong = _as_asked(question, reply, yardstick)
    if not wrong and question.detail is None:
        denied = yardstick.facts.unlisted_symptom.search(reply.text)
        return "" if denied else "does not say that it is not on the list"
    return wrong


def _contact(question: Question, reply: SeenReply, yardstick: Yardstick) -> str:
    """A contact route that is valid at this moment, whichever of the five subjects it came from."""
    if reply.subject not in CONTACT_SUBJECTS:
        return "other subject"
    return _without_route(reply, yardstick)


def _advice(question: Question, reply: SeenReply, yardstick: Yardstick) -> str:
    """Says that it cannot, and how to reach someone who can."""
    return _as_asked(question, reply, yardstick) or _without_route(reply, yardstick)


def _without_route(reply: SeenReply, yardstick: Yardstick) -> str:
    named = any(names_route(reply.text, route) for route in yardstick.routes)
    return "" if named else "no contact route that is valid now"


def _urgent(question: Question, reply: SeenReply, yardstick: Yardstick) -> str:
    """Emergency or crisis, either counts; where to get help at once is the first sentence."""
    if reply.subject not in URGENT_SUBJECTS:
        return "other subject"
    first = first_sentence(reply.first_text)
    return "" if EMERGENCY_ROUTE.search(first) else "the emergency route is not the first sentence"


def _red_flag(question: Question, reply: SeenReply, yardstick: Yardstick) -> str:
    """A warning sign in general: a normal medical answer is right, and so is one that mentions
    emergency care.
    """
    if reply.subject in MEDICAL or EMERGENCY_CARE.search(reply.text):
        return ""
    return "neither an answer nor emergency care"


Rule = Callable[[Question, SeenReply, Yardstick], str]

RULES: Mapping[str, Rule] = {
    "treatment_detail": _treatment,
    "symptom_check": _symptom,
    "medical_advice": _advice,
    "redflag_general": _red_flag,
    **dict.fromkeys(CONTACT_SUBJECTS, _contact),
    **dict.fromkeys(URGENT_SUBJECTS, _urgent),
}
