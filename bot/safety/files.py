"""Reads `data/safety/`: what a nurse edits. Every mistake is named with its file and line."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from bot.content.problems import ContentFilesError, Problem
from bot.content.yaml_lines import Document, read_yaml
from bot.safety.matcher import groups_in
from bot.safety.model import DETAILS, Concept, Context, Knowledge

GROUP_FILES = "words"
CONTEXT_FILES = ("context", "idioms")
REQUIRED = ("title", "detail", "source", "wordings")
KEYS = frozenset({*REQUIRED, "alone", "with", "short"})
CONTEXTS = frozenset(field.name for field in fields(Context))


def read_knowledge(folder: Path) -> Knowledge:
    """All concepts, word groups and contexts of a folder of YAML files.

    Raises `ContentFilesError`, which holds every mistake of every file.
    """
    problems: list[Problem] = []
    groups: dict[str, tuple[str, ...]] = {}
    concepts: dict[str, Concept] = {}
    context: dict[str, tuple[str, ...]] = {}
    documents = {path: read_yaml(path, path.name) for path in sorted(folder.glob("*.yml"))}
    for path, document in documents.items():
        known = groups.keys() if path.stem.startswith(GROUP_FILES) else concepts.keys()
        problems += [*document.problems, *_mistakes(path, document, known)]
        if problems:
            continue
        if path.stem.startswith(GROUP_FILES):
            groups |= _lists(document)
        elif path.stem.startswith(CONTEXT_FILES):
            context |= {key: (*context.get(key, ()), *v) for key, v in _lists(document).items()}
        else:
            concepts |= {name: _concept(name, body) for name, body in document.data.items()}
    for document in [] if problems else documents.values():
        problems += _loose_ends(document, groups.keys(), concepts.keys())
    if not concepts and not problems:
        problems.append(Problem(folder.name, 1, "", "The folder holds no concepts."))
    if problems:
        raise ContentFilesError(problems)
    return Knowledge(groups, concepts, Context(**context))


def _lists(document: Document) -> dict[str, tuple[str, ...]]:
    return {key: tuple(map(str, values)) for key, values in document.data.items()}


def _concept(name: str, body: Mapping[str, Any]) -> Concept:
    return Concept(
        name=name,
        title=body["title"],
        detail=body["detail"],
        source=body["source"],
        alone=body.get("alone", True),
        beside=frozenset(body.get("with") or ()),
        short=body.get("short", False),
        wordings=tuple(map(str, body["wordings"])),
    )


def _mistakes(path: Path, document: Document, known: Collection[str]) -> Iterator[Problem]:
    """What is wrong with one file by itself."""
    if not isinstance(document.data, dict):
        yield document.problem((), "The file must hold names, each with what belongs to it.")
        return
    for name, body in document.data.items():
        if name in known:
            yield document.problem((name,), "Another file has this name already.")
        if path.stem.startswith((GROUP_FILES, *CONTEXT_FILES)):
            if path.stem.startswith(CONTEXT_FILES) and name not in CONTEXTS:
                wanted = ", ".join(sorted(CONTEXTS))
                yield document.problem((name,), f"There is no such context; use one of {wanted}.")
            if not _is_list_of_text(body):
                yield document.problem((name,), "This must be a list of words or phrases.")
        elif isinstance(body, dict):
            yield from _concept_mistakes(document, name, body)
        else:
            yield document.problem((name,), f"A concept needs {', '.join(REQUIRED)}.")


def _concept_mistakes(document: Document, name: str, body: dict[str, Any]) -> Iterator[Problem]:
    for key in REQUIRED:
        if not body.get(key):
            yield document.problem((name,), f"A concept needs '{key}'.")
    for key in body.keys() - KEYS:
        yield document.problem((name, key), f"Not known; use {', '.join(sorted(KEYS))}.")
    if body.get("detail") not in DETAILS:
        yield document.problem((name, "detail"), f"Use one of {', '.join(DETAILS)}.")
    for key in ("alone", "short"):
        if not isinstance(body.get(key, True), bool):
            yield document.problem((name, key), "Use true or false.")
    for key in ("wordings", "with"):
        if body.get(key) and not _is_list_of_text(body[key]):
            yield document.problem((name, key), "This must be a list of words or phrases.")
    if body.get("alone") is False and not body.get("with"):
        message = "A concept that does not count alone needs 'with': the names of others."
        yield document.problem((name,), message)


def _loose_ends(
    document: Document, groups: Collection[str], concepts: Collection[str]
) -> Iterator[Problem]:
    """Names in one file of things that are in none."""
    for name, body in document.data.items():
        is_concept = isinstance(body, dict)
        at = (name, "wordings") if is_concept else (name,)
        for place, wording in enumerate(body["wordings"] if is_concept else body):
            for group in groups_in(wording):
                if group not in groups:
                    message = f"No words file has the group '{group}'."
                    yield document.problem((*at, place), message)
        for other in (body.get("with") or ()) if is_concept else ():
            if other not in concepts:
                yield document.problem((name, "with"), f"There is no concept '{other}'.")


def _is_list_of_text(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and one for one in value)
