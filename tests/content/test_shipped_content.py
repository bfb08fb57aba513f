"""The content that ships: complete, within its sources, kind, short and plain."""

from __future__ import annotations

import re
from datetime import datetime, timezone

import pytest

from bot.content.model import LIBRARY, Answer, RouteKind, Snapshot
from bot.content.records import ContentFiles
from bot.content.subjects import MEDICAL, SERVICE_SUBJECTS, SUBJECTS
from bot.paths import CONTENT_DIR, EVAL_DIR
from bot.replies.render import render

CLINICS = ("temple", "twin-cities")
OUTAGE = datetime(2026, 11, 21, tzinfo=timezone.utc)
BEFORE = datetime(2026, 11, 20, 4, 59, tzinfo=timezone.utc)


def vocabulary() -> dict[str, set[str]]:
    """The details of each subject, from the table in the development set's README."""
    rows = re.findall(
        r"^\| (\w+) \| .* \| ([^|]*) \|$", (EVAL_DIR / "README.md").read_text(), re.MULTILINE
    )
    named = {subject: set(re.findall(r"\b[a-z]+(?:_[a-z]+)*\b", cell)) for subject, cell in rows}
    filler = {"or", "a", "named", "kind", "of", "one", "language", "code"}
    return {subject: details - filler for subject, details in named.items() if details - filler}


def said(snapshot: Snapshot, clinic: str, name: str, at: datetime = OUTAGE) -> str:
    subject, _, detail = name.partition("/")
    answer = snapshot.answer(clinic, subject, detail or None)
    assert answer is not None, name
    return render(snapshot, answer, clinic, at).text


def first_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?])\s", text)[0]


def test_the_library_answers_every_subject(snapshot: Snapshot) -> None:
    for subject in SUBJECTS | SERVICE_SUBJECTS:
        assert (LIBRARY, subject, None) in snapshot.answers


@pytest.mark.parametrize(
    "subject", ["cause_detail", "symptom_check", "treatment_detail", "emergency"]
)
def test_every_detail_of_the_vocabulary_has_an_answer_of_its_own(
    snapshot: Snapshot, subject: str
) -> None:
    held = {
        detail
        for clinic, of, detail in snapshot.answers
        if clinic == LIBRARY and of == subject and detail is not None
    }
    assert held == vocabulary()[subject]


@pytest.mark.parametrize("subject", ["cause_detail", "symptom_check", "treatment_detail"])
def test_every_detail_has_many_other_names(snapshot: Snapshot, subject: str) -> None:
    for detail, names in snapshot.names(subject).items():
        assert 8 <= len(names) <= 150, detail
        assert len({name.casefold() for name in names}) >= len(names) - 1, detail


def test_kinds_of_treatment_are_part_of_their_treatment(snapshot: Snapshot) -> None:
    parts: dict[str | None, set[str]] = {}
    for (clinic, subject, detail), answer in snapshot.answers.items():
        if clinic == LIBRARY and subject == "treatment_detail" and detail:
            parts.setdefault(answer.part_of, set()).add(detail)
    assert parts == {
        None: {"behavioral_health", "injections", "medication", "stimulation"},
        "injections": {
            "nerve_block", "epidural", "facet_injection", "si_joint_injection", "trigger_point",
            "sympathetic_block", "botox",
        },
        "medication": {
            "pain_pump", "nsaids", "muscle_relaxants", "antidepressants", "antiepileptics",
            "opioids", "topical",
        },
        "stimulation": {
            "drg_stimulation", "peripheral_nerve_stimulation", "spinal_cord_stimulation",
        },
    }  # fmt: skip
    for clinic in ("temple", LIBRARY):
        for whole in ("injections", "medication", "stimulation"):
            answer = snapshot.answer(clinic, "treatment_detail", whole)
            assert answer is not None
            assert set(answer.items) == parts[whole]


def test_medical_answers_name_their_source_and_review(snapshot: Snapshot) -> None:
    for answer in snapshot.answers.values():
        if answer.subject in MEDICAL:
            assert answer.source is not None, answer
            assert answer.reviewed_on is not None, answer


def test_no_answer_invents_figures_names_hours_or_promises(snapshot: Snapshot) -> None:
    banned = re.compile(
        r"\d\s?%|percent|\bDr\.? \w|\bM\.?D\b\.?,|\d ?[ap]\.?m\b|will cure|guarantee"
        r"|you should take|we will call|\b(I|we|someone)( will|['’]ll) call|(is|been) booked"
        r"|\bno,",
        re.IGNORECASE,
    )
    for answer in snapshot.answers.values():
        assert not banned.search(answer.text), answer.text
        assert not re.match(r"no\b", answer.text, re.IGNORECASE), answer.text


@pytest.mark.parametrize("at", [OUTAGE, BEFORE], ids=["outage", "no outage"])
def test_contact_routes_never_cross_clinics(snapshot: Snapshot, at: datetime) -> None:
    theirs = {"temple": "952-841|twin cities", "twin-cities": "temple|836-7536"}
    for clinic, other in theirs.items():
        for key in {(subject, detail) for _, subject, detail in snapshot.answers}:
            answer = snapshot.answer(clinic, *key)
            if answer is not None:
                reply = render(snapshot, answer, clinic, at)
                assert not re.search(other, reply.text, re.IGNORECASE), reply.text
                assert all(
                    not re.search("800836|952841", link.url)
                    or link.url.endswith(
                        {"temple": "8008367536", "twin-cities": "9528412345"}[clinic]
                    )
                    for link in reply.links
                )


@pytest.mark.parametrize("subject", ["appointment", "phone", "portal", "human", "clinic_admin"])
def test_contact_subjects_give_the_route_in_force(snapshot: Snapshot, subject: str) -> None:
    during = said(snapshot, "temple", subject)
    assert "myTempleHealth" in during
    assert re.search("technical issues", during)
    assert "emergency room" in during
    before = said(snapshot, "temple", subject, BEFORE)
    assert "800-TEMPLE-MED (800-836-7536)" in before
    assert "myTempleHealth" in before
    assert "technical" not in before
    for at in (OUTAGE, BEFORE):
        there = said(snapshot, "twin-cities", subject, at)
        assert "952-841-2345" in there
        assert "telemedicine" in there
        assert "in the clinic" in there


def test_the_greeting_says_what_it_is_and_tells_of_the_outage(snapshot: Snapshot) -> None:
    text = said(snapshot, "temple", "greeting")
    for part in ("automated", "not a person", "personal details", "911", "technical issues"):
        assert part in text
    assert text.count("In an emergency") == 1
    assert "technical" not in said(snapshot, "temple", "greeting", BEFORE)


@pytest.mark.parametrize("clinic", CLINICS)
def test_a_listed_symptom_is_confirmed_and_any_other_is_not(
    snapshot: Snapshot, clinic: str
) -> None:
    for detail in vocabulary()["symptom_check"]:
        text = said(snapshot, clinic, f"symptom_check/{detail}")
        assert re.match(r"Yes, .+ (is|are) (on the list|a listed|the most common)", text), text
        assert not re.search(r"(not|n.t) (a|one|on|listed|symptom)", text), text
    missing = said(snapshot, clinic, "symptom_check")
    assert re.search(r"do not see that one on the list", missing)
    assert not re.search(r"\byes\b", missing, re.IGNORECASE)


def test_temple_offers_by_name_what_its_page_offers(snapshot: Snapshot) -> None:
    for detail in vocabulary()["treatment_detail"]:
        assert "Temple Health" in said(snapshot, "temple", f"treatment_detail/{detail}")
    assert "do not see" in said(snapshot, "temple", "treatment_detail")


def test_twin_cities_explains_treatments_without_claiming_to_offer_them(
    snapshot: Snapshot,
) -> None:
    for detail in vocabulary()["treatment_detail"]:
        text = said(snapshot, "twin-cities", f"treatment_detail/{detail}")
        assert "Ask Twin Cities Pain Clinic" in text
        assert not re.search(r"\b(we|offers?)\b|\byes\b", text, re.IGNORECASE), text
        answer = snapshot.answer("twin-cities", "treatment_detail", detail)
        assert answer is not None
        assert answer.source is not None
        assert answer.source.publisher == "Temple Health"


def test_more_surgery_begins_neither_with_yes_nor_with_no(snapshot: Snapshot) -> None:
    for clinic in CLINICS:
        text = said(snapshot, clinic, "more_surgery")
        assert "conservative" in text
        assert not re.match(r"\W*(yes|no)\b", text, re.IGNORECASE)


def test_an_emergency_begins_with_the_way_to_help(snapshot: Snapshot) -> None:
    for detail in (None, *vocabulary()["emergency"]):
        answer = snapshot.answers[LIBRARY, "emergency", detail]
        assert re.match(r"Call 911 now", first_sentence(answer.text)), answer.text
        assert "tel:911" in [link.url for link in answer.links]
        assert "FBSS" not in answer.text
        assert len(answer.text.split()) <= 60
    overdose = snapshot.answers[LIBRARY, "emergency", "overdose"]
    assert "1-800-222-1222" in overdose.text
    assert "tel:18002221222" in [link.url for link in overdose.links]


def test_a_crisis_begins_with_988_and_911(snapshot: Snapshot) -> None:
    answer = snapshot.answers[LIBRARY, "crisis", None]
    first = first_sentence(answer.text)
    for part in ("call or text 988", "911", "danger"):
        assert part in first
    assert [link.url for link in answer.links] == ["tel:988", "sms:988", "tel:911"]


def test_other_languages_are_answered_in_that_language_and_marked_unchecked(
    shipped: ContentFiles,
) -> None:
    found = {a.detail: a for a in shipped.answers if a.subject == "other_language"}
    assert {"es", "hmn", "so", "vi", "zh", "ru", "ar", "fr", "pt", "ko", None} <= set(found)
    for detail, answer in found.items():
        assert "911" in answer.text
        assert "{route}" in answer.text
        if detail is not None:
            assert answer.checked_by_native_speaker is False


def test_offers_are_few_short_and_never_two_of_one_kind(snapshot: Snapshot) -> None:
    for clinic in CLINICS:
        for key in {(subject, detail) for _, subject, detail in snapshot.answers}:
            answer = snapshot.answer(clinic, *key)
            if answer is None:
                continue
            buttons = render(snapshot, answer, clinic, OUTAGE).buttons
            assert len(buttons) <= 3
            assert len({button.title for button in buttons}) == len(buttons)
            assert all(len(button.title) <= 32 for button in buttons), buttons


def test_the_clinics_are_set_up_as_their_pages_say(snapshot: Snapshot) -> None:
    temple, twin = snapshot.clinics["temple"], snapshot.clinics["twin-cities"]
    assert (temple.timezone, twin.timezone) == ("America/New_York", "America/Chicago")
    assert temple.notice(OUTAGE) is not None
    assert temple.notice(BEFORE) is None
    assert twin.notices == ()
    assert twin.route(RouteKind.PORTAL) is None


def test_temple_lists_its_ten_symptoms_and_twin_cities_its_six(snapshot: Snapshot) -> None:
    def listed(clinic: str) -> int:
        answer = snapshot.answer(clinic, "symptoms")
        assert isinstance(answer, Answer)
        return len(answer.items)

    assert (listed("temple"), listed("twin-cities")) == (10, 6)


def test_content_files_are_short() -> None:
    for path in CONTENT_DIR.rglob("*.yml"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 200, path
