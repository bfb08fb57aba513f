"""Mask what identifies a person before anything else sees the text.

Find, then write: `find_spans` says where, `mask` writes placeholders, `redact` does both. All three
are pure. The finders (one module a family of identifiers) lean towards what clinical chat needs:
spine levels (L4-L5), doses, years, ages and durations stay, since answers depend on them.

The identifiers follow the HIPAA Safe Harbor list, 45 CFR 164.514(b)(2), as far as patterns can see
them.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.redaction import addresses, ages, contact, dates, names, numbers, spoken
from bot.redaction.model import RedactedText, Span

KINDS = frozenset({"name", "phone", "email", "date", "number", "address", "link", "age", "login"})


def find_spans(text: str, keep: frozenset[str] = frozenset()) -> list[Span]:
    """Where `text` identifies somebody: spans in order, none overlapping.

    `keep` holds public telephone numbers that stay, as digits without the country's 1
    (`8008367536`).
    """
    phones = [*contact.phones(text), *spoken.spoken_numbers(text)]
    public = [s for s in phones if contact.national_digits(text[s.start : s.end]) in keep]
    numeric = [*phones, *numbers.numbers(text)]
    found = [
        *contact.emails(text),
        *contact.links(text),
        *contact.logins(text),
        *(span for span in numeric if not any(_within(span, kept) for kept in public)),
        *dates.dates(text),
        *ages.ages(text),
        *addresses.addresses(text),
        *names.names(text),
    ]
    return _merged(found)


def mask(text: str, spans: Iterable[Span]) -> str:
    """`text` with each span written as `[kind]`. The spans are in order and do not overlap."""
    parts: list[str] = []
    position = 0
    for span in spans:
        parts += [text[position : span.start], f"[{span.kind}]"]
        position = span.end
    return "".join([*parts, text[position:]])


def redact(text: str, keep: frozenset[str] = frozenset()) -> RedactedText:
    """`text` with every identifier that `find_spans` finds masked."""
    spans = find_spans(text, keep)
    return RedactedText(mask(text, spans), frozenset(span.kind for span in spans))


def _within(span: Span, other: Span) -> bool:
    return other.start <= span.start and span.end <= other.end


def _merged(found: list[Span]) -> list[Span]:
    """Overlapping spans become one, of the longer one's kind: no rest of either stays readable."""
    merged: list[Span] = []
    for span in sorted(found, key=lambda s: (s.start, -s.end)):
        last = merged[-1] if merged else None
        if last is None or span.start >= last.end:
            merged.append(span)
            continue
        longer = last if last.end - last.start >= span.end - span.start else span
        merged[-1] = Span(last.start, max(last.end, span.end), longer.kind)
    return merged
