"""Every name of a detail finds that detail and no other, as staff wrote it or as people type it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.content.model import Snapshot
from bot.content.subjects import ENTITY_OF
from bot.content.wordings import NOT_LISTED, wordings
from bot.nlu.encoder import SentenceEncoder
from bot.nlu.english import english_words
from bot.nlu.matcher import DetailMatcher
from bot.nlu.nearest import NearestDetail

HERE = Path(__file__).parent
SPOKEN: dict[str, list[str]] = yaml.safe_load((HERE / "spoken_names.yml").read_text("utf-8"))
PARAPHRASES = yaml.safe_load((HERE / "paraphrases.yml").read_text("utf-8"))
KINDS_ALIKE = ("emergency_sign", "wish")
"""Signs may be named together; which of them was meant changes nothing that matters. A wish that is
a clear command is told by its whole text (`bot/chat/forgetting.py`).
"""

Found = Callable[[str, str], set[str]]


@pytest.fixture(scope="module")
def found(encoder: SentenceEncoder, shipped: Snapshot, configured: Any) -> Found:
    cues = configured("DetailExtractor")["exclusion"]
    matcher = DetailMatcher(shipped, encoder.known_words | english_words(), cues)
    return lambda kind, text: {m.detail for m in matcher.find(text) if m.entity == kind}


@pytest.fixture(scope="module")
def nearest(encoder: SentenceEncoder, shipped: Snapshot, configured: Any) -> NearestDetail:
    """Made once: it reads thousands of names."""
    found = NearestDetail(encoder, configured("DetailExtractor")["least_cosine"])
    found.learn(shipped)
    return found


def test_every_name_in_the_content_finds_its_own_detail_and_only_that(
    shipped: Snapshot, found: Found
):
    wrong = [
        (name.text, name.detail, others)
        for name in wordings(shipped)
        if name.entity not in KINDS_ALIKE
        and (others := found(name.entity, name.text)) != {name.detail}
    ]
    assert wrong == []


@pytest.mark.parametrize("subject", SPOKEN)
def test_every_name_that_people_say_finds_its_own_detail_and_only_that(subject: str, found: Found):
    subject, _, detail = subject.partition("/")
    wrong = [
        (text, others)
        for text in SPOKEN.get(f"{subject}/{detail}" if detail else subject, [])
        if (others := found(ENTITY_OF[subject], text)) != {detail or NOT_LISTED}
    ]
    assert wrong == []


def test_thirty_names_at_least_are_tried_for_every_detail(shipped: Snapshot):
    names = {
        f"{answer.subject}/{answer.detail}"
        for answer in shipped.answers.values()
        if answer.detail and ENTITY_OF.get(answer.subject) in ("cause", "symptom", "treatment")
    }
    assert names <= SPOKEN.keys()
    assert all(len(SPOKEN[name]) >= 30 for name in names)


def test_no_listed_name_is_taken_for_an_unlisted_one_or_the_other_way_round(shipped: Snapshot):
    listed = {(n.entity, n.text.casefold()) for n in wordings(shipped) if n.detail != NOT_LISTED}
    unlisted = {(n.entity, n.text.casefold()) for n in wordings(shipped) if n.detail == NOT_LISTED}
    assert not listed & unlisted


@pytest.mark.parametrize("kind", ["symptom", "treatment"])
def test_what_we_do_not_list_seldom_gets_a_listed_detail(
    kind: str, found: Found, nearest: NearestDetail, encoder: SentenceEncoder
):
    false = []
    for text in PARAPHRASES["none"][kind]:
        named = found(kind, text) or {nearest.find(kind, encoder.encode([text])[0])}
        if named - {NOT_LISTED, None}:
            false.append((text, named))
    assert len(false) <= 1, false
