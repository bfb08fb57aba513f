"""A reply's text as the visitor saw it: paragraphs, lists, bold words and links, nothing else.

Does what `bot/widget/markdown.js` does in the chat. Everything is escaped first.
"""

from __future__ import annotations

import re
from itertools import groupby

from markupsafe import Markup, escape

_ITEM = re.compile(r"\s*[-•]\s+(.*)")
_INLINE = re.compile(r"\*\*(?P<bold>.+?)\*\*|\[(?P<title>[^\]]+)\]\((?P<url>[^)\s]+)\)")
_SAFE = re.compile(r"(?:https?|tel|sms|mailto):", re.IGNORECASE)


def shown(text: str) -> Markup:
    """The text as HTML."""
    parts = []
    for listed, lines in groupby(text.splitlines(), key=lambda line: bool(_ITEM.match(line))):
        if listed:
            items = Markup("").join(Markup("<li>{}</li>").format(_item(line)) for line in lines)
            parts.append(Markup("<ul>{}</ul>").format(items))
        else:
            told = (line for line in lines if line.strip())
            parts.extend(Markup("<p>{}</p>").format(_inline(line)) for line in told)
    return Markup("").join(parts)


def is_safe_link(url: str) -> bool:
    """Whether an address may stand in a link: no script, no data."""
    return bool(_SAFE.match(url))


def _item(line: str) -> Markup:
    found = _ITEM.match(line)
    return _inline(found[1] if found else line)


def _inline(line: str) -> Markup:
    parts, end = [], 0
    for found in _INLINE.finditer(line):
        parts += [escape(line[end : found.start()]), _marked(found)]
        end = found.end()
    return Markup("").join([*parts, escape(line[end:])])


def _marked(found: re.Match[str]) -> Markup:
    if found["bold"]:
        return Markup("<strong>{}</strong>").format(found["bold"])
    if not is_safe_link(found["url"]):
        return escape(f"{found['title']} ({found['url']})")
    return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(
        found["url"], found["title"]
    )
