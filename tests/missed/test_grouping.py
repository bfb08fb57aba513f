"""Joining and merging, on vectors that can be drawn."""

from __future__ import annotations

import numpy as np

from bot.missed.grouping import Groups
from bot.missed.wording import Wording, normalised
from tests.missed.grouped import grouped


def at(*degrees: float) -> np.ndarray:
    """Unit vectors in a plane."""
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def test_a_vector_joins_the_group_that_it_is_most_like_or_none():
    groups = Groups(2, join=0.8)
    groups.add(3, at(0))
    groups.add(5, at(90, 100))
    assert [groups.nearest(vector) for vector in at(20, 80, 180)] == [3, 5, None]
    assert Groups(2).nearest(at(0)[0]) is None


def test_more_groups_than_were_foreseen_find_room():
    groups = Groups(2, join=0.99999)
    vectors = at(*range(0, 360, 2))
    for number, vector in enumerate(vectors):
        groups.add(number, vector)
    assert [groups.nearest(vector) for vector in vectors] == list(range(180))


def test_of_alike_groups_the_older_stays_and_what_follows_is_seen_anew():
    groups = Groups(2, join=0.9, merge=0.8)
    for number, degree in ((1, 0), (2, 20), (3, 40), (4, 180)):
        groups.add(number, at(degree))
    pairs = list(groups.alike())
    assert len(pairs) == 2
    assert {goes for _, goes in pairs} == {2, 3}
    assert pairs[-1][0] == 1


def test_what_staff_dealt_with_never_goes_and_two_of_it_never_merge():
    groups = Groups(2, join=0.9, merge=0.5)
    for number, degree in ((1, 0), (2, 1), (3, 2)):
        groups.add(number, at(degree))
    assert list(groups.alike(fixed={2, 3})) in ([(2, 1)], [(3, 1)])


def test_one_order_or_another_makes_the_same_groups_where_they_are_far_apart():
    vectors = at(0, 5, 90, 95, 180)
    assert grouped(vectors, join=0.9, merge=0.9) == [1, 1, 3, 3, 5]
    turned = grouped(vectors[::-1], join=0.9, merge=0.9)[::-1]
    assert [turned.index(number) for number in turned] == [0, 0, 2, 2, 4]


def test_what_stands_before_a_question_and_misspelt_or_other_words_make_no_difference():
    wording = Wording({"injection": ["shot"], "insurance": ["cigna"]}, ["insurance"], {"take"})
    assert wording("Hi, do u take cigna?") == wording("do you take insurence") != ""
    assert wording("shot") == "injection"
    assert wording("hello") == "hello"


def test_copies_are_told_by_their_words_alone():
    assert normalised("Where  do I PARK?!") == normalised("where do i park")
    assert normalised("where do i park") != normalised("where do we park")
