"""Looks at a page of the console as people do: small and light, wide and dark."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page

from tests.widget.running import AXE_TAGS, LOOKED_AT_AGAIN, violations

LOOKS = [(360, "light"), (1280, "dark")]
"""Colours do not depend on the width, nor what fits on the colours."""

SHOTS = os.environ.get("SHOTS")
"""A folder in which to keep a picture of every page and state, for looking at them."""


def wrong_in_any_look(page: Page, state: str) -> list[tuple]:
    """What axe finds and what is wider than the screen, in each look."""
    found: list[tuple] = []
    for look, (width, scheme) in enumerate(LOOKS):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        found += [
            (width, scheme, each)
            for each in violations(page, LOOKED_AT_AGAIN if look else AXE_TAGS)
        ]
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [(width, "too wide", wide)] if wide > width else []
        if SHOTS:
            name = f"{state.replace(' ', '-')}-{width}-{scheme}.png"
            page.screenshot(path=str(Path(SHOTS) / name), full_page=True)
    return found
