"""When a partner counts as silent."""

from datetime import datetime, timedelta


def is_silent(*, heard_at: datetime, at: datetime, after_hours: int) -> bool:
    """Tell whether nothing was heard for longer than the partner agreed.

    Args:
        heard_at: when its last message came.
        at: now.
        after_hours: as its agreement says; none: it may be silent for as long as it likes.
    """
    return after_hours > 0 and at - heard_at > timedelta(hours=after_hours)
