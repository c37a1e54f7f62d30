"""What a shop says that it sold: Stripe's ``purchase_details`` with its receipt's lines."""

from simulators.card_issuer.errors import StripeError
from simulators.card_issuer.forms import Form, whole_amount
from simulators.card_issuer.store import Wire

LONGEST_DESCRIPTION = 26  # Stripe's
LINE = ("description", "quantity", "total", "unit_cost")


def purchase_details(form: Form) -> Wire | None:
    """Read ``purchase_details``: a reference and the receipt's lines; None: there are none.

    Raises:
        StripeError: a field that this simulator does not keep, or a line in a wrong form.
    """
    given = form.inside("purchase_details")
    if not given:
        return None
    for name in given:
        if name not in {"reference", "receipt"}:
            raise StripeError(
                f"Received unknown parameter: purchase_details[{name}]",
                param=f"purchase_details[{name}]",
                code="parameter_unknown",
            )
    lines = given.get("receipt", [])
    if not isinstance(lines, list):
        raise StripeError("Invalid array: receipt", param="purchase_details[receipt]")
    return {
        "fleet": None,
        "flight": None,
        "fuel": None,
        "lodging": None,
        "receipt": [_line(one, param="purchase_details[receipt]") for one in lines],
        "reference": given.get("reference"),
    }


def _line(given: object, *, param: str) -> Wire:
    if not isinstance(given, dict) or not set(given) <= set(LINE):
        raise StripeError(f"A line has {', '.join(LINE)}.", param=param)
    numbers = {
        name: whole_amount(given[name], param=f"{param}[{name}]")
        for name in ("total", "unit_cost")
        if name in given
    }
    return {
        "description": str(given.get("description", ""))[:LONGEST_DESCRIPTION] or None,
        "quantity": given.get("quantity"),
        "total": None,
        "unit_cost": None,
        **numbers,
    }
