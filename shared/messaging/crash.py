"""Crash points: places at which a test can make a process end as if somebody had pulled the plug.

``COMMONPURSE_CRASH=<point>:<n>`` ends the process, at once and without a word, the n-th time
it passes the point. Never set it where real people depend on the suite.
"""

import os
from itertools import count

_POINT, _, _NUMBER = os.environ.get("COMMONPURSE_CRASH", "").partition(":")
_passed = count(1)


def point(name: str) -> None:
    """End the process here if the environment says so."""
    if name == _POINT and next(_passed) == int(_NUMBER or 1):
        os._exit(137)
