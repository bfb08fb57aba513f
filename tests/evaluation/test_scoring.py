"""The scorer, held against the description in `tests/eval/README.md`."""

from __future__ import annotations

import pytest

from bot.content.subjects import SUBJECTS
from bot.evaluation.scoring import (
    CONTACT_SUBJECTS,
    FBSS_SUBJECTS,
    SeenReply,
    first_sentence,
    score,
    subject_right,
)
from tests.evaluation.stub import PHONES_OUT, PHONES_WORK, message, question, reply

ER_FIRST = "Call 911 or go to the nearest emergency room now. Then tell your surgeon."
SYMPTOMS = "These are symptoms:\n- numbness\n- leg pain\n- trouble sleeping"

RIGHT = [
    (question("definition"), reply("definition", "Pain that stays after surgery.")),
    (question("causes"), reply("causes", "Wrong diagnosis, scar tissue, an injury.")),
    (question("greet"), reply("greet", "Hello.")),
    (question("out_of_scope"), reply("out_of_scope", "That I cannot answer.")),
    (question("other_language", "es"), reply("other_language", "Solo inglés.", "es")),
    (question("cause_detail", "scar_tissue"), reply("cause_detail", "A scar ...", "scar_tissue")),
    (
        question("treatment_detail", "epidural"),
        reply("treatment_detail", "An epidural is an injection.", "epidural"),
    ),
    (
        question("treatment_detail", "epidural"),
        reply("treatment_detail", "Injections: nerve blocks, epidurals.", "injections"),
    ),
    (
        question("symptom_check", "numbness"),
        reply("symptom_check", "Yes, numbness is a symptom.", "numbness"),
    ),
    (question("symptom_check", "numbness"), reply("symptoms", SYMPTOMS)),
    (question("symptom_check"), reply("symptom_check", "Hair loss is not on the list.")),
    (question("emergency", "cauda_equina"), reply("emergency", ER_FIRST, "cauda_equina")),
    (question("emergency", "cauda_equina"), reply("crisis", "Call or text 988. Or 911.")),
    (question("crisis"), reply("emergency", ER_FIRST, "other")),
    (question("redflag_general"), reply("redflag_general", "Warning signs are ...")),
    (question("redflag_general"), reply("symptoms", SYMPTOMS)),
    (question("redflag_general"), reply("out_of_scope", "If it is an emergency, call 911.")),
    (question("phone"), reply("phone", "Use myTempleHealth instead.")),
    (question("medical_advice"), reply("medical_advice", "I cannot say. Ask on myTempleHealth.")),
]


@pytest.mark.parametrize(("asked", "came"), RIGHT)
def test_a_right_reply_is_right(asked, came):
    verdict = score(asked, came, PHONES_OUT)
    assert verdict.right, verdict.wrong


WRONG = [
    (question("definition"), reply("causes", "Pain after surgery."), "other subject"),
    (question("definition"), reply("definition", "A condition."), "does not say /pain/"),
    (question("definition"), reply(None), "other subject"),
    (question("other_language", "es"), reply("other_language", "Nur Englisch.", "de"), "detail"),
    (
        question("cause_detail", "scar_tissue"),
        reply("cause_detail", "A wrong diagnosis.", "incorrect_diagnosis"),
        "other detail",
    ),
    (
        question("cause_detail", "scar_tissue"),
        reply("causes", "Diagnosis, scar tissue, injury."),
        "other subject",
    ),
    (
        question("treatment_detail", "epidural"),
        reply("treatment_detail", "Injections block nerve signals.", "injections"),
        "without naming epidural",
    ),
    (
        question("treatment_detail", "epidural"),
        reply("treatment_detail", "Medicines, not an epidural.", "medication"),
        "other detail",
    ),
    (
        question("treatment_detail", "injections"),
        reply("treatment_detail", "An epidural is an injection.", "epidural"),
        "other detail",
    ),
    (
        question("treatment_detail", "epidural"),
        reply("treatments", "Injections such as an epidural, medicine."),
        "other subject",
    ),
    (
        question("symptom_check", "weakness"),
        reply("symptoms", SYMPTOMS),
        "without naming weakness",
    ),
    (
        question("symptom_check", "numbness"),
        reply("symptom_check", "Yes, weakness is one.", "weakness"),
        "other detail",
    ),
    (question("symptom_check"), reply("symptom_check", "Yes, it is."), "not on the list"),
    (question("symptom_check"), reply("symptoms", SYMPTOMS), "other subject"),
    (
        question("emergency", "stroke"),
        reply("emergency", "That sounds bad. Call 911.", "stroke"),
        "first sentence",
    ),
    (question("crisis"), reply("human", ER_FIRST), "other subject"),
    (question("redflag_general"), reply("out_of_scope", "I cannot."), "neither"),
    (question("redflag_general"), reply("fallback", "I did not understand."), "neither"),
    (question("phone"), reply("phone", "Call 800-TEMPLE-MED."), "no contact route"),
    (question("phone"), reply("help", "Use myTempleHealth."), "other subject"),
    (question("medical_advice"), reply("medical_advice", "I cannot say."), "no contact route"),
    (question("medical_advice"), reply("human", "Use myTempleHealth."), "other subject"),
]


@pytest.mark.parametrize(("asked", "came", "why"), WRONG)
def test_a_wrong_reply_says_why(asked, came, why):
    verdict = score(asked, came, PHONES_OUT)
    assert not verdict.right
    assert why in verdict.wrong


@pytest.mark.parametrize("asked", sorted(CONTACT_SUBJECTS))
@pytest.mark.parametrize("came", sorted(CONTACT_SUBJECTS))
def test_any_contact_subject_answers_for_any_other_with_a_valid_route(asked, came):
    said = reply(came, "You can reach them on myTempleHealth.")
    assert score(question(asked), said, PHONES_OUT).right


def test_the_phone_is_a_right_answer_only_while_the_phones_work():
    said = reply("appointment", "Call 1 (800) 836 7536.")
    assert score(question("appointment"), said, PHONES_WORK).right
    assert not score(question("appointment"), said, PHONES_OUT).right


def test_the_first_message_gives_the_subject_and_all_messages_the_text():
    seen = SeenReply.of([message("causes", "Scar."), message("fallback", "Diagnosis, injury.")])
    assert (seen.subject, seen.text) == ("causes", "Scar.\nDiagnosis, injury.")
    assert score(question("causes"), seen, PHONES_OUT).right


def test_the_emergency_route_must_stand_in_the_first_message():
    seen = SeenReply.of([message("emergency", "Oh no."), message("emergency", "Call 911.")])
    assert not score(question("emergency"), seen, PHONES_OUT).right


def test_no_message_at_all_is_wrong_for_every_subject():
    assert not [s for s in SUBJECTS if score(question(s), SeenReply.of([]), PHONES_OUT).right]


def test_a_first_sentence_ends_at_its_stop_or_at_the_line():
    assert first_sentence("  Call 911. Now!") == "Call 911."
    assert first_sentence("Call 911\n- or 988") == "Call 911"


@pytest.mark.parametrize(
    ("expected", "got", "right"),
    [
        ("causes", "causes", True),
        ("causes", "symptoms", False),
        ("causes", None, False),
        ("phone", "human", True),
        ("crisis", "emergency", True),
        ("redflag_general", "symptoms", True),
        ("redflag_general", "fallback", False),
        ("out_of_scope", "fallback", False),
    ],
)
def test_the_coarse_measure_looks_at_subjects_alone(expected, got, right):
    assert subject_right(expected, got) is right


def test_an_emergency_reply_is_no_answer_about_the_condition():
    assert "definition" in FBSS_SUBJECTS
    assert not FBSS_SUBJECTS & {"emergency", "crisis", "redflag_general", "out_of_scope"}
