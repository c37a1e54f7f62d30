"""When a provider is asked what became of a delivery, and when it is asked no more."""

from datetime import datetime, timedelta

SILENT_AFTER = timedelta(minutes=10)  # by then most have been told of
HOURLY_AFTER = timedelta(hours=2)
ASKED_AGAIN_AFTER = timedelta(hours=1)
# GOV.UK Notify gives a delivery up after 72 hours, once a night.
LOST_AFTER = timedelta(hours=73)
LOST = "technical_failure"
# A letter is printed on the next working day or later, and looked through before within minutes.
LETTER_FIRST_ASKED_AFTER = timedelta(hours=1)
LETTER_ASKED_AGAIN_AFTER = timedelta(hours=6)
LETTER_LOST_AFTER = timedelta(days=14)  # our own policy; Notify itself forgets after a week


def is_due(*, at: datetime, accepted_at: datetime, asked_at: datetime | None) -> bool:
    """Tell whether it is time to ask: every ten minutes for two hours, then every hour."""
    since = accepted_at if asked_at is None else asked_at
    is_young = at - accepted_at < HOURLY_AFTER
    return at - since >= (SILENT_AFTER if is_young or asked_at is None else ASKED_AGAIN_AFTER)


def is_lost(*, at: datetime, accepted_at: datetime) -> bool:
    """Tell whether nothing more is to be heard of a delivery."""
    return at - accepted_at >= LOST_AFTER


def is_letter_due(*, at: datetime, accepted_at: datetime, asked_at: datetime | None) -> bool:
    """Tell whether it is time to ask whether a letter was posted: after an hour, then every six."""
    if asked_at is None:
        return at - accepted_at >= LETTER_FIRST_ASKED_AFTER
    return at - asked_at >= LETTER_ASKED_AGAIN_AFTER


def is_letter_lost(*, at: datetime, accepted_at: datetime) -> bool:
    """Tell whether a letter of which nobody says that it was posted counts as not sent."""
    return at - accepted_at >= LETTER_LOST_AFTER
