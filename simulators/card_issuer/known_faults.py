"""The faults of this issuer by name, and the ways in which each can happen."""

from simulators.card_issuer import signing
from simulators.faults import DELIVERY_FAULTS

# The numbers are those of the project's list of 28; the README has an example of each.
VARIANTS: dict[str, tuple[str, ...]] = {
    "bad_signature": signing.VARIANTS,  # 7
    "malformed_event": (  # 8
        "not_utf8",
        "not_json",
        "list",
        "too_large",
        "truncated",
        "unknown_type",
        "unknown_enum",
        "missing_field",
        "null_field",
    ),
    "late_answer": ("as_set", "decline", "approve"),  # 10
    "stand_in": ("approve", "decline"),  # 12
    "card_check": ("zero", "penny"),  # 13
    "reversal": ("whole", "part"),  # 15
    "expiry": ("then_capture", "alone"),  # 16
    "odd_capture": ("over", "under", "multi", "tip"),  # 17
    "unasked_capture": ("no_authorization", "after_decline", "canceled_card"),  # 18
    "odd_refund": (  # 19
        "linked",
        "unlinked",
        "wrongly_linked",
        "early",
        "duplicate_amount",
        "reversed",
    ),
    "foreign_drift": ("dearer", "cheaper"),  # 20
    "dispute": ("won", "lost", "expired", "rescinded", "refunded_meanwhile"),  # 21
    "api_error": ("too_many", "server_error", "lost_answer", "slow"),  # 22
    "settlement": ("missing_row", "extra_row", "wrong_amount", "duplicate_file", "late_day"),  # 23
    "clock_skew": ("ahead", "behind"),  # 25
    "outage": ("approve", "decline"),  # 27
    "card_lost": ("lost", "stolen"),  # 28
}
PLAIN = frozenset(
    {
        "lost_answer",  # 2
        "stale_snapshot",  # 6
        "unknown_card",  # 9
        "unknown_authorization",  # 9
        "partial_approval",  # 13
        "increment",  # 14
        "fee_line",  # 20
        "burst",  # 24
        "planted_number",  # 26
    }
)
KNOWN = DELIVERY_FAULTS | PLAIN | VARIANTS.keys()
