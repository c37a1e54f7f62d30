"""How long a sign-in lasts, and why somebody with a role looks at a record."""

from datetime import datetime, timedelta

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=8)
SEEN_EVERY = timedelta(minutes=1)  # the row is not written for each request

_PURPOSES = {
    "budget_holder": "own_record",
    "representative": "own_record",
    "finance_officer": "finance",
    "auditor": "audit",
    "information_officer": "information_rights",
    "administrator": "administration",
}


def is_over(*, seen_at: datetime, ends_at: datetime, at: datetime) -> bool:
    """Whether nobody was there for too long, or it has lasted as long as any may."""
    return at >= ends_at or at - seen_at >= IDLE


def purpose_of(role: str) -> str:
    """Return why somebody looks at a record, unless they say otherwise."""
    return _PURPOSES.get(role, "direct_care")
