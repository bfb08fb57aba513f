"""The reply of last resort: for a turn that failed, so it needs neither model nor store."""

from __future__ import annotations

from datetime import datetime, timezone

from bot.content.model import LIBRARY, Answer, Snapshot
from bot.content.placeholders import PLACEHOLDER
from bot.content.subjects import FALLBACK
from bot.errors import CarelineError
from bot.replies.model import Reply
from bot.replies.render import render


def safe_reply(snapshot: Snapshot, text: str, clinic: str) -> Reply:
    """The emergency sentence, an apology and the contact route in force.

    `text` is the response `utter_safe_reply` of `domain.yml`; where even the clinic is not known,
    its placeholders are left out.
    """
    answer = Answer(0, 0, LIBRARY, FALLBACK, None, "", text)
    try:
        return render(snapshot, answer, clinic, datetime.now(timezone.utc))
    except CarelineError:
        return Reply(PLACEHOLDER.sub("", text).strip(), (), (), FALLBACK, None, None, 0, 0)
