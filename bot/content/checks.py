"""What content must fulfil as a whole: nothing may point at something that is not there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.content.boundaries import breaches
from bot.content.model import LIBRARY
from bot.content.problems import Problem
from bot.content.records import AnswerRecord, ClinicRecord, ContentFiles
from bot.content.subjects import DETAILED, ENTITY_OF, FAQ, MEDICAL, SERVICE_SUBJECTS, SUBJECTS
from bot.content.yaml_lines import Document

WITH_DETAILS = frozenset(ENTITY_OF)
"""Subjects whose answers may have a detail."""

FEWEST_EXAMPLES, MOST_EXAMPLES = 2, 20
"""Of one question alone nobody knows what in it matters; more than the most help no further."""

SAID = ("title", "button", "text", "simpler")
"""The keys of an answer that visitors read. Its other names and examples are their own words."""

LISTING = {listing: detailed for detailed, listing in DETAILED.items()}


def check(content: ContentFiles, documents: Mapping[str, Document]) -> list[Problem]:
    """All mistakes between parts of a set of content; `documents` knows the lines, by file."""
    problems = [
        *_twice("clinic", [(c.key, c.file, ("clinic", "key")) for c in content.clinics], documents),
        *_twice(
            "source",
            [(s.source.key, s.file, ("sources", s.source.key)) for s in content.sources],
            documents,
        ),
    ]
    checker = Checker.of(content)
    for answer in content.answers:
        document = documents[answer.file]
        for mistake in checker.mistakes(answer):
            path = ("answers", answer.name, *mistake.way)
            problems.append(document.problem(path, mistake.message))
    for clinic in content.clinics:
        for way, message in _said_of_clinic(clinic):
            problems.append(documents[clinic.file].problem(("clinic", *way), message))
    problems += _same_names(content.answers, documents)
    problems += _unanswered(content, documents)
    return problems


def _twice(
    what: str, found: Iterable[tuple[str, str, tuple[str, ...]]], documents: Mapping[str, Document]
) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for key, file, path in found:
        if key in seen:
            message = f"The {what} '{key}' stands in {seen[key]} as well; keep one."
            yield documents[file].problem(path, message)
        seen.setdefault(key, file)


@dataclass(frozen=True)
class Mistake:
    """What is wrong with an answer. `way` leads to the value inside it, and is empty where nothing
    stands there; `wanted` is the key that has to be filled in, if that is what is wrong.
    """

    way: tuple[str | int, ...]
    message: str
    wanted: str = ""

    @property
    def key(self) -> str:
        """The key of the answer that it is about, empty for the answer as a whole."""
        return self.wanted or (str(self.way[0]) if self.way else "")


AnswerKey = tuple[str, str, str | None]


class Checker:
    """Holds what may be pointed at: keys of clinics (the library too), of sources and of answers,
    and of those answers that have a title.
    """

    def __init__(
        self,
        clinics: Collection[str],
        sources: Collection[str],
        keys: Collection[AnswerKey],
        titles: Collection[AnswerKey],
    ):
        self.clinics, self.sources = frozenset(clinics), frozenset(sources)
        self.keys, self.titles = frozenset(keys), frozenset(titles)

    @classmethod
    def of(cls, content: ContentFiles) -> Checker:
        """What a whole set of content holds."""
        return cls(
            content.clinic_keys(),
            {source.source.key for source in content.sources},
            {answer.key for answer in content.answers},
            {answer.key for answer in content.answers if answer.title},
        )

    def exists(self, clinic: str, subject: str, detail: str | None) -> bool:
        """Whether a clinic or the library has this answer; for the library any clinic will do."""
        owners = self.clinics if clinic == LIBRARY else {clinic, LIBRARY}
        return any((owner, subject, detail) in self.keys for owner in owners)

    def mistakes(self, answer: AnswerRecord) -> Iterator[Mistake]:
        """All mistakes of one answer, also one that is not stored yet."""
        if answer.clinic not in self.clinics:
            message = (
                f"There is no clinic '{answer.clinic}'; one file needs 'clinic:' with this key."
            )
            yield Mistake((), message)
        if answer.subject not in SUBJECTS | SERVICE_SUBJECTS | {FAQ}:
            message = f"There is no subject '{answer.subject}'; bot/content/subjects.py lists them."
            yield Mistake((), message)
        elif answer.detail is not None and answer.subject not in WITH_DETAILS:
            message = (
                f"Answers to '{answer.subject}' have no details; take '/{answer.detail}' away."
            )
            yield Mistake((), message)
        shared = (LIBRARY, answer.subject, answer.detail)
        if not answer.title and (answer.clinic == LIBRARY or shared not in self.titles):
            message = "This answer needs a 'title': the library has none that it could use."
            yield Mistake((), message, "title")
        yield from _examples(answer)
        yield from self._source(answer)
        yield from self._pointers(answer)
        yield from _said(answer)

    def _source(self, answer: AnswerRecord) -> Iterator[Mistake]:
        if answer.source is not None and answer.source not in self.sources:
            message = f"There is no source '{answer.source}'; add it under 'sources'."
            yield Mistake(("source",), message)
        if answer.subject == FAQ and answer.source is None:
            yield Mistake((), "An answer to 'faq' needs a 'source'; add one.", "source")
        if answer.subject in MEDICAL:
            if answer.source is None:
                yield Mistake((), "A medical answer needs a 'source'; add one.", "source")
            if answer.reviewed_on is None:
                message = (
                    "A medical answer needs 'reviewed_on', the day it was last checked; add it."
                )
                yield Mistake((), message, "reviewed_on")

    def _pointers(self, answer: AnswerRecord) -> Iterator[Mistake]:
        listed = LISTING.get(answer.subject, answer.subject)
        for number, item in enumerate(answer.items):
            if not self.exists(answer.clinic, listed, item):
                message = f"There is no answer '{listed}/{item}' to list."
                yield Mistake(("items", number), message)
        if answer.part_of is not None and not self.exists(
            answer.clinic, answer.subject, answer.part_of
        ):
            message = f"There is no answer '{answer.subject}/{answer.part_of}'."
            yield Mistake(("part_of",), message)
        for number, offer in enumerate(answer.offers):
            subject, _, detail = offer.partition("/")
            if not self.exists(answer.clinic, subject, detail or None):
                yield Mistake(("offers", number), f"There is no answer '{offer}' to offer.")
            if offer == answer.name:
                message = "An answer cannot offer itself; take this away."
                yield Mistake(("offers", number), message)


def _said(answer: AnswerRecord) -> Iterator[Mistake]:
    """No text may say what only a provider may, whoever wrote it."""
    for key in SAID:
        for breach in breaches(getattr(answer, key)):
            yield Mistake((key,), str(breach))
    for number, link in enumerate(answer.links):
        for breach in breaches(link.title):
            yield Mistake(("links", number, "title"), str(breach))


def _said_of_clinic(clinic: ClinicRecord) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The same of what a clinic's routes and notices say: the way there, and what is wrong."""
    for number, route in enumerate(clinic.routes):
        for key in ("label", "text", "outage_text"):
            for breach in breaches(getattr(route, key)):
                yield ("routes", number, key), str(breach)
    for number, notice in enumerate(clinic.notices):
        for breach in breaches(notice.text):
            yield ("notices", number, "text"), str(breach)


def _examples(answer: AnswerRecord) -> Iterator[Mistake]:
    """Only answers that staff write are found by examples; without a key they cannot be told
    apart.
    """
    if answer.subject != FAQ:
        if answer.examples:
            message = "Only answers to 'faq' are found by examples; take these away."
            yield Mistake(("examples",), message)
        return
    if answer.detail is None:
        yield Mistake((), "An answer to 'faq' needs a key of its own: write 'faq/some-key'.")
    if not FEWEST_EXAMPLES <= len(set(answer.examples)) <= MOST_EXAMPLES:
        message = (
            f"An answer to 'faq' needs {FEWEST_EXAMPLES} to {MOST_EXAMPLES} different 'examples':"
            " questions that it answers, as visitors would ask them."
        )
        yield Mistake(("examples",) if answer.examples else (), message, "examples")


def _same_names(
    answers: Iterable[AnswerRecord], documents: Mapping[str, Document]
) -> Iterator[Problem]:
    """One word must lead to one detail of a subject, else the bot would have to guess."""
    seen: dict[tuple[str, str], AnswerRecord] = {}
    for answer in answers:
        if answer.detail is None:
            continue
        for number, name in enumerate(answer.also_called):
            first = seen.setdefault((answer.subject, name.casefold()), answer)
            if first.detail != answer.detail:
                message = (
                    f"'{name}' already means {first.name} ({first.file}); keep it in one place."
                )
                path = ("answers", answer.name, "also_called", number)
                yield documents[answer.file].problem(path, message)


def _unanswered(content: ContentFiles, documents: Mapping[str, Document]) -> Iterator[Problem]:
    """Every subject needs an answer in the library, so that no clinic is ever silent."""
    held = {
        answer.subject
        for answer in content.answers
        if answer.key[0] == LIBRARY and answer.detail is None
    }
    missing = sorted((SUBJECTS | SERVICE_SUBJECTS) - held)
    if missing and documents:
        file = "library.yml" if "library.yml" in documents else next(iter(documents))
        message = f"The library has no answer for {', '.join(missing)}; add one without a detail."
        yield documents[file].problem(("answers",), message)
