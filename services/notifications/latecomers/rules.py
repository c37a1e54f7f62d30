"""For how long it is made up for that somebody was not known, and whose absence matters."""

from datetime import datetime, timedelta

from services.notifications.people.rules import Audience

MADE_UP_FOR_WITHIN = timedelta(days=14)  # our own policy: older news helps nobody
# Without a broker nobody sees to a payment that was declined or a receipt that is wanted. What a
# decider or a care coordinator missed is a task elsewhere, with a day by which it is due.
MISSED = frozenset({Audience.BROKER})


def is_over(*, at: datetime, created_at: datetime) -> bool:
    """Tell whether something waits no more for somebody to hear it."""
    return at - created_at >= MADE_UP_FOR_WITHIN
