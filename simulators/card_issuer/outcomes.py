"""How disputes go on: said by whoever runs the simulator, for no shop's bank is here to say it."""

from collections.abc import Callable, Mapping

from simulators.card_issuer import balances
from simulators.card_issuer.clock import DAY_SECONDS
from simulators.card_issuer.disputes import KIND, WINDOW_DAYS, changed, credit, with_status
from simulators.card_issuer.errors import StripeError
from simulators.card_issuer.issuer import Issuer
from simulators.card_issuer.store import Wire

LOSS_REASON = "merchandise_or_service_as_described"


def credited(dispute: Wire) -> int:
    """Return what the programme has been credited with for now."""
    return int(sum(one["amount"] for one in dispute["balance_transactions"]))


def reinstate(issuer: Issuer, dispute_id: str, *, loss_reason: str) -> Wire:
    """Credit the money for the time being."""
    with issuer.store.lock:
        before = with_status(issuer, dispute_id, "submitted")
        if credited(before):
            raise StripeError("The money is credited already.", param="dispute")
        return credit(before, balances.CREDIT, "funds_reinstated", issuer=issuer, sign=1)


def rescind(issuer: Issuer, dispute_id: str, *, loss_reason: str) -> Wire:
    """Take the credit back."""
    with issuer.store.lock:
        before = with_status(issuer, dispute_id, "submitted")
        if not credited(before):
            raise StripeError("Nothing is credited.", param="dispute")
        return credit(before, balances.CREDIT_REVERSAL, "funds_rescinded", issuer=issuer, sign=-1)


def win(issuer: Issuer, dispute_id: str, *, loss_reason: str) -> Wire:
    """Let the programme keep the money, or have it now."""
    with issuer.store.lock:
        dispute = with_status(issuer, dispute_id, "submitted")
        if not credited(dispute):
            dispute = credit(dispute, balances.DISPUTE, "funds_reinstated", issuer=issuer, sign=1)
        return changed(dispute, "closed", issuer=issuer, status="won")


def lose(issuer: Issuer, dispute_id: str, *, loss_reason: str) -> Wire:
    """Let the shop keep the money; what was credited goes back."""
    with issuer.store.lock:
        dispute = with_status(issuer, dispute_id, "submitted")
        if credited(dispute):
            dispute = credit(
                dispute, balances.CREDIT_REVERSAL, "funds_rescinded", issuer=issuer, sign=-1
            )
        return changed(dispute, "closed", issuer=issuer, status="lost", loss_reason=loss_reason)


def expire(issuer: Issuer, dispute_id: str, *, loss_reason: str) -> Wire:
    """Let a dispute lapse that nobody handed in."""
    with issuer.store.lock:
        before = with_status(issuer, dispute_id, "unsubmitted")
        return changed(before, "closed", issuer=issuer, status="expired")


def expire_the_old(issuer: Issuer) -> int:
    """Let lapse what was not handed in within the window; returns how many did."""
    oldest = issuer.clock.seconds() - WINDOW_DAYS * DAY_SECONDS
    with issuer.store.lock:
        over = [
            one["id"]
            for one in issuer.store.newest_first(
                KIND, fits=lambda one: one["status"] == "unsubmitted"
            )
            if issuer.store.read("issuing.transaction", one["transaction"])["created"] <= oldest
        ]
        for dispute_id in over:
            expire(issuer, dispute_id, loss_reason=LOSS_REASON)
    return len(over)


OUTCOMES: Mapping[str, Callable[..., Wire]] = {
    "reinstate": reinstate,
    "rescind": rescind,
    "win": win,
    "lose": lose,
    "expire": expire,
}
