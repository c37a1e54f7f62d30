"""Crash points: places at which a test can make a process end as if somebody had pulled the plug.

``COMMONPURSE_CRASH=<point>:<n>`` ends the process, at once and without a word, the n-th time
it passes the point; with ``:together`` behind it those before the n-th wait there, so that all
of them end in the same place. Never set it where real people depend on the suite.
"""

import os
import threading
from itertools import count

_POINT, _NUMBER, _TOGETHER, *_ = [*os.environ.get("COMMONPURSE_CRASH", "").split(":"), "", ""]
_passed = count(1)


def point(name: str) -> None:
    """End the process here if the environment says so."""
    if name != _POINT:
        return
    if next(_passed) == int(_NUMBER or 1):
        os._exit(137)
    if _TOGETHER:
        threading.Event().wait()
