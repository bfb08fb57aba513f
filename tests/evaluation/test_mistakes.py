from __future__ import annotations

import pytest

from bot.evaluation.mistakes import Kind, group, kind_of, pair
from tests.evaluation.stub import outcome

CASES = [
    (outcome("emergency", "greet"), Kind.EMERGENCY_MISSED),
    (outcome("crisis", "emergency", "not the first sentence"), Kind.EMERGENCY_LATE),
    (outcome("phone", "crisis"), Kind.FALSE_ALARM),
    (outcome("out_of_scope", "emergency"), Kind.FALSE_ALARM),
    (outcome("out_of_scope", "causes"), Kind.OUTSIDE_ANSWERED),
    (outcome("out_of_scope", "phone"), Kind.OUTSIDE_OTHERWISE),
    (outcome("causes", "fallback"), Kind.NOT_ANSWERED),
    (outcome("causes", None), Kind.NOT_ANSWERED),
    (outcome("causes", "did_you_mean"), Kind.ASKED_BACK),
    (outcome("causes", "out_of_scope"), Kind.TURNED_AWAY),
    (outcome("causes", "symptoms"), Kind.OTHER_SUBJECT),
    (outcome("cause_detail", "cause_detail", "other detail"), Kind.OTHER_DETAIL),
    (outcome("causes", "causes", "does not say /scar/"), Kind.LACKING),
]


@pytest.mark.parametrize(("wrong", "kind"), CASES)
def test_every_wrong_reply_went_wrong_in_one_way(wrong, kind: Kind):
    assert kind_of(wrong) is kind


def test_every_way_has_its_case():
    assert {kind for _, kind in CASES} == set(Kind)


def test_the_gravest_come_first_and_the_most_frequent_pairs_within():
    wrong = [
        outcome("causes", "symptoms"),
        outcome("greet", "help"),
        outcome("greet", "help", file="blind/messages"),
        outcome("crisis", "greet"),
    ]
    first, second = group(wrong)
    assert (first.kind, second.kind) == (Kind.EMERGENCY_MISSED, Kind.OTHER_SUBJECT)
    assert second.pairs == (("greet", "help", 2), ("causes", "symptoms", 1))
    assert [pair(each) for each in second.outcomes][0] == ("greet", "help")
    assert len(second.outcomes) == 3
    assert len(second.shown) == 2


def test_details_are_told_where_the_subject_is_right():
    detailed = outcome("cause_detail", "cause_detail", "other detail", detail="scar_tissue")
    assert pair(detailed) == ("cause_detail/scar_tissue", "cause_detail")
    assert pair(outcome("cause_detail", None, detail="scar_tissue")) == ("cause_detail", "(none)")
