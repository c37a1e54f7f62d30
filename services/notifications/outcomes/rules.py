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
LETTER_LET_BE_AFTER = timedelta(days=14)  # our own policy; Notify itself forgets after a week


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


def is_letter_let_be(*, at: datetime, accepted_at: datetime) -> bool:
    """Tell whether a letter that was taken is asked for no more: it counts as posted.

    Nobody has said that it was not, and what it says is old: to say it again by another channel
    would tell the person a second time what they knew for weeks.
    """
    return at - accepted_at >= LETTER_LET_BE_AFTER
