"""What can go wrong, whose it is, by when they look, and how it can end."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from shared.errors import Refusal


class ExceptionKind(enum.StrEnum):
    """What happened. At most 32 letters; add one beside how it is handled."""

    OVER_CAPTURE = "over_capture"
    RATE_CHANGED = "rate_changed"
    CAPTURE_NOT_AUTHORISED = "capture_not_authorised"
    CAPTURE_AFTER_DECLINE = "capture_after_decline"
    CAPTURE_AFTER_END = "capture_after_end"
    CAPTURE_ON_CLOSED_CARD = "capture_on_closed_card"
    APPROVED_WITHOUT_US = "approved_without_us"
    DECLINED_AFTER_US = "declined_after_us"
    SILENT_DECISION = "silent_decision"
    UNMATCHED_REFUND = "unmatched_refund"
    REFUND_REVERSED = "refund_reversed"
    DISPUTE_NOT_SENT = "dispute_not_sent"
    DISPUTE_LOST = "dispute_lost"
    UNREADABLE_EVENT = "unreadable_event"
    EVENT_NOT_APPLIED = "event_not_applied"
    UNKNOWN_CARD = "unknown_card"
    UNKNOWN_TRANSFER = "unknown_transfer"
    TRANSFER_PAID_AFTER_FAILURE = "transfer_paid_after_failure"
    RECEIPT_MISSING = "receipt_missing"
    NO_RECEIPT = "no_receipt"
    RESTRICTED_LINE = "restricted_line"
    SETTLEMENT_MISSING = "settlement_missing"
    SETTLEMENT_EXTRA = "settlement_extra"
    SETTLEMENT_WRONG = "settlement_wrong"
    SETTLEMENT_DUPLICATE = "settlement_duplicate"
    SETTLEMENT_FILE_MISSING = "settlement_file_missing"
    LEDGER_DIFFERS = "ledger_differs"
    HOLD_TOO_OLD = "hold_too_old"
    RAIL_DEGRADED = "rail_degraded"
    SECOND_RAIL_NOT_DECIDED = "second_rail_not_decided"
    PURCHASE_TO_APPROVE = "purchase_to_approve"
    PURCHASE_RETURNED = "purchase_returned"
    PAYEE_TO_CONFIRM = "payee_to_confirm"
    TRANSFER_FAILED = "transfer_failed"
    TRANSFER_OUTCOME_UNKNOWN = "transfer_outcome_unknown"
    DIRECT_PAYMENT_WAITS = "direct_payment_waits"
    DIRECT_PAYMENT_FAILED = "direct_payment_failed"
    RETURN_MISSING = "return_missing"
    CARD_NOT_REPLACED = "card_not_replaced"
    OCCURRENCE_NOT_ASKED = "occurrence_not_asked"
    CARD_POLICY_TO_CONFIRM = "card_policy_to_confirm"
    SPENDING_LIMIT_TO_CONFIRM = "spending_limit_to_confirm"


class Resolution(enum.StrEnum):
    """How somebody ended it."""

    ACCEPTED = "accepted"  # it is right as it is
    DISPUTED = "disputed"  # the network is asked for the money back
    REFUND_ASKED = "refund_asked"  # the payee is asked for the money back
    CORRECTED = "corrected"  # what was wrong was put right, here or outside
    NOT_OURS = "not_ours"
    WRITTEN_OFF = "written_off"  # the money does not come back, and the budget bears it
    REPAYMENT = "repayment"  # money was wrongly spent: budget gives notice of a repayment
    DONE = "done"  # what was waited for has happened; nobody says so by hand


# What somebody does next who ended it so.
NEXT_STEPS: Mapping[Resolution, str] = {
    # SI 2013/1617, reg. 15(1)(d), (2)-(5): notice with reasons, amount, time and who pays, and a
    # right to have it reconsidered. Budget has that way; there is no second one.
    Resolution.REPAYMENT: "Ask budget for `propose_repayment` with the ground `misused`, your"
    " reason and this amount; nothing is taken back without notice.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """Whose an exception is, by when they look, what its task says and how it can end."""

    role: str
    within: timedelta
    words: str  # read by staff: it names nobody
    resolutions: frozenset[Resolution]


_MONEY = frozenset({Resolution.ACCEPTED, Resolution.DISPUTED, Resolution.REFUND_ASKED})
_RECORDS = frozenset({Resolution.CORRECTED, Resolution.NOT_OURS})
_SEEN = frozenset({Resolution.ACCEPTED, Resolution.CORRECTED})
_LOST = frozenset({Resolution.WRITTEN_OFF, Resolution.REFUND_ASKED})
_SETTLEMENT = frozenset({Resolution.ACCEPTED, Resolution.CORRECTED, Resolution.DISPUTED})
_EVIDENCE = frozenset({Resolution.ACCEPTED, Resolution.CORRECTED, Resolution.REPAYMENT})
_WHEN_DONE: frozenset[Resolution] = frozenset()  # it ends with the purchase's next step

# The days are our own policy: each organisation sets its own.
HANDLING: Mapping[ExceptionKind, Handling] = {
    ExceptionKind.OVER_CAPTURE: Handling(
        role="broker",
        within=timedelta(days=5),
        words="A shop took more than was agreed. Ask it why; accept, ask for it back or dispute.",
        resolutions=_MONEY,
    ),
    ExceptionKind.RATE_CHANGED: Handling(
        role="broker",
        within=timedelta(days=10),
        words="A shop abroad took more than was agreed, as the rate had changed.",
        resolutions=_MONEY,
    ),
    ExceptionKind.CAPTURE_NOT_AUTHORISED: Handling(
        role="broker",
        within=timedelta(days=5),
        words="A shop took money that nobody had been asked about. See what it was for.",
        resolutions=_MONEY,
    ),
    ExceptionKind.CAPTURE_AFTER_DECLINE: Handling(
        role="broker",
        within=timedelta(days=2),
        words="A shop took money though its card payment was declined. Ask for it back or dispute.",
        resolutions=_MONEY,
    ),
    ExceptionKind.CAPTURE_AFTER_END: Handling(
        role="broker",
        within=timedelta(days=5),
        words="A shop took money late, after its claim had ended. See whether it was owed.",
        resolutions=_MONEY,
    ),
    ExceptionKind.CAPTURE_ON_CLOSED_CARD: Handling(
        role="broker",
        within=timedelta(days=5),
        words="A shop took money on a card that is closed. See whether it was owed.",
        resolutions=_MONEY,
    ),
    ExceptionKind.APPROVED_WITHOUT_US: Handling(
        role="broker",
        within=timedelta(days=2),
        words="The network approved a payment in our place. See what was bought.",
        resolutions=_MONEY,
    ),
    ExceptionKind.DECLINED_AFTER_US: Handling(
        role="broker",
        within=timedelta(days=1),
        words="The network declined what was approved here. The shop may have to be tried again.",
        resolutions=_SEEN,
    ),
    ExceptionKind.SILENT_DECISION: Handling(
        role="broker",
        within=timedelta(days=1),
        words="The issuer knows nothing of a payment approved here. The money is free again.",
        resolutions=_SEEN,
    ),
    ExceptionKind.UNMATCHED_REFUND: Handling(
        role="finance_officer",
        within=timedelta(days=5),
        words="Money came back and it is not certain for what. Find its purchase and match it.",
        resolutions=_RECORDS | _MONEY,
    ),
    ExceptionKind.REFUND_REVERSED: Handling(
        role="broker",
        within=timedelta(days=5),
        words="A shop took back a refund. Ask it why; accept or dispute.",
        resolutions=_MONEY,
    ),
    ExceptionKind.DISPUTE_NOT_SENT: Handling(
        role="finance_officer",
        within=timedelta(days=1),
        words="A dispute did not reach the issuer. Send it again before its last day.",
        resolutions=_SEEN | _LOST,
    ),
    ExceptionKind.DISPUTE_LOST: Handling(
        role="finance_manager",
        within=timedelta(days=10),
        words="A dispute was lost or came too late. Write it off, or ask the shop for the money.",
        resolutions=_LOST,
    ),
    ExceptionKind.UNREADABLE_EVENT: Handling(
        role="on_duty",
        within=timedelta(days=1),
        words="The issuer or the bank told something in a form that is not known here.",
        resolutions=_RECORDS,
    ),
    ExceptionKind.EVENT_NOT_APPLIED: Handling(
        role="on_duty",
        within=timedelta(days=1),
        words="What the bank told could not be written here. Money may have moved: see why, and"
        " have it done again.",
        resolutions=_RECORDS,
    ),
    ExceptionKind.UNKNOWN_CARD: Handling(
        role="finance_officer",
        within=timedelta(days=2),
        words="The issuer tells of a card that is none of ours. Money may have moved.",
        resolutions=_RECORDS,
    ),
    ExceptionKind.UNKNOWN_TRANSFER: Handling(
        role="finance_officer",
        within=timedelta(days=2),
        words="The bank tells of a transfer that is none of ours. Money may have moved.",
        resolutions=_RECORDS,
    ),
    ExceptionKind.TRANSFER_PAID_AFTER_FAILURE: Handling(
        role="finance_officer",
        within=timedelta(days=1),
        words="The bank paid a transfer that it had called failed. See that nobody is paid twice.",
        resolutions=_MONEY | _RECORDS,
    ),
    ExceptionKind.RECEIPT_MISSING: Handling(
        role="broker",
        within=timedelta(days=14),
        words="No receipt came for a purchase. Ask what happened and help to find one; the"
        " person's card stays as it is.",
        resolutions=_EVIDENCE | _MONEY,
    ),
    ExceptionKind.NO_RECEIPT: Handling(
        role="finance_officer",
        within=timedelta(days=14),
        words="Somebody said why there is no receipt for a purchase. See whether that will do.",
        resolutions=_EVIDENCE,
    ),
    ExceptionKind.RESTRICTED_LINE: Handling(
        role="broker",
        within=timedelta(days=10),
        words="A line of a receipt reads like alcohol or tobacco. Words mislead: ask what it was"
        " before anything else.",
        resolutions=_EVIDENCE | _MONEY,
    ),
    ExceptionKind.SETTLEMENT_MISSING: Handling(
        role="finance_officer",
        within=timedelta(days=3),
        words="The issuer told of money that moved, and no settlement file holds it.",
        resolutions=_SETTLEMENT,
    ),
    ExceptionKind.SETTLEMENT_EXTRA: Handling(
        role="finance_officer",
        within=timedelta(days=2),
        words="A settlement file holds money that nobody told us of. Ask the issuer for the event.",
        resolutions=_SETTLEMENT,
    ),
    ExceptionKind.SETTLEMENT_WRONG: Handling(
        role="finance_officer",
        within=timedelta(days=2),
        words="A settlement file says something else than the issuer's event. Ask which is right.",
        resolutions=_SETTLEMENT,
    ),
    ExceptionKind.SETTLEMENT_DUPLICATE: Handling(
        role="finance_officer",
        within=timedelta(days=2),
        words="A settlement file holds a transaction that one held before. See that it is paid"
        " once.",
        resolutions=_SETTLEMENT,
    ),
    ExceptionKind.SETTLEMENT_FILE_MISSING: Handling(
        role="finance_officer",
        within=timedelta(days=2),
        words="Money moved on a day whose settlement file nobody has imported.",
        resolutions=_RECORDS,
    ),
    ExceptionKind.LEDGER_DIFFERS: Handling(
        role="finance_officer",
        within=timedelta(days=1),
        words="The ledger has booked another amount for a purchase than the issuer told.",
        resolutions=_SETTLEMENT,
    ),
    ExceptionKind.HOLD_TOO_OLD: Handling(
        role="broker",
        within=timedelta(days=5),
        words="Money has been set aside for long. Ask whether it is still wanted, or cancel.",
        resolutions=_SETTLEMENT,
    ),
    ExceptionKind.RAIL_DEGRADED: Handling(
        role="finance_officer",
        within=timedelta(hours=4),
        words="The issuer or the bank cannot be reached. See who waits, wages first, and whether"
        " they can be paid another way.",
        resolutions=frozenset({Resolution.CORRECTED, Resolution.ACCEPTED}),
    ),
    ExceptionKind.SECOND_RAIL_NOT_DECIDED: Handling(
        role="finance_officer",
        within=timedelta(days=1),
        words="Nobody answered whether a purchase that goes another way was paid before. Its payee"
        " waits: ask the issuer or the bank, and take the same decision again.",
        resolutions=_SEEN,
    ),
    ExceptionKind.PURCHASE_TO_APPROVE: Handling(
        role="team_manager",  # or a lower one that may approve the amount
        within=timedelta(days=2),
        words="A purchase above what its broker may ask for alone, by itself or with what was asked"
        " for like it lately, waits for your approval.",
        resolutions=_WHEN_DONE,
    ),
    ExceptionKind.PURCHASE_RETURNED: Handling(
        role="broker",
        within=timedelta(days=3),
        words="A purchase was not approved as it is. Read why; amend it or cancel it.",
        resolutions=_WHEN_DONE,
    ),
    ExceptionKind.PAYEE_TO_CONFIRM: Handling(
        role="finance_officer",
        within=timedelta(days=2),
        words="A purchase is held and its payee cannot be paid yet. Look the purchase up for why.",
        resolutions=_WHEN_DONE,
    ),
    ExceptionKind.TRANSFER_FAILED: Handling(
        role="broker",
        within=timedelta(days=2),
        words="The bank could not pay one invoice of a purchase. Check the payee's account.",
        resolutions=_RECORDS,
    ),
    ExceptionKind.TRANSFER_OUTCOME_UNKNOWN: Handling(
        role="finance_officer",
        within=timedelta(days=1),
        words="Nobody answered whether a transfer was paid. Its payee may wait, and its money is"
        " held: ask the bank by its reference; pay nothing a second time before.",
        resolutions=_RECORDS,
    ),
    ExceptionKind.DIRECT_PAYMENT_WAITS: Handling(
        role="finance_officer",
        within=timedelta(days=1),
        words="A direct payment is due, and its account is not here or nobody has confirmed it.",
        resolutions=_WHEN_DONE,
    ),
    ExceptionKind.DIRECT_PAYMENT_FAILED: Handling(
        role="finance_officer",
        within=timedelta(days=1),
        words="The bank could not pay a direct payment. Ask for the right account, and pay it.",
        resolutions=_RECORDS,
    ),
    ExceptionKind.RETURN_MISSING: Handling(
        role="care_coordinator",
        within=timedelta(days=28),
        words="Nothing was shown for direct payments. Ask, offer help, review; they are paid on.",
        resolutions=_RECORDS | {Resolution.ACCEPTED},
    ),
    ExceptionKind.CARD_NOT_REPLACED: Handling(
        role="broker",
        within=timedelta(days=1),
        words="The issuer made no card in place of a lost one. Ask for the purchase again.",
        resolutions=_RECORDS,
    ),
    ExceptionKind.OCCURRENCE_NOT_ASKED: Handling(
        role="broker",
        within=timedelta(days=1),
        words="A regular purchase could not be asked for this time. See what the person needs.",
        resolutions=_RECORDS | {Resolution.ACCEPTED},
    ),
    ExceptionKind.CARD_POLICY_TO_CONFIRM: Handling(
        role="finance_manager",
        within=timedelta(days=5),
        words="A card policy lets cards do more than the one before, and counts for nothing yet."
        " Confirm it if you did not set it; if it is not wanted, accept that it stays as it is.",
        resolutions=frozenset({Resolution.ACCEPTED}),
    ),
    ExceptionKind.SPENDING_LIMIT_TO_CONFIRM: Handling(
        role="finance_manager",
        within=timedelta(days=5),
        words="A limit lets a role do more than the one before, and counts for nothing yet."
        " Confirm it if you did not set it; if it is not wanted, accept that it stays as it is.",
        resolutions=frozenset({Resolution.ACCEPTED}),
    ),
}
NOBODY = UUID(int=0)  # the suite itself, where no member of staff took the step
# These wait for a step of their purchase, and end with it.
OF_PURCHASES = frozenset(kind for kind, one in HANDLING.items() if one.resolutions == _WHEN_DONE)


class AlreadyResolvedError(Refusal):
    """Somebody ended it in another way before."""

    code = "already_resolved"
    next_step = "Look the exception up: it says who ended it, and how."


class ResolutionNotPossibleError(Refusal):
    """An exception of one kind cannot end in every way."""

    code = "resolution_not_possible"
    next_step = "Choose one of the ways in which this kind of exception can end."


def check_resolution(kind: ExceptionKind, resolution: Resolution) -> None:
    """See that an exception of this kind can end in this way.

    Raises:
        ResolutionNotPossibleError: it cannot.
    """
    possible = HANDLING[kind].resolutions
    if resolution not in possible:
        raise ResolutionNotPossibleError(
            "This kind of exception cannot end in this way.", possible=", ".join(sorted(possible))
        )
