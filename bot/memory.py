"""Keeps no more memory from the system than is used.

glibc keeps what was freed for later: one heap for each thread, pieces among what stays, and large
ones too once there was one. After something large was read, later is only a small message.
"""

from __future__ import annotations

import ctypes

MEGABYTE = 1 << 20

# Of <malloc.h>.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8


def keep_little() -> None:
    """From now on: one heap for all threads, and pieces of a megabyte are given back when freed.

    Call it before threads are started. Where the C library is another, nothing happens.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        set_option(M_ARENA_MAX, 1)
        set_option(M_MMAP_THRESHOLD, MEGABYTE)
        set_option(M_TRIM_THRESHOLD, MEGABYTE)


def give_back() -> None:
    """Give back what is free now, some milliseconds' work. Otherwise as `keep_little`."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
