"""When the issuer is asked by ourselves. The times are local policy."""

from datetime import datetime, timedelta

ASKED_AGAIN_AFTER = timedelta(hours=1)  # an authorisation of which still nothing is heard
LISTED_EVERY = timedelta(hours=1)
# Stripe tries to deliver for three days, and keeps events for thirty.
TRIED_FOR = timedelta(days=3)
KEPT_FOR = timedelta(days=30)


def listed_since(*, at: datetime, listed_at: datetime | None) -> datetime:
    """Return since when undelivered events are asked for.

    What was still being tried when we last asked may have failed since: so as far back as the
    issuer tries. Whatever is here already is recognised by its id.
    """
    oldest = at - KEPT_FOR
    return oldest if listed_at is None else max(oldest, listed_at - TRIED_FOR)


def is_due(*, at: datetime, listed_at: datetime | None) -> bool:
    return listed_at is None or at - listed_at >= LISTED_EVERY
