from __future__ import annotations

import io
import logging
import subprocess
import sys

import pytest

from bot.logs import NoWordsFormatter, is_ours_or_matters


def logged(level: int, message: str, error: BaseException | None = None) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(NoWordsFormatter("%(message)s"))
    exc_info = (type(error), error, error.__traceback__) if error else None
    handler.handle(logging.LogRecord("lib", level, __file__, 1, message, None, exc_info))
    return stream.getvalue()


def test_an_exceptions_words_are_left_out_and_its_place_is_kept():
    try:
        try:
            raise ValueError("sensitive words")
        except ValueError as error:
            raise RuntimeError("sensitive cause") from error
    except RuntimeError as error:
        text = logged(logging.ERROR, "failed", error)
    assert "sensitive" not in text
    assert "RuntimeError" in text
    assert "test_logs.py" in text


def test_a_plain_line_is_a_plain_line():
    assert logged(logging.INFO, "ready") == "ready\n"


def test_a_record_with_empty_exception_information_is_written():
    assert NoWordsFormatter().formatException((None, None, None)) == ""


@pytest.mark.parametrize(
    ("name", "level", "written"),
    [
        ("bot.chat.door", logging.DEBUG, True),
        ("bot", logging.INFO, True),
        ("sqlalchemy.engine.Engine", logging.DEBUG, False),
        ("uvicorn.access", logging.INFO, False),
        ("bottle", logging.INFO, False),
        ("sqlalchemy.pool", logging.WARNING, True),
        ("uvicorn.error", logging.ERROR, True),
    ],
)
def test_of_libraries_nothing_below_a_warning_is_written(name: str, level: int, written: bool):
    record = logging.LogRecord(name, level, __file__, 1, "words", None, None)
    assert is_ours_or_matters(record) is written


BROKEN_STREAM = """
import logging, sys
from bot import logs

class Broken:
    def write(self, text): raise OSError("closed")
    def flush(self): pass

real, sys.stderr = sys.stderr, Broken()
logs.configure()
sys.stderr = real
try:
    raise RuntimeError("sensitive words")
except RuntimeError:
    logging.getLogger("bot").error("failed")
print("went on")
"""


def test_where_nothing_can_be_logged_no_words_are_shown_instead():
    ran = subprocess.run(
        [sys.executable, "-c", BROKEN_STREAM], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "went on\n"
    assert "sensitive" not in ran.stderr
