"""The form of one answer: from an answer to fields, and back with every mistake beside its field.

Which fields there are depends on the subject: only a list has items, only what staff wrote has
example questions. A field that is not shown keeps what the answer had.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from starlette.requests import Request

from bot.console.forms import form_of, text_of, whole_number
from bot.content.checks import LISTING, Mistake
from bot.content.model import AnswerLink
from bot.content.new_sources import NOTHING, source_mistakes
from bot.content.records import AnswerRecord
from bot.content.subjects import DETAILED, ENTITY_OF, FAQ
from bot.replies.render import MOST_OFFERS

TEXTS = ("title", "button", "text", "simpler")
LINES = ("also_called", "examples")
DAYS = ("reviewed_on", "review_by")
NEW_SOURCE = ("new_title", "new_publisher", "new_url")
LONGEST = {"title": 255, "button": 255, "text": 4_000, "simpler": 4_000, "line": 300}
"""Characters: a title stands on a button, a text is read in a chat."""

MOST_LINES, MOST_LINKS = 1_000, 10

EMPTY, NO_SOURCE, NO_REVIEW, NO_TITLE, FEW, NO_DAY, LONG, SELF = (
    "empty", "no_source", "no_review", "no_title", "few_examples", "no_day", "too_long", "no_key",
)  # fmt: skip
"""Stand for the template's sentences."""

WANTED = {
    "text": EMPTY,
    "title": NO_TITLE,
    "examples": FEW,
    "source": NO_SOURCE,
    "reviewed_on": NO_REVIEW,
}
"""What is said of a field that has to be filled in; of all others `NOTHING`."""


@dataclass(frozen=True)
class NewSource:
    """A source that is typed beside the answer that names it."""

    title: str
    publisher: str
    url: str


@dataclass(frozen=True)
class AnswerForm:
    """What the form holds: the answer, each field's text by its name, what is wrong with a field by
    its name, and the source that is to be added with it.
    """

    record: AnswerRecord
    typed: Mapping[str, str]
    errors: Mapping[str, str]
    source: NewSource | None = None


def has_items(record: AnswerRecord) -> bool:
    """Whether the answer lists others."""
    return record.subject in LISTING


def has_names(record: AnswerRecord) -> bool:
    """Whether the answer is found by other words for it."""
    return record.subject in ENTITY_OF and record.subject != FAQ


def is_part(record: AnswerRecord) -> bool:
    """Whether the answer may be a kind of another one."""
    return record.subject in DETAILED and record.detail is not None


def form_of_answer(record: AnswerRecord) -> AnswerForm:
    """The form as it is opened."""
    typed = {name: getattr(record, name) for name in TEXTS}
    typed |= {name: "\n".join(getattr(record, name)) for name in LINES}
    for name in DAYS:
        day = getattr(record, name)
        typed[name] = day.isoformat() if day else ""
    typed |= {"source": record.source or "", "part_of": record.part_of or ""}
    typed["checked"] = "on" if record.checked_by_native_speaker else ""
    for number, offer in enumerate(record.offers, start=1):
        typed[f"offer-{number}"] = offer
    for number, link in enumerate(record.links, start=1):
        typed |= {f"link-{number}-title": link.title, f"link-{number}-url": link.url}
    for place, item in enumerate(record.items, start=1):
        typed |= {f"item-{item}": "on", f"place-{item}": str(place)}
    return AnswerForm(record, typed, {})


def read_form(request: Request, base: AnswerRecord, listed: Sequence[str]) -> AnswerForm:
    """What was sent. `base` is the answer that was edited, `listed` what it may list."""
    errors: dict[str, str] = {}
    sent = form_of(request)
    typed = {name: str(value) for name, value in sent.items() if isinstance(value, str)}
    typed |= {name: _tidy(text_of(request, name, LONGEST[name] + 1)) for name in TEXTS}
    for name in TEXTS:
        if len(typed[name]) > LONGEST[name]:
            errors[name] = LONG
    record = replace(
        base,
        title=typed["title"],
        button=typed["button"],
        text=typed["text"],
        simpler=typed["simpler"],
    )
    if base.subject == FAQ:
        record = replace(record, examples=_lines(typed, "examples", errors))
    if has_names(base):
        record = replace(record, also_called=_lines(typed, "also_called", errors))
    if is_part(base):
        record = replace(record, part_of=typed.get("part_of") or None)
    if has_items(base):
        record = replace(record, items=_items(typed, listed))
    if base.checked_by_native_speaker is not None:
        record = replace(record, checked_by_native_speaker=bool(typed.get("checked")))
    record = replace(
        record,
        offers=_offers(typed),
        links=_links(typed),
        reviewed_on=_day(typed, "reviewed_on", errors),
        review_by=_day(typed, "review_by", errors),
        source=typed.get("source") or None,
    )
    source = _new_source(typed, errors)
    return AnswerForm(record, typed, errors, source)


def with_mistakes(form: AnswerForm, mistakes: Iterable[Mistake]) -> AnswerForm:
    """The form with what the store found wrong, each beside its field."""
    errors = dict(form.errors)
    for mistake in mistakes:
        if mistake.key == "source" and form.source is not None:
            continue  # it comes with the answer
        said = WANTED.get(mistake.wanted, NOTHING) if mistake.wanted else mistake.message
        errors.setdefault(_field(mistake), said)
    return replace(form, errors=errors)


def _field(mistake: Mistake) -> str:
    """The field that a mistake belongs to, empty for the form as a whole."""
    if len(mistake.way) > 1:
        _, number, *part = mistake.way
        if mistake.key == "offers":
            return f"offer-{int(number) + 1}"
        if mistake.key == "links":
            return f"link-{int(number) + 1}-{part[0] if part else 'title'}"
    return mistake.key


def _tidy(text: str) -> str:
    """Lines without blanks at their ends, as files of content hold them."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def _lines(typed: dict[str, str], name: str, errors: dict[str, str]) -> tuple[str, ...]:
    lines = [line for line in _tidy(typed.get(name, "")).split("\n") if line]
    if any(len(line) > LONGEST["line"] for line in lines) or len(lines) > MOST_LINES:
        errors[name] = LONG
    return tuple(dict.fromkeys(lines))


def _day(typed: Mapping[str, str], name: str, errors: dict[str, str]) -> date | None:
    text = typed.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        errors[name] = NO_DAY
        return None


def _offers(typed: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, _numbered(typed, "offer-{}"))))


def _links(typed: Mapping[str, str]) -> tuple[AnswerLink, ...]:
    titles, urls = _numbered(typed, "link-{}-title"), _numbered(typed, "link-{}-url")
    return tuple(AnswerLink(title, url) for title, url in zip(titles, urls) if title or url)


def _numbered(typed: Mapping[str, str], name: str) -> Iterator[str]:
    for number in range(1, 4 * MOST_OFFERS + MOST_LINKS):
        yield " ".join(typed.get(name.format(number), "").split())[: LONGEST["line"]]


def _items(typed: Mapping[str, str], listed: Sequence[str]) -> tuple[str, ...]:
    """The ticked ones by their numbers; those that share one stay in the order of the form."""

    def place(item: str) -> int:
        number = whole_number(typed.get(f"place-{item}", ""))
        return len(listed) if number is None else number

    return tuple(sorted((item for item in listed if typed.get(f"item-{item}")), key=place))


def _new_source(typed: Mapping[str, str], errors: dict[str, str]) -> NewSource | None:
    title, publisher, url = (" ".join(typed.get(name, "").split())[:255] for name in NEW_SOURCE)
    if not (title or publisher or url):
        return None
    for field, said in source_mistakes(title, publisher, url).items():
        errors[f"new_{field}"] = said
    return NewSource(title, publisher, url)
