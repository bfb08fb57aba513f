"""Details found by their words, however they are typed."""

from __future__ import annotations

import dataclasses

import pytest

from bot.content.model import LIBRARY, Answer, Snapshot
from bot.content.wordings import NOT_LISTED
from bot.nlu.encoder import SentenceEncoder
from bot.nlu.matcher import DetailMatcher, Mention
from tests.nlu.contents import snapshot

CONTENT = snapshot(
    {
        ("treatment_detail", "injections"): ["Injection therapies", "injections", "shots"],
        ("treatment_detail", "epidural"): ["Epidural injections", "epidural", "ESI"],
        ("treatment_detail", "topical"): ["Topical ointments", "ointment"],
        ("treatment_detail", "medication"): ["Medication management", "medication"],
        ("treatment_detail", "si_joint_injection"): ["SI joint injections"],
        ("cause_detail", "scar_tissue"): ["Scar tissue", "epidural fibrosis"],
        ("cause_detail", "poor_surgery_results"): ["Poor results", "fusion didn't take"],
        ("symptom_check", "numbness"): ["Numbness", "numb"],
        ("symptom_check", "leg_pain"): ["Leg pain", "pain down the leg"],
        ("emergency", "cauda_equina"): ["Cauda equina", "numb between the legs"],
    }
)
UNLISTED = Answer(
    99, 1, LIBRARY, "treatment_detail", None, "One treatment", "",
    also_called=("stem cell", "TENS", "ablation", "massage"),
)  # fmt: skip
WITH_UNLISTED = dataclasses.replace(
    CONTENT, answers={**CONTENT.answers, (LIBRARY, "treatment_detail", None): UNLISTED}
)


@pytest.fixture(scope="module")
def matcher(encoder: SentenceEncoder) -> DetailMatcher:
    return DetailMatcher(CONTENT, encoder.known_words)


@pytest.fixture(scope="module")
def of_the_product(encoder: SentenceEncoder, shipped: Snapshot) -> DetailMatcher:
    return DetailMatcher(shipped, encoder.known_words)


@pytest.fixture(scope="module")
def with_unlisted(encoder: SentenceEncoder) -> DetailMatcher:
    return DetailMatcher(WITH_UNLISTED, encoder.known_words)


def details(found: tuple[Mention, ...]) -> list[str]:
    return [mention.detail for mention in found]


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("what is scar tissue", "scar_tissue"),
        ("SCAR TISSUE!!", "scar_tissue"),
        ("my scar-tissue", "scar_tissue"),
        ("scar/tissue?", "scar_tissue"),
        ("“scar tissue”", "scar_tissue"),
        ("do you give an injection", "injections"),
        ("an ointments", "topical"),
        ("is an esi safe", "epidural"),
        ("si-joint injection", "si_joint_injection"),
        ("my fusion didn't take", "poor_surgery_results"),
        ("my fusion didn’t take", "poor_surgery_results"),
        ("my fusion didnt take", "poor_surgery_results"),
        ("my fusion did not take", "poor_surgery_results"),
    ],
)
def test_a_detail_is_found_in_any_case_number_and_punctuation(
    matcher: DetailMatcher, text: str, detail: str
):
    assert details(matcher.find(text)) == [detail]


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("what about medicaton", "medication"),
        ("mediaction please", "medication"),
        ("an ointmnt", "topical"),
        ("epideral", "epidural"),
        ("nummb foot", "numbness"),
        ("numbess", "numbness"),
        ("scar tisue", "scar_tissue"),
    ],
)
def test_a_misspelt_word_is_mended(matcher: DetailMatcher, text: str, detail: str):
    assert details(matcher.find(text)) == [detail]


@pytest.mark.parametrize(
    "text",
    [
        "can I get an apointment",  # one letter from "ointment", but another first one
        "an appointment",
        "meditation",  # a word of its own, two letters from "medication"
        "shops",
        "nmb",  # too short to guess
        "leg and pain",
        "the scar of tissue",
        "injections!".replace("i", "1"),
        "",
        "   ",
        "?!",
    ],
)
def test_what_only_looks_like_a_detail_is_none(matcher: DetailMatcher, text: str):
    assert matcher.find(text) == ()


def test_the_longest_wins_where_two_of_a_kind_overlap(matcher: DetailMatcher):
    assert details(matcher.find("are epidural injections painful")) == ["epidural"]


def test_details_of_different_kinds_may_overlap(matcher: DetailMatcher):
    found = matcher.find("I am numb between the legs")
    assert [(m.entity, m.detail) for m in found] == [
        ("emergency_sign", "cauda_equina"),
        ("symptom", "numbness"),
    ]


def test_mentions_come_in_the_order_of_the_text_and_say_where_they_stand(matcher: DetailMatcher):
    text = "Is numbness from scar-tissue, or from my “shots”?"
    found = matcher.find(text)
    assert [(m.detail, text[m.start : m.end]) for m in found] == [
        ("numbness", "numbness"),
        ("scar_tissue", "scar-tissue"),
        ("injections", "shots"),
    ]


def test_a_word_named_twice_is_mentioned_twice(matcher: DetailMatcher):
    assert details(matcher.find("numb here and numb there")) == ["numbness", "numbness"]


@pytest.mark.parametrize(
    "text",
    [
        "stem cell injections",
        "injections of stem cells",
        "shots with stem cells",
        "epidural ablation",
        "an epidural massage",
        "TENS injections",
        "stemcell injctions",
    ],
)
def test_an_unlisted_name_takes_the_listed_one_that_is_a_part_of_it(
    with_unlisted: DetailMatcher, text: str
):
    assert details(with_unlisted.find(text)) == [NOT_LISTED]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("massage, injections", [NOT_LISTED, "injections"]),
        ("massage or an epidural", [NOT_LISTED, "epidural"]),
        ("an epidural instead of massage", ["epidural", NOT_LISTED]),
        ("stem cells for scar tissue", [NOT_LISTED, "scar_tissue"]),
        ("massage scar tissue", [NOT_LISTED, "scar_tissue"]),  # another kind of thing
    ],
)
def test_a_listed_name_beside_an_unlisted_one_is_kept(
    with_unlisted: DetailMatcher, text: str, expected: list[str]
):
    assert details(with_unlisted.find(text)) == expected


def test_an_abbreviation_is_not_read_as_a_plural(with_unlisted: DetailMatcher):
    assert details(with_unlisted.find("tens?")) == [NOT_LISTED]
    assert details(with_unlisted.find("ten years ago, and SI joint injections")) == [
        "si_joint_injection"
    ]


@pytest.mark.parametrize(
    ("text", "detail", "said"),
    [
        ("an epi dural please", "epidural", "epi dural"),
        ("scartissue?", "scar_tissue", "scartissue"),
        ("painn down her leg", "leg_pain", "painn down her leg"),
        ("pain down their left-leg", None, ""),
    ],
)
def test_articles_and_spaces_make_no_difference_and_places_stay_right(
    matcher: DetailMatcher, text: str, detail: str | None, said: str
):
    found = matcher.find(text)
    assert details(found) == ([detail] if detail else [])
    assert [text[m.start : m.end] for m in found] == ([said] if said else [])


def test_without_cues_nothing_is_excluded(matcher: DetailMatcher):
    (found,) = matcher.find("no injections")
    assert not found.excluded


def test_content_without_details_finds_none(encoder: SentenceEncoder):
    assert DetailMatcher(snapshot({}), encoder.known_words).find("numb scar tissue") == ()


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("misdiagnosed", "incorrect_diagnosis"),
        ("epidural fibrosis", "scar_tissue"),
        ("sciatica", "leg_pain"),
        ("pins and needles", "tingling"),
        ("insomnia", "trouble_sleeping"),
        ("anxious", "depression_anxiety"),
        ("do you do ESIs", "epidural"),
        ("gabapentin", "antiepileptics"),
        ("ibuprofin", "nsaids"),
        ("oxycodone", "opioids"),
        ("cymbalta", "antidepressants"),
        ("baclofen", "muscle_relaxants"),
        ("lidocaine patch", "topical"),
        ("a TENS unit is no implant but a spinal cord stimulator is", "spinal_cord_stimulation"),
        ("DRG", "drg_stimulation"),
        ("Botox", "botox"),
        ("pain pump", "pain_pump"),
        ("talk therapy", "behavioral_health"),
        ("facet joint injection", "facet_injection"),
        ("trigger-point shots", "trigger_point"),
    ],
)
def test_the_shipped_content_knows_lay_words_brands_and_abbreviations(
    of_the_product: DetailMatcher, text: str, detail: str
):
    assert detail in details(of_the_product.find(text))
