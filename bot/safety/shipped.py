"""The red flags of `data/safety/`, ready to use."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.nlu.english import english_words
from bot.nlu.nearest_word import NearestWord
from bot.paths import SAFETY_DIR
from bot.safety.files import read_knowledge
from bot.safety.model import Knowledge
from bot.safety.red_flags import RedFlags

_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=1)
def red_flags() -> RedFlags:
    """Made when first asked for. Raises `ContentFilesError` for files that cannot be used."""
    knowledge = read_knowledge(SAFETY_DIR)
    return RedFlags(knowledge, NearestWord(_vocabulary(knowledge), english_words()).of)


def _vocabulary(knowledge: Knowledge) -> dict[str, int]:
    """The words that a misspelt one may mean. Words of groups' names do no harm among them."""
    phrases = [phrase for group in knowledge.groups.values() for phrase in group]
    phrases += [wording for concept in knowledge.concepts.values() for wording in concept.wordings]
    words = (_WORD.findall(phrase.replace("'", "").lower()) for phrase in phrases)
    return dict.fromkeys((word for found in words for word in found), 1)
