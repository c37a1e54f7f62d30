"""Events as they should not be: in the wrong form, old, or about what nobody knows."""

import copy
import json
from collections.abc import Callable

from simulators.card_issuer.mint import Mint
from simulators.card_issuer.store import Wire

TOO_LARGE_BYTES = 2 * 1024 * 1024
# The card networks' own number for tests: no account has it, and it passes every check.
PLANTED_NUMBER = "4242 4242 4242 4242"


def encoded(event: object) -> bytes:
    return json.dumps(event, separators=(",", ":")).encode()


def malformed(event: Wire, variant: str | None) -> bytes:
    """Return the body of an event that cannot be read, or not as it was."""
    makers: dict[str | None, Callable[[Wire], bytes]] = {
        "not_utf8": lambda one: encoded(one).replace(b'"', b"\xff", 1),
        "not_json": lambda _one: b"<html><body>Bad gateway</body></html>",
        "list": lambda one: encoded([one]),
        "too_large": lambda one: encoded({**one, "padding": "x" * TOO_LARGE_BYTES}),
        "truncated": lambda one: encoded(one)[: len(encoded(one)) // 2],
        "unknown_type": lambda one: encoded({**one, "type": "issuing_horoscope.cast"}),
        "unknown_enum": lambda one: encoded(_with(one, status="awaiting_horoscope")),
        "missing_field": lambda one: encoded(_without(one, "card")),
        "null_field": lambda one: encoded(_with(one, card=None, amount=None)),
    }
    return makers[variant](event)


def about_unknown_card(event: Wire, mint: Mint) -> Wire:
    """Return the same about another card, one that was never issued, and under ids of its own."""
    told = event["data"]["object"]
    card = told.get("card")
    unknown = mint.new_id("ic")
    return _with(
        event,
        id=mint.new_id(told["id"].partition("_")[0]),
        card={**card, "id": unknown} if isinstance(card, dict) else unknown,
    )


def about_unknown_authorisation(event: Wire, mint: Mint) -> Wire:
    """Return a transaction that names an authorisation which there is none of."""
    return _with(event, authorization=mint.new_id("iauth"))


def with_planted_number(event: Wire) -> Wire:
    """Return the event with a card's number where a shop or a clerk might have written one."""
    told = event["data"]["object"]
    changed: Wire = {"metadata": {**told.get("metadata", {}), "note": f"card {PLANTED_NUMBER}"}}
    if "merchant_data" in told:
        changed["merchant_data"] = {**told["merchant_data"], "name": f"SHOP {PLANTED_NUMBER}"}
    changed["number"] = PLANTED_NUMBER.replace(" ", "")
    changed["cvc"] = "123"
    return _with(event, **changed)


def _with(event: Wire, **changed: object) -> Wire:
    told = copy.deepcopy(event)
    told["data"]["object"].update(changed)
    return told


def _without(event: Wire, name: str) -> Wire:
    told = copy.deepcopy(event)
    told["data"]["object"].pop(name, None)
    return told
