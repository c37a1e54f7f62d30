"""What the body of a message may hold."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from simulators.nhs_notify.errors import ApiError, Problem, of
from simulators.nhs_notify.plans import PLANS

CONTENT_TYPES = {"application/vnd.api+json", "application/json"}
_NHS_NUMBER = re.compile(r"\d{10}")
_ATTRIBUTES = "/data/attributes"


def is_nhs_number(text: str) -> bool:
    """Tell whether a number's tenth digit is the one that the others ask for (Modulus 11)."""
    if not _NHS_NUMBER.fullmatch(text):
        return False
    total = sum(
        int(digit) * weight for digit, weight in zip(text[:9], range(10, 1, -1), strict=True)
    )
    return (11 - total % 11) % 11 == int(text[9])


def check_message(body: object) -> Mapping[str, Any]:
    """Check the body of a request to send a message, and return its attributes.

    Raises:
        ApiError: 400 with one problem for each thing that is wrong; 404, no such routing plan.
    """
    message = body.get("data") if isinstance(body, Mapping) else None
    if not isinstance(message, Mapping):
        raise of(400, "CM_MISSING_VALUE", "Missing property")
    attributes = message.get("attributes")
    if message.get("type") != "Message" or not isinstance(attributes, Mapping):
        raise of(400, "CM_INVALID_VALUE", "Invalid value")
    problems = list(_problems(attributes))
    if problems:
        raise ApiError(400, *problems)
    plan = PLANS.get(attributes["routingPlanId"])
    if plan is None:
        raise of(404, "CM_NO_SUCH_ROUTING_PLAN", "No such routing plan")
    too_long = list(_too_long(attributes.get("personalisation", {}), plan))
    if too_long:
        raise ApiError(400, *too_long)
    return attributes


def _problems(attributes: Mapping[str, Any]) -> Iterator[Problem]:
    for name in ("routingPlanId", "messageReference"):
        pointer = f"{_ATTRIBUTES}/{name}"
        if name not in attributes:
            yield Problem(code="CM_MISSING_VALUE", title="Missing property", pointer=pointer)
        elif not isinstance(attributes[name], str) or not attributes[name]:
            yield Problem(code="CM_INVALID_VALUE", title="Invalid value", pointer=pointer)
    recipient = attributes.get("recipient")
    number = recipient.get("nhsNumber") if isinstance(recipient, Mapping) else None
    pointer = f"{_ATTRIBUTES}/recipient/nhsNumber"
    if number is None:
        yield Problem(code="CM_MISSING_VALUE", title="Missing property", pointer=pointer)
    elif not isinstance(number, str) or not is_nhs_number(number):
        title = "Invalid nhs number"
        yield Problem(code="CM_INVALID_NHS_NUMBER", title=title, pointer=pointer)
    personalisation = attributes.get("personalisation", {})
    if not isinstance(personalisation, Mapping) or not all(
        isinstance(value, str) for value in personalisation.values()
    ):
        pointer = f"{_ATTRIBUTES}/personalisation"
        yield Problem(code="CM_INVALID_VALUE", title="Invalid value", pointer=pointer)


def _too_long(personalisation: Mapping[str, str], plan: Any) -> Iterator[Problem]:
    for channel in plan:
        for name, most in channel.limits.items():
            if len(personalisation.get(name, "")) > most:
                pointer = f"{_ATTRIBUTES}/personalisation/{name}"
                yield Problem(code="CM_INVALID_VALUE", title="Too many characters", pointer=pointer)
