from __future__ import annotations

import dataclasses
import hashlib
import time
from collections.abc import Sequence

import numpy as np
import pytest

from bot.content import answer_index
from bot.content.answer_index import AnswerIndex, texts_of
from bot.content.model import LIBRARY, Answer

WIDTH = 64


def vectors(texts: Sequence[str]) -> np.ndarray:
    """The mean of a random vector for each word: texts that share words are near."""
    rows = []
    for text in texts:
        words = [word.strip("?.,").lower() for word in text.split()] or [""]
        seeds = [int.from_bytes(hashlib.sha256(w.encode()).digest()[:4], "big") for w in words]
        rows.append(sum(np.random.default_rng(seed).standard_normal(WIDTH) for seed in seeds))
    found = np.array(rows, dtype=np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def of(text: str) -> np.ndarray:
    return vectors([text])[0]


def written(detail: str, *examples: str, clinic: str = LIBRARY, **more: str) -> Answer:
    body = {"title": detail, "text": f"About {detail}.", **more}
    return Answer(1, 1, clinic, "faq", detail, examples=examples, **body)


PARKING = written("ramp", "Is there a ramp?", "Can wheelchairs enter?", "Any step free door?")
DOGS = written("dogs", "Can my dog come?", "Are pets allowed?")
HOTEL = written("hotel", "Where can we sleep?", "Is a hotel nearby?", clinic="temple")
OTHER = written("shuttle", "Is a bus there?", "Which train goes?", clinic="twin-cities")


def test_the_answer_whose_examples_share_most_is_nearest() -> None:
    index = AnswerIndex.of([PARKING, DOGS, HOTEL], vectors)
    found = index.nearest(of("may pets like my dog come"), {LIBRARY})
    assert [match.detail for match in found] == ["dogs", "ramp"]
    assert found[0].nearness > found[1].nearness


def test_nearness_is_the_mean_of_the_two_nearest_examples_with_shares_of_text_and_title() -> None:
    question = of("is there a ramp")
    found = AnswerIndex.of([PARKING], vectors).nearest(question, {LIBRARY})
    title, text, *examples = vectors(texts_of(PARKING)) @ question
    expected = np.mean(sorted(examples)[-2:]) + 0.4 * text + 0.2 * title
    assert found[0].nearness == pytest.approx(expected, abs=0.01)


def test_only_the_answers_of_the_owners_asked_for_are_found() -> None:
    index = AnswerIndex.of([PARKING, DOGS, HOTEL, OTHER], vectors)
    found = index.nearest(of("where is a hotel"), {LIBRARY, "temple"})
    assert {match.detail for match in found} == {"ramp", "dogs", "hotel"}
    assert index.nearest(of("where is a hotel"), {"nobody"}) == []


def test_a_key_that_a_clinic_and_the_library_have_is_found_once() -> None:
    own = dataclasses.replace(DOGS, clinic="temple", examples=("Do cats come?", "Any cats?"))
    found = AnswerIndex.of([DOGS, own], vectors).nearest(of("any cats"), {LIBRARY, "temple"})
    assert [match.detail for match in found] == ["dogs"]
    alone = AnswerIndex.of([own], vectors).nearest(of("any cats"), {"temple"})
    assert found[0].nearness == pytest.approx(alone[0].nearness)


def test_answers_without_examples_and_of_other_subjects_are_left_out() -> None:
    trained = dataclasses.replace(PARKING, subject="treatments", detail=None)
    assert len(AnswerIndex.of([trained, dataclasses.replace(DOGS, examples=())], vectors)) == 0
    assert AnswerIndex.of([], vectors).nearest(of("a dog"), {LIBRARY}) == []


def test_only_the_texts_of_new_answers_are_asked_for() -> None:
    asked: list[str] = []

    def counting(texts: Sequence[str]) -> np.ndarray:
        asked.extend(texts)
        return vectors(texts)

    first = AnswerIndex.of([PARKING, DOGS], counting)
    asked.clear()
    edited = dataclasses.replace(DOGS, examples=("Do cats come?", "Are pets allowed?"), version=2)
    second = AnswerIndex.of([PARKING, edited, HOTEL], counting, first)
    assert set(asked) == {*texts_of(edited), *texts_of(HOTEL)}
    assert second.nearest(of("do cats come"), {LIBRARY})[0].detail == "dogs"
    anew = AnswerIndex.of([PARKING, edited, HOTEL], vectors)
    for one, other in zip(
        second.nearest(of("a ramp"), {LIBRARY}), anew.nearest(of("a ramp"), {LIBRARY})
    ):
        assert one.detail == other.detail
        assert one.nearness == pytest.approx(other.nearness, abs=1e-5)


def test_an_unchanged_set_of_answers_keeps_its_index() -> None:
    first = AnswerIndex.of([PARKING, DOGS], vectors)
    assert AnswerIndex.of([DOGS, PARKING], vectors, first) is first
    assert len(AnswerIndex.of([DOGS], vectors, first)) == 1


def test_the_first_look_at_many_answers_loses_none_that_is_near(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(answer_index, "CLOSER_LOOK", 10)
    monkeypatch.setattr(answer_index, "AT_ONCE", 7)
    many = [
        written(f"a{n}", *(f"word{n} thing{n} {filler}" for filler in ("how", "why", "when")))
        for n in range(200)
    ]
    index = AnswerIndex.of(many, vectors)
    for n in range(0, 200, 20):
        found = index.nearest(of(f"please word{n} thing{n}"), {LIBRARY})
        assert (found[0].detail, len(found)) == (f"a{n}", 10)


def test_placeholders_of_a_text_say_nothing_about_what_it_is_on() -> None:
    assert texts_of(written("dogs", "a", "b", text="No dogs. {route}"))[1] == "No dogs. "


def test_ten_thousand_answers_cost_little_more_than_multiplying_their_vectors() -> None:
    """In each of two owners half of them; medians, as other work may run beside."""
    draw = np.random.default_rng(0)

    def random(texts: Sequence[str]) -> np.ndarray:
        found = draw.standard_normal((len(texts), 384), dtype=np.float32)
        return found / np.linalg.norm(found, axis=1, keepdims=True)

    examples = ("one", "two", "three", "four", "five")
    owners = (LIBRARY, "temple")
    many = [written(f"a{n}", *examples, clinic=owners[n % 2]) for n in range(10_000)]
    index = AnswerIndex.of(many, random)
    assert len(index) == 10_000
    matrix = random(["?"] * 5 * 10_000)
    ours, least = [], []
    for question in random(["?"] * 50):
        started = time.perf_counter()
        index.nearest(question, owners)
        ours.append(time.perf_counter() - started)
        started = time.perf_counter()
        matrix @ question
        least.append(time.perf_counter() - started)
    assert float(np.median(ours)) < 5 * float(np.median(least))
