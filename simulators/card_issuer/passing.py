"""Time that passes by order, and what becomes due in it."""

from simulators.card_issuer import adjustments, outcomes
from simulators.card_issuer.issuer import Issuer


def advance(issuer: Issuer, seconds: float) -> None:
    """Wind the clock on.

    Raises:
        ValueError: backwards.
    """
    issuer.clock.advance(seconds)
    _do_what_is_due(issuer)


def advance_to(issuer: Issuer, unix_seconds: float) -> None:
    """Set the clock.

    Raises:
        ValueError: backwards.
    """
    issuer.clock.set(unix_seconds)
    _do_what_is_due(issuer)


def _do_what_is_due(issuer: Issuer) -> None:
    """Come back from an outage that is over, and let lapse what is too old."""
    issuer.programme.is_out()
    expired = adjustments.expire_the_old(issuer)
    disputes = outcomes.expire_the_old(issuer)
    issuer.log.write(
        "clock_moved", now=issuer.clock.now(), expired=expired, expired_disputes=disputes
    )
