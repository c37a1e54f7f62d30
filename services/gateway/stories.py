"""To which story a command belongs: the trace of the caller's own traceparent (W3C Trace Context).

Whoever has several things done for one reason finds them under one correlation id, in our logs
and in what follows. It decides nothing: whose record something is about, it does not say.
"""

import re
from uuid import UUID

HEADER = "traceparent"
_TRACE = re.compile(r"[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def story_of(traceparent: str) -> UUID | None:
    """Return the story that a header names; whatever is no traceparent names none.

    Whether the caller records it says nothing about whether we do: that part is not taken over.
    """
    found = _TRACE.fullmatch(traceparent)
    return UUID(found[1]) if found else None
