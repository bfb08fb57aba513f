"""What replies are held against: the patterns of `facts.yml`, and the contact routes that are valid
at a moment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.content.model import Clinic, ContactRoute, RouteKind
from bot.content.subjects import DETAILED, SUBJECTS
from bot.content.yaml_lines import read_yaml
from bot.errors import SetupError

FACTS_FILE = Path(__file__).with_name("facts.yml")

Pattern = re.Pattern[str]

CONTACT_KINDS = (RouteKind.PHONE, RouteKind.PORTAL)
"""The routes that take a request of any kind; a video visit or a page on doctors is not one."""

NUMBER = re.compile(r"\+?\d[\d\-. ()]{5,}\d")
"""A telephone number in a route's text: seven figures or more, and what stands between them."""


@dataclass(frozen=True)
class Facts:
    """What a right reply's text must hold. `details` are patterns by (subject, detail); `part_of` a
    kind's treatment.
    """

    subjects: Mapping[str, tuple[Pattern, ...]]
    details: Mapping[tuple[str, str], Pattern]
    part_of: Mapping[str, str]
    unlisted_symptom: Pattern


@dataclass(frozen=True)
class Yardstick:
    """What a reply is held against at one clinic at one moment: the facts, and the contact routes
    valid then.
    """

    facts: Facts
    routes: tuple[ContactRoute, ...]


def load_facts(path: Path = FACTS_FILE) -> Facts:
    """Read the patterns. Raises `SetupError` for a file that does not fit."""
    data = read_yaml(path, path.name).data
    try:
        return Facts(
            subjects={
                s: tuple(_pattern(p) for p in found) for s, found in data["subjects"].items()
            },
            details={
                (subject, detail): _pattern(pattern)
                for subject, found in data["details"].items()
                for detail, pattern in found.items()
            },
            part_of={kind: whole for whole, kinds in data["part_of"].items() for kind in kinds},
            unlisted_symptom=_pattern(data["unlisted_symptom"]),
        )
    except (KeyError, TypeError, AttributeError, re.error) as error:
        raise SetupError(f"{path} does not have the form that is expected: {error}.") from error


def unknown_names(facts: Facts) -> list[str]:
    """Names in the facts that the vocabulary does not have; a misspelt one would never be looked
    at.
    """
    kinds = {detail for subject, detail in facts.details if subject == "treatment_detail"}
    return [
        *sorted(set(facts.subjects) - SUBJECTS),
        *sorted({subject for subject, _ in facts.details} - set(DETAILED)),
        *sorted((set(facts.part_of) | set(facts.part_of.values())) - kinds),
    ]


def valid_routes(clinic: Clinic, at: datetime) -> tuple[ContactRoute, ...]:
    """The ways to reach a clinic that work at a moment; where an outage leaves none, the phone is
    still the way.
    """
    working = [r for r in clinic.routes_in_force(at) if r.kind in CONTACT_KINDS]
    return tuple(working or [r for r in clinic.routes if r.kind in CONTACT_KINDS])


def names_route(text: str, route: ContactRoute) -> bool:
    """Whether a text tells a route: by its label, by a name of its own in the label, or by its
    number however it is written.
    """
    said = text.casefold()
    if route.label and route.label.casefold() in said:
        return True
    if any(name.casefold() in said for name in _own_names(route.label)):
        return True
    figures = _figures(text)
    written = f"{route.label}\n{route.text}\n{route.url}"
    return any(_figures(number) in figures for number in NUMBER.findall(written))


def _own_names(label: str) -> list[str]:
    """Words of a label that can only be a name, such as myTempleHealth: a capital after the first
    letter.
    """
    return [word for word in label.split() if re.search(r"[a-z][A-Z]|-[A-Z]{2}", word)]


def _figures(text: str) -> str:
    return re.sub(r"\D", "", text)


def _pattern(value: Any) -> Pattern:
    return re.compile(value, re.IGNORECASE)
