"""The reply of last resort: for a turn that failed, so it needs neither model nor store."""

from __future__ import annotations

from bot.clock import utc_now
from bot.content.last_resort import urgent_answer
from bot.content.model import LIBRARY, Answer, Snapshot
from bot.content.placeholders import PLACEHOLDER
from bot.content.subjects import FALLBACK
from bot.conversations.model import Link
from bot.errors import CarelineError
from bot.replies.model import Reply
from bot.replies.render import render, source_line
from bot.safety.model import RedFlag


def safe_reply(snapshot: Snapshot, text: str, clinic: str, flag: RedFlag) -> Reply:
    """The emergency sentence, an apology and the contact route in force; where the visitor's words
    are a red flag, what helps with that and nothing else.

    `text` is the response `utter_safe_reply` of `domain.yml`; where even the clinic is not known,
    its placeholders are left out.
    """
    answer = _urgent(snapshot, clinic, flag) or Answer(0, 0, LIBRARY, FALLBACK, None, "", text)
    try:
        return render(snapshot, answer, clinic, utc_now())
    except CarelineError:
        return Reply(
            text=PLACEHOLDER.sub("", answer.text).strip(),
            buttons=(),
            links=tuple(Link(link.title, link.url) for link in answer.links),
            subject=answer.subject,
            detail=answer.detail,
            source=source_line(answer),
            answer_id=answer.id,
            answer_version=answer.version,
        )


def _urgent(snapshot: Snapshot, clinic: str, flag: RedFlag) -> Answer | None:
    """The answer to a red flag, the store's own where it has one."""
    if flag.subject is None:
        return None
    stored = snapshot.answer(clinic, flag.subject, flag.detail)
    return stored or urgent_answer(flag.subject, flag.detail)
