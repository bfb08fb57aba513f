"""Log lines for operators that cannot hold what a visitor typed.

An exception's text may quote a visitor, and some libraries log it with its traceback. So a record's
exception is written as class names with file and line only. And libraries that are asked for
details quote what they handle (SQLAlchemy its rows, uvicorn its requests), so that nothing below a
warning is written of them, at whatever level their loggers are.
"""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType

OURS = "bot"
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

_ExceptionInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


class NoWordsFormatter(logging.Formatter):
    """Writes where an exception was raised, and never what it said."""

    def formatException(self, ei: _ExceptionInfo) -> str:  # noqa: N802  the name is logging's
        kind, _, trace = ei
        if kind is None:
            return ""
        frames = traceback.extract_tb(trace)
        where = [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        return "\n".join([*where, kind.__name__])


def is_ours_or_matters(record: logging.LogRecord) -> bool:
    """Whether a record may be written: one of our own, or a warning or worse of a library."""
    return record.levelno >= logging.WARNING or record.name.partition(".")[0] == OURS


def configure() -> None:
    """Send what goes wrong in any library, and what we say ourselves, to standard error.

    Python's warnings (deprecations) are for whoever develops; the tests make errors of them.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(NoWordsFormatter(FORMAT))
    handler.addFilter(is_ours_or_matters)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger(OURS).setLevel(logging.INFO)
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    # Of a handler that fails, logging would print the exception at hand, with its words.
    logging.raiseExceptions = False
