"""The training messages, for the rules about them."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from bot.content.yaml_lines import read_yaml
from bot.paths import NLU_DIR


class Example(NamedTuple):
    """One training message; `file` counts from `data/nlu/`."""

    file: str
    intent: str
    text: str


@lru_cache(maxsize=1)
def examples() -> tuple[Example, ...]:
    """All messages of all intents; lookup tables and the like are not messages."""
    found = []
    for path in sorted(NLU_DIR.rglob("*.yml")):
        name = path.relative_to(NLU_DIR).as_posix()
        for entry in read_yaml(path, name).data["nlu"]:
            if "intent" in entry:
                texts = (line.strip() for line in entry["examples"].splitlines())
                found += [
                    Example(name, entry["intent"], text.removeprefix("-").strip())
                    for text in texts
                    if text
                ]
    return tuple(found)
