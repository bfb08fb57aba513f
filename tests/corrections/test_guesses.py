"""What a message may have been about, without a model."""

from __future__ import annotations

from datetime import datetime, timezone

from bot.conversations.model import Button
from bot.corrections.guesses import MOST, NearByWords, remembered
from bot.corrections.model import Wanted
from bot.corrections.shipped import Example
from bot.review.model import ReviewedMessage

NOW = datetime(2026, 11, 20, tzinfo=timezone.utc)


def visitor(intent: str | None, runner_up: str | None = None) -> ReviewedMessage:
    return ReviewedMessage("v", 1, "visitor", "hm", NOW, intent=intent, runner_up=runner_up)


def reply(subject: str, detail: str | None = None, *buttons: Button) -> ReviewedMessage:
    return ReviewedMessage("b", 1, "bot", "", NOW, subject, detail, buttons=buttons)


def test_the_likeliest_comes_first_and_what_was_replied_is_left_out():
    said = visitor("causes", "symptoms")
    assert remembered(said, [reply("fallback")]) == (Wanted("causes"), Wanted("symptoms"))
    assert remembered(said, [reply("causes")]) == (Wanted("symptoms"),)
    assert remembered(visitor("cause_detail"), [reply("cause_detail", "scar_tissue")]) == ()


def test_buttons_of_a_reply_that_asks_back_are_guesses_and_those_of_an_answer_are_not():
    buttons = [Button("1", "Phone", "phone"), Button("2", "Scars", "cause_detail", "scar_tissue")]
    found = remembered(visitor("portal"), [reply("did_you_mean", None, *buttons)])
    assert found == (Wanted("portal"), Wanted("phone"), Wanted("cause_detail", "scar_tissue"))
    assert remembered(visitor("portal"), [reply("portal", None, *buttons)]) == ()


def test_only_what_a_message_can_be_corrected_to_is_a_guess_and_they_are_few():
    for intent in ("nlu_fallback", "affirm", "out_of_scope", "faq", None):
        assert remembered(visitor(intent), [reply("fallback")]) == ()
    many = [Button(key, key, key) for key in ("phone", "portal", "human", "privacy", "causes")]
    assert len(remembered(visitor(None), [reply("fallback", None, *many)])) == MOST


def test_near_are_the_subjects_whose_messages_share_the_rarest_words():
    near = NearByWords(
        {
            "where is the portal": Example("portal", "portal.yml"),
            "where is the clinic": Example("clinic_admin", "x.yml"),
            "how do i park a car": Example("clinic_admin", "x.yml"),
            "yes where": Example("affirm", "affirm.yml"),
        }
    )
    assert near("Park my CAR, where?") == (Wanted("clinic_admin"), Wanted("portal"))
    assert near("the portal")[0] == Wanted("portal")
    assert near("") == near("zebra") == ()
