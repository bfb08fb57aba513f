"""Figures of the start page: numbers and labels, no words and no pictures. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

Filter = Mapping[str, Any]
"""Fields of a filter of conversations, beside clinics and times: lists what a figure counts."""


@dataclass(frozen=True)
class Window:
    """Whole days from `first` to `last`, both included, as each clinic's own clock has them."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Window:
        """As many days, just before."""
        return Window(self.first - timedelta(days=self.days), self.first - timedelta(days=1))


@dataclass(frozen=True)
class Figure:
    """A number now and in the window before; `of` and `of_before` are what shares are shares of.

    A share or a median is None where there was nothing to take it of.
    """

    name: str
    value: float | None
    before: float | None
    of: int | None = None
    of_before: int | None = None
    filter: Filter = field(default_factory=dict)


@dataclass(frozen=True)
class Series:
    """A chart's data: each label and its number now and, where it can be compared, before."""

    name: str
    labels: tuple[str, ...]
    values: tuple[int, ...]
    before: tuple[int, ...]
    filters: tuple[Filter, ...] = ()


@dataclass(frozen=True)
class Figures:
    """All of a window."""

    window: Window
    single: Mapping[str, Figure]
    series: Mapping[str, Series]
