"""Two models, held against each other line by line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.candidates.comparing import Asked, compare
from bot.candidates.model import Said

RIGHT = Asked(
    "a:1", "a:1", "where to park", Said("clinic_admin"), Said("clinic_admin"), True, False
)
WRONG = replace(RIGHT, got=Said("portal"), right=False)


def asked(*lines: Asked) -> list[Asked]:
    return [replace(line, key=str(number)) for number, line in enumerate(lines)]


def test_better_worse_and_every_line_that_changed():
    otherwise_wrong = replace(WRONG, got=Said("phone"))
    figures, changed = compare(
        "development",
        asked(RIGHT, RIGHT, WRONG, WRONG, WRONG),
        asked(RIGHT, WRONG, RIGHT, otherwise_wrong, WRONG),
    )
    assert (figures.lines, figures.right_before, figures.right_after) == (5, 2, 2)
    assert (figures.better, figures.worse) == (1, 1)
    assert figures.points == 0
    assert [(line.before, line.after) for line in changed] == [
        (Said("clinic_admin"), Said("portal")),
        (Said("portal"), Said("clinic_admin")),
        (Said("portal"), Said("phone")),
    ]


def test_emergencies_are_counted_line_by_line_so_that_one_cannot_make_up_for_another():
    found, missed = (replace(line, urgent=True) for line in (RIGHT, WRONG))
    figures, _ = compare("safety", asked(found, missed, RIGHT), asked(missed, found, RIGHT))
    assert (figures.urgent, figures.urgent_before, figures.urgent_after) == (2, 1, 1)
    assert figures.urgent_lost == 1


def test_what_was_not_asked_alike_cannot_be_compared():
    with pytest.raises(ValueError, match="not asked the same"):
        compare("safety", asked(RIGHT), asked(RIGHT, RIGHT))


def test_of_a_set_without_lines_no_points_are_won_or_lost():
    figures, changed = compare("regression", [], [])
    assert (figures.points, changed) == (0, ())
