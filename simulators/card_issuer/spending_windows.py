"""From when on a card's earlier purchases count against a limit: Stripe's intervals, in UTC."""

from datetime import UTC, datetime, timedelta

PER_AUTHORISATION, ALL_TIME = "per_authorization", "all_time"
INTERVALS = (PER_AUTHORISATION, "daily", "weekly", "monthly", "yearly", ALL_TIME)


def starts_at(interval: str, *, now: int) -> int:
    """Return the first second of the day, week (from Sunday), month or year of ``now``."""
    today = datetime.fromtimestamp(now, tz=UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    starts = {
        "daily": today,
        "weekly": today - timedelta(days=today.isoweekday() % 7),
        "monthly": today.replace(day=1),
        "yearly": today.replace(month=1, day=1),
    }
    return int(starts[interval].timestamp()) if interval in starts else 0
