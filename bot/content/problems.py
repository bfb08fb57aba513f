"""Mistakes in content files, collected so that a person can put all of them right at once."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import ContentError


@dataclass(frozen=True)
class Problem:
    """One mistake: `line` counts from 1, `key` is the path to the value (`answers.causes.text`)."""

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        key = f" {self.key}:" if self.key else ""
        return f"{self.file}:{self.line}:{key} {self.message}"


class ContentFilesError(ContentError):
    """Content files that cannot be used. `problems` holds every mistake, in file order."""

    def __init__(self, problems: list[Problem]):
        self.problems = tuple(problems)
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"{problems[0]}{more}")
