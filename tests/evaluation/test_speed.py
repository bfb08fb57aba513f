from __future__ import annotations

import time

from bot.evaluation.speed import MESSAGES, ROUNDS, understanding_ms


def test_every_message_has_twelve_words():
    assert {len(text.split()) for text in MESSAGES} == {12}


def test_the_median_is_taken_after_a_first_slow_one():
    heard: list[str] = []

    def understand(text: str) -> None:
        heard.append(text)
        time.sleep(0.05 if len(heard) == 1 else 0.001)

    took = understanding_ms(understand)
    assert 1 <= took < 50
    assert len(heard) == 1 + ROUNDS * len(MESSAGES)
