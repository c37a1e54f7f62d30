"""The shapes of Stripe's objects. No card number and no cvc, ever."""

import secrets
import time

from simulators.card_issuer.store import Wire

API_VERSION = "2026-10-28.endive"
CARD_VALID_YEARS = 3


def new_id(prefix: str) -> str:
    return f"{prefix}_1{secrets.token_hex(12)}"


def new_object(kind: str, *, prefix: str) -> Wire:
    return {
        "id": new_id(prefix),
        "object": kind,
        "created": int(time.time()),
        "livemode": False,
    }


def expires() -> tuple[int, int]:
    """Tell the month and the year in which a card made now runs out."""
    today = time.gmtime()
    return today.tm_mon, today.tm_year + CARD_VALID_YEARS


def new_authorisation(
    *,
    card: Wire,
    merchant: Wire,
    currency: str,
    method: str,
    pending_request: Wire,
) -> Wire:
    """Build an authorisation about which nobody has been asked yet: its amount is 0."""
    return {
        **new_object("issuing.authorization", prefix="iauth"),
        "amount": 0,
        "amount_details": {"atm_fee": None, "cashback_amount": None},
        "approved": False,
        "authorization_method": method,
        "balance_transactions": [],
        "card": card,
        "card_presence": "not_present" if method in {"online", "keyed_in"} else "present",
        "cardholder": card["cardholder"]["id"],
        "currency": currency,
        "fleet": None,
        "fraud_challenges": None,
        "fuel": None,
        "merchant_amount": 0,
        "merchant_currency": currency,
        "merchant_data": merchant,
        "metadata": {},
        "network_data": {
            "acquiring_institution_id": None,
            "system_trace_audit_number": None,
            "transaction_id": secrets.token_hex(8),
        },
        "pending_request": pending_request,
        "request_history": [],
        "status": "pending",
        "token": None,
        "transactions": [],
        "treasury": None,
        "verification_data": {
            "address_line1_check": "not_provided",
            "address_postal_code_check": "not_provided",
            "authentication_exemption": None,
            "cvc_check": "match",
            "expiry_check": "match",
            "postal_code": None,
            "three_d_secure": None,
        },
        "verified_by_fraud_challenge": None,
        "wallet": None,
    }


def new_pending_request(*, amount: int, currency: str, is_amount_controllable: bool) -> Wire:
    return {
        "amount": amount,
        "amount_details": {"atm_fee": None, "cashback_amount": None},
        "currency": currency,
        "is_amount_controllable": is_amount_controllable,
        "merchant_amount": amount,
        "merchant_currency": currency,
        "network_risk_score": 1,
    }


def request_history_entry(
    *, pending_request: Wire, amount: int, approved: bool, reason: str, reason_message: str | None
) -> Wire:
    now = int(time.time())
    return {
        "amount": amount,
        "amount_details": pending_request["amount_details"],
        "approved": approved,
        "authorization_code": f"{secrets.randbelow(1_000_000):06}" if approved else None,
        "created": now,
        "currency": pending_request["currency"],
        "merchant_amount": pending_request["merchant_amount"],
        "merchant_currency": pending_request["merchant_currency"],
        "network_risk_score": pending_request["network_risk_score"],
        "reason": reason,
        "reason_message": reason_message,
        "requested_at": now,
    }


def new_transaction(
    *, amount: int, card: Wire, merchant: Wire, currency: str, authorisation: Wire | None
) -> Wire:
    """Build a transaction. ``amount`` below 0 is a capture, above 0 a refund."""
    history = authorisation["request_history"] if authorisation else []
    return {
        **new_object("issuing.transaction", prefix="ipi"),
        "amount": amount,
        "amount_details": {"atm_fee": None, "cashback_amount": None},
        "authorization": authorisation["id"] if authorisation else None,
        "balance_transaction": new_id("txn"),
        "card": card["id"],
        "cardholder": card["cardholder"]["id"],
        "currency": currency,
        "dispute": None,
        "merchant_amount": amount,
        "merchant_currency": currency,
        "merchant_data": merchant,
        "metadata": {},
        "network_data": {
            "authorization_code": history[-1]["authorization_code"] if history else None,
            "processing_date": time.strftime("%Y-%m-%d", time.gmtime()),
            "transaction_id": authorisation["network_data"]["transaction_id"]
            if authorisation
            else secrets.token_hex(8),
        },
        "purchase_details": None,
        "token": None,
        "treasury": None,
        "type": "capture" if amount < 0 else "refund",
        "wallet": None,
    }


def new_event(event_type: str, wire: Wire, *, previous_attributes: Wire | None = None) -> Wire:
    """Build an event around a snapshot of ``wire``."""
    about: Wire = {"object": wire}
    if previous_attributes is not None:
        about["previous_attributes"] = previous_attributes
    return {
        **new_object("event", prefix="evt"),
        "api_version": API_VERSION,
        "data": about,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": event_type,
    }
