"""Which corrections a model learns."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

from bot.corrections.learning import Lesson, Shipped, lesson, why_not
from bot.corrections.model import Correction, State, Wanted, digest_of, key_of, one_line
from bot.folding import folded
from bot.paths import EVAL_DIR, NLU_DIR
from tests.chat.stage import START
from tests.corrections.conftest import SHIPPED
from tests.house_rules import training as house_rules


def correction(text: str, subject: str, minutes: int = 0) -> Correction:
    at = START + timedelta(minutes=minutes)
    wanted = Wanted(subject)
    return Correction(f"{text} {minutes}", text, wanted, "temple", State.TRAINING, "Ana", at)


def test_a_message_as_it_was_stored_and_as_it_stands_in_a_file_has_one_key():
    assert key_of("What  IS it?!") == key_of("/what is\nit") == "what is it"
    assert key_of("👍\n") == key_of("👍") != key_of("👎")
    assert digest_of("What  IS it?!") == digest_of("what is it")


def test_the_same_corrections_in_any_order_are_the_same_lesson():
    some = [correction(f"message {n % 7}", "portal", n) for n in range(20)]
    shuffled = random.Random(1).sample(some, len(some))
    assert lesson(some, SHIPPED) == lesson(shuffled, SHIPPED)
    assert len(lesson(some, SHIPPED).examples) == 7


def test_only_what_is_in_training_is_learnt():
    others = [State.NEW, State.REGRESSION, State.WITHDRAWN]
    some = [
        replace(correction(f"message {state.value}", "portal"), state=state) for state in others
    ]
    taught = correction("where to park", "phone")
    assert lesson([*some, taught], SHIPPED) == Lesson((("phone", "where to park"),))


def test_of_two_that_say_different_things_the_later_counts_and_the_other_is_told():
    early, late = correction("Where to park", "portal"), correction("where to park?", "phone", 1)
    made = lesson([early, late], SHIPPED)
    assert made.examples == (("phone", "where to park?"),)
    assert [each.correction for each in made.left_out] == [early]


def test_what_is_learnt_stands_on_one_line_without_a_sign_of_a_command():
    assert one_line(" /where\n\tto\x00 park ") == "where to park"


def test_no_line_that_we_measure_with_can_be_learnt_and_no_shipped_one_again():
    shipped = Shipped.read()
    assert len(shipped.measured) > 2_000
    assert len(shipped.training) > 10_000
    line = (EVAL_DIR / "typical.jsonl").read_text(encoding="utf-8").partition('"text": "')[2]
    text = line.partition('"')[0]
    assert "measured with" in str(why_not(text.upper(), "portal", shipped))
    here = house_rules.examples()[0]
    assert "already" in str(why_not(f"{here.text}!", here.intent, shipped))
    assert (NLU_DIR / shipped.training[folded(here.text)].file).is_file()
