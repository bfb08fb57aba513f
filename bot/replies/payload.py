"""A reply on its way through Rasa: as what `CollectingDispatcher.utter_message` takes, and back
from what Rasa stored.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.content.subjects import ENTITY_OF
from bot.conversations.model import Link, SourceLine
from bot.replies.model import Offer, Reply


def reply_payload(reply: Reply) -> dict[str, Any]:
    """The keyword arguments that say this reply.

    Buttons carry Rasa's own payloads, so that `rasa shell` can use them.
    """
    return {
        "text": reply.text,
        "buttons": [{"title": o.title, "payload": choice_payload(o)} for o in reply.buttons],
        "json_message": {
            "subject": reply.subject,
            "detail": reply.detail,
            "source": reply.source.as_json() if reply.source else None,
            "links": [{"title": link.title, "url": link.url} for link in reply.links],
            "offers": [[o.title, o.subject, o.detail] for o in reply.buttons],
            "answer_id": reply.answer_id,
            "answer_version": reply.answer_version,
        },
    }


def reply_from_payload(text: str, custom: Mapping[str, Any]) -> Reply:
    """The reply that `reply_payload` was made from."""
    source = custom["source"]
    return Reply(
        text=text,
        buttons=tuple(Offer(*offer) for offer in custom["offers"]),
        links=tuple(Link(**link) for link in custom["links"]),
        subject=custom["subject"],
        detail=custom["detail"],
        source=SourceLine.from_json(source) if source else None,
        answer_id=custom["answer_id"],
        answer_version=custom["answer_version"],
    )


def choice_payload(offer: Offer) -> str:
    """The intent, and the detail as its entity, in the form that Rasa reads."""
    if offer.detail is None:
        return f"/{offer.subject}"
    return f"/{offer.subject}{json.dumps({ENTITY_OF[offer.subject]: offer.detail})}"
