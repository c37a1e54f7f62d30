"""The limits on a card that the issuer itself keeps, before it asks anyone."""

from collections.abc import Sequence

from simulators.card_issuer.errors import StripeError
from simulators.card_issuer.forms import Form, whole_amount
from simulators.card_issuer.spending_windows import INTERVALS, PER_AUTHORISATION, starts_at
from simulators.card_issuer.store import Wire

LISTS = (
    "allowed_categories",
    "blocked_categories",
    "allowed_merchant_countries",
    "blocked_merchant_countries",
)


def spending_controls(form: Form) -> Wire:
    """Read ``spending_controls``.

    Raises:
        StripeError: a control or an interval that this simulator does not keep, named.
    """
    given = form.inside("spending_controls")
    for name in given:
        if name not in {*LISTS, "spending_limits"}:
            raise StripeError(
                f"Received unknown parameter: spending_controls[{name}]",
                param=f"spending_controls[{name}]",
                code="parameter_unknown",
            )
    limits = given.get("spending_limits") or []
    for name, value in (("spending_limits", limits), *((name, given.get(name)) for name in LISTS)):
        if value and not isinstance(value, list):
            raise StripeError(f"Invalid array: {name}", param=f"spending_controls[{name}]")
    return {
        **{name: given.get(name) or None for name in LISTS},
        "allowed_card_presences": None,
        "blocked_card_presences": None,
        "spending_limits": [
            spending_limit(limit, param=f"spending_controls[spending_limits][{place}]")
            for place, limit in enumerate(limits)
        ],
        "spending_limits_currency": "gbp",
    }


def spending_limit(given: Wire, *, param: str) -> Wire:
    if given.get("interval") not in INTERVALS:
        raise StripeError(
            f"Invalid interval: must be one of {', '.join(INTERVALS)}",
            param=f"{param}[interval]",
        )
    return {
        "amount": whole_amount(given.get("amount", ""), param=f"{param}[amount]"),
        "categories": given.get("categories") or [],
        "interval": given["interval"],
    }


def is_within_controls(
    controls: Wire, *, merchant: Wire, amount: int, others: Sequence[Wire], now: int
) -> bool:
    """Say whether a purchase keeps to a card's controls.

    Args:
        controls: the card's ``spending_controls``.
        merchant: the purchase's ``merchant_data``.
        amount: the whole of it with earlier increments, in the currency's smallest unit.
        others: the card's other authorisations; those declined or given back weigh nothing.
        now: in unix seconds.
    """
    for name, value in (
        ("categories", merchant["category"]),
        ("merchant_countries", merchant["country"]),
    ):
        allowed, blocked = controls[f"allowed_{name}"], controls[f"blocked_{name}"]
        if (allowed and value not in allowed) or (blocked and value in blocked):
            return False
    return all(
        amount + spent(limit, others=others, now=now) <= limit["amount"]
        for limit in controls["spending_limits"]
        if not limit["categories"] or merchant["category"] in limit["categories"]
    )


def spent(limit: Wire, *, others: Sequence[Wire], now: int) -> int:
    if limit["interval"] == PER_AUTHORISATION:
        return 0
    since = starts_at(limit["interval"], now=now)
    return sum(
        one["amount"]
        for one in others
        if one["approved"]
        and one["created"] >= since
        and one["status"] in {"pending", "closed"}
        and (not limit["categories"] or one["merchant_data"]["category"] in limit["categories"])
    )
