"""What an export holds: its sections, and of each the columns in their order.

Whole pence; instants in UTC; days and ids as they are kept. The names stay: who reads an export
reads it by them. No section has a card's number: none is ever here.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

FORMAT = "commonpurse.payments.history/1"
SECTIONS: Mapping[str, Sequence[str]] = {
    "purchases": (
        "purchase_id", "budget_id", "item_id", "description", "category", "payee", "rail", "state",
        "amount_pence", "tolerance_pence", "counted_pence", "held_pence", "posted_pence",
        "captured_pence", "unmatched_pence",
        "ledger_posted_pence", "requested_by", "instruction", "not_a_repeat_because", "is_wage",
        "approval", "requested_at", "finished_at", "finished_because", "completed_at",
        "evidenced_at", "reconciled_at", "closed_at", "refusal_code", "refusal_reason",
        "cancelled_because", "series_id", "holder_id",
    ),
    "approvals": (
        "purchase_id", "number", "decision", "decided_by", "reason", "amount_pence",
        "counted_pence", "decided_at",
    ),
    "wages": (
        "purchase_id", "minutes", "hourly_rate_pence", "worked_from_on", "worked_until_on",
    ),
    "series": (
        "series_id", "budget_id", "item_id", "amount_pence", "every", "period", "period_cap_pence",
        "starts_on", "ends_on", "state", "requested_by", "instruction", "requested_at",
        "approved_by", "ended_by", "ended_because", "ended_at", "holder_id",
    ),
    "cards": (
        "card_id", "purchase_id", "series_id", "issuer_card_id", "state", "issued_at",
        "replaced_by",
    ),
    "card_changes": (
        "change_id", "card_id", "purchase_id", "state", "changed_by", "because", "changed_at",
    ),
    "decisions": (
        "event_id", "purchase_id", "authorisation_id", "is_approved", "amount_pence",
        "approved_pence", "code", "reason", "next_step", "decided_at", "policy_version",
        "merchant_category_code", "merchant_country",
    ),
    "presentments": (
        "presentment_id", "purchase_id", "authorisation_id", "is_refund", "amount_pence",
        "heard_at", "matched_to", "matched_by", "match_reason",
    ),
    "disputes": (
        "dispute_id", "purchase_id", "presentment_id", "amount_pence", "reason", "words", "state",
        "issuer_status", "credited_pence", "loss_reason", "opened_by", "opened_at", "submit_by",
        "submitted_by", "withdrawn_by", "withdrawn_because",
    ),
    "transfers": (
        "transfer_id", "purchase_id", "payee_id", "amount_pence", "invoice_number",
        "not_a_repeat_because", "state", "payment_order_id", "failure_reason", "ordered_at",
    ),
    "direct_payments": (
        "payment_id", "budget_id", "item_id", "amount_pence", "period_starts_on", "told_at",
        "ordered_at", "state", "failure_reason",
    ),
    "observed_transactions": (
        "transaction_id", "card_id", "budget_id", "item_id", "is_refund", "amount_pence",
        "heard_at",
    ),
    "receipts": (
        "receipt_id", "purchase_id", "sha256", "amount_pence", "media_type", "size_bytes",
        "attached_at", "stored_at",
    ),
    "receipt_lines": (
        "receipt_id", "line", "description", "quantity", "total_pence", "flag",
    ),
    "no_receipts": ("purchase_id", "reason", "said_at"),
    "exceptions": (
        "exception_id", "purchase_id", "kind", "about", "amount_pence", "role", "raised_at",
        "due_at", "resolution", "resolved_by", "resolved_at", "reason",
    ),
    "rail_changes": (
        "purchase_id", "from_rail", "to_rail", "decided_by", "reason", "state", "decided_at",
        "ended_at",
    ),
    "timeline": ("at", "purchase_id", "what", "id", "amount_pence"),
}  # fmt: skip
# What stands in the timeline: section, column of the instant, what it is, column of its id.
MOMENTS: Sequence[tuple[str, str, str, str]] = (
    ("purchases", "requested_at", "asked for", "purchase_id"),
    ("approvals", "decided_at", "approval decided", "purchase_id"),
    ("cards", "issued_at", "card issued", "card_id"),
    ("card_changes", "changed_at", "card changed", "change_id"),
    ("decisions", "decided_at", "card decision", "event_id"),
    ("presentments", "heard_at", "card money moved", "presentment_id"),
    ("disputes", "opened_at", "dispute opened", "dispute_id"),
    ("transfers", "ordered_at", "transfer ordered", "transfer_id"),
    ("receipts", "attached_at", "receipt attached", "receipt_id"),
    ("no_receipts", "said_at", "said why no receipt", "purchase_id"),
    ("exceptions", "raised_at", "exception raised", "exception_id"),
    ("exceptions", "resolved_at", "exception ended", "exception_id"),
    ("rail_changes", "decided_at", "other rail decided", "purchase_id"),
    ("purchases", "completed_at", "completed", "purchase_id"),
    ("purchases", "evidenced_at", "evidenced", "purchase_id"),
    ("purchases", "reconciled_at", "reconciled", "purchase_id"),
    ("purchases", "closed_at", "closed", "purchase_id"),
)

Row = Mapping[str, Any]


def timeline_of(sections: Mapping[str, Sequence[Row]]) -> list[Row]:
    """Return every moment of a history in order; of one instant, in the order of ``MOMENTS``."""
    moments = [
        (row[column], place, str(row[name]), row, what)
        for place, (section, column, what, name) in enumerate(MOMENTS)
        for row in sections[section]
        if row[column] is not None
    ]
    moments.sort(key=lambda moment: moment[:3])
    return [
        {
            "at": at,
            "purchase_id": row["purchase_id"],
            "what": what,
            "id": id_,
            "amount_pence": row.get("amount_pence"),
        }
        for at, _, id_, row, what in moments
    ]


def as_csv(section: str, rows: Iterable[Row]) -> str:
    """Return a section as CSV (RFC 4180): names first, empty where there is nothing."""
    text = io.StringIO()
    writer = csv.DictWriter(text, SECTIONS[section], lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(row[name]) for name in SECTIONS[section]})
    return text.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    # A spreadsheet would take such a text for a formula; our figures never begin so but for minus.
    is_formula = text[:1] in {"=", "+", "@", "\t", "\r"} or (
        text.startswith("-") and not isinstance(value, int)
    )
    return f"'{text}" if is_formula else text
