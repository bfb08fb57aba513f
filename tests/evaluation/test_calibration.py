from __future__ import annotations

import pytest

from bot.evaluation.calibration import calibrate
from bot.evaluation.shares import Share, wilson


def test_lines_fall_into_ten_bins_of_equal_width_and_certainty_into_the_last():
    found = calibrate(
        "mine", [(0.05, False), (0.1, True), (0.19, False), (0.95, True), (1.0, True)]
    )
    assert [(each.low, each.right.of) for each in found.bins] == [(0.0, 1), (0.1, 2), (0.9, 2)]
    assert found.bins[1].confidence == pytest.approx(0.145)
    assert found.bins[2].right == Share("0.9 to 1.0", 2, 2)
    assert found.lines == 5


def test_the_error_is_the_mean_distance_weighed_by_lines():
    found = calibrate("mine", [(0.9, True)] * 3 + [(0.9, False)] + [(0.5, False)] * 4)
    assert found.error == pytest.approx(0.5 * abs(0.9 - 0.75) + 0.5 * 0.5)


def test_who_is_right_as_often_as_sure_has_no_error_and_nobody_none():
    assert calibrate("mine", [(0.75, True)] * 3 + [(0.75, False)]).error == pytest.approx(0)
    assert calibrate("mine", []).error == 0
    assert calibrate("mine", []).lines == 0


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (5, 10, 0.2366, 0.7634),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_intervals_are_those_of_the_tables(count: int, of: int, low: float, high: float):
    """0 and 10 of 10: Brown, Cai and DasGupta 2001; 81 of 263: Newcombe 1998, table I."""
    assert wilson(count, of) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_of_nothing_nothing_is_known():
    assert wilson(0, 0) == (0.0, 1.0)
    assert Share("nothing", 0, 0).percent == 0
    assert Share("nothing", 0, 0).interval == (0.0, 100.0)
