"""What a shop does with a holder's card."""

from datetime import date

from tests.integration.payments.network import asks, money, updated

TODAY = date(2026, 11, 24)
CARD = "ic_holder"


def pays(net, amount, *, named, category="5411"):
    """A shop asks, takes what it asked for and is done; returns whether it was approved."""
    asks(amount, authorisation=named, category=category)(net)
    if net.answers[-1]:
        taken = [money(-amount, authorisation=named, named=f"ipi_{named}")]
        updated(authorisation=named, amount=amount, status="closed", transactions=taken)(net)
    return net.answers[-1]
