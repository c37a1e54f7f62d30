"""When a provider is asked what became of a delivery, and when it is asked no more."""

from datetime import datetime, timedelta

SILENT_AFTER = timedelta(minutes=10)  # by then most have been told of
HOURLY_AFTER = timedelta(hours=2)
ASKED_AGAIN_AFTER = timedelta(hours=1)
# GOV.UK Notify gives a delivery up after 72 hours, once a night.
LOST_AFTER = timedelta(hours=73)
LOST = "technical_failure"


def is_due(*, at: datetime, accepted_at: datetime, asked_at: datetime | None) -> bool:
    """Tell whether it is time to ask: every ten minutes for two hours, then every hour."""
    since = accepted_at if asked_at is None else asked_at
    is_young = at - accepted_at < HOURLY_AFTER
    return at - since >= (SILENT_AFTER if is_young or asked_at is None else ASKED_AGAIN_AFTER)


def is_lost(*, at: datetime, accepted_at: datetime) -> bool:
    """Tell whether nothing more is to be heard of a delivery."""
    return at - accepted_at >= LOST_AFTER
