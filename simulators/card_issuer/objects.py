"""The shapes of Stripe's objects. No card number and no cvc, ever."""

from simulators.card_issuer.clock import day_of
from simulators.card_issuer.mint import Mint
from simulators.card_issuer.store import Wire

API_VERSION = "2026-10-28.endive"


def new_authorisation(
    mint: Mint,
    *,
    card: Wire,
    merchant: Wire,
    currency: str,
    merchant_currency: str,
    method: str,
    pending_request: Wire,
) -> Wire:
    """Build an authorisation about which nobody has been asked yet: its amount is 0."""
    return {
        **mint.new_object("issuing.authorization", prefix="iauth"),
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
        "merchant_currency": merchant_currency,
        "merchant_data": merchant,
        "metadata": {},
        "network_data": {
            "acquiring_institution_id": None,
            "system_trace_audit_number": None,
            "transaction_id": mint.hexadecimal(16),
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


def new_pending_request(
    *,
    amount: int,
    currency: str,
    is_amount_controllable: bool,
    merchant_amount: int | None = None,
    merchant_currency: str | None = None,
) -> Wire:
    return {
        "amount": amount,
        "amount_details": {"atm_fee": None, "cashback_amount": None},
        "currency": currency,
        "is_amount_controllable": is_amount_controllable,
        "merchant_amount": amount if merchant_amount is None else merchant_amount,
        "merchant_currency": merchant_currency or currency,
        "network_risk_score": 1,
    }


def request_history_entry(
    mint: Mint,
    *,
    pending_request: Wire,
    amount: int,
    approved: bool,
    reason: str,
    reason_message: str | None,
) -> Wire:
    now = mint.clock.seconds()
    return {
        "amount": amount,
        "amount_details": pending_request["amount_details"],
        "approved": approved,
        "authorization_code": mint.digits(6) if approved else None,
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
    mint: Mint,
    *,
    amount: int,
    card: Wire,
    merchant: Wire,
    currency: str,
    authorisation: Wire | None,
    merchant_amount: int | None = None,
    merchant_currency: str | None = None,
    purchase_details: Wire | None = None,
    kind: str | None = None,
) -> Wire:
    """Build a transaction.

    ``amount`` below 0 is a capture, above 0 a refund, if ``kind`` does not say otherwise.
    """
    history = authorisation["request_history"] if authorisation else []
    made = mint.new_object("issuing.transaction", prefix="ipi")
    return {
        **made,
        "amount": amount,
        "amount_details": {"atm_fee": None, "cashback_amount": None},
        "authorization": authorisation["id"] if authorisation else None,
        "balance_transaction": None,
        "card": card["id"],
        "cardholder": card["cardholder"]["id"],
        "currency": currency,
        "dispute": None,
        "merchant_amount": amount if merchant_amount is None else merchant_amount,
        "merchant_currency": merchant_currency or currency,
        "merchant_data": merchant,
        "metadata": {},
        "network_data": {
            "authorization_code": history[-1]["authorization_code"] if history else None,
            "processing_date": day_of(made["created"]),
            "transaction_id": authorisation["network_data"]["transaction_id"]
            if authorisation
            else mint.hexadecimal(16),
        },
        "purchase_details": purchase_details,
        "token": None,
        "treasury": None,
        "type": kind or ("capture" if amount < 0 else "refund"),
        "wallet": None,
    }


def new_dispute(
    mint: Mint, *, transaction: Wire, amount: int, evidence: Wire, metadata: Wire
) -> Wire:
    """Build a dispute that nobody has submitted yet."""
    return {
        **mint.new_object("issuing.dispute", prefix="idp"),
        "amount": amount,
        "balance_transactions": [],
        "currency": transaction["currency"],
        "evidence": evidence,
        "loss_reason": None,
        "metadata": metadata,
        "status": "unsubmitted",
        "transaction": transaction["id"],
        "treasury": None,
    }


def new_balance_transaction(
    mint: Mint, *, kind: str, amount: int, fee: int, currency: str, source: str
) -> Wire:
    """Build a movement of the programme's own money: below 0 leaves it."""
    made = mint.new_object("balance_transaction", prefix="txn")
    del made["livemode"]
    return {
        **made,
        "amount": amount,
        "available_on": made["created"],
        "balance_type": "issuing",
        "currency": currency,
        "description": None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [
            {"amount": fee, "application": None, "currency": currency, "type": "network_cost"}
        ]
        if fee
        else [],
        "net": amount - fee,
        "reporting_category": kind,
        "source": source,
        "status": "available",
        "type": kind,
    }


def new_event(
    mint: Mint, event_type: str, wire: Wire, *, previous_attributes: Wire | None = None
) -> Wire:
    """Build an event around a snapshot of ``wire``."""
    about: Wire = {"object": wire}
    if previous_attributes is not None:
        about["previous_attributes"] = previous_attributes
    return {
        **mint.new_object("event", prefix="evt"),
        "api_version": API_VERSION,
        "data": about,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": event_type,
    }
