"""Where a purchase stands: computed from facts, never moved by hand.

The amounts decide about money. A state is for people to read, and for saying which step is
possible now: ``POSSIBLE`` lists every step with the states in which it can be taken.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from shared.errors import Refusal


class PurchaseState(enum.StrEnum):
    """Where a purchase stands."""

    REQUESTED = "requested"  # its money, or its way to pay, is not there yet
    AWAITING_APPROVAL = "awaiting_approval"  # by somebody else than who asked
    RETURNED = "returned"  # to the broker, with what to change
    REJECTED = "rejected"  # the approver said no
    READY = "ready"  # the money is held and the way to pay is open
    AUTHORISED = "authorised"  # promised to a shop or ordered at the bank, or paid and not booked
    PART_FULFILLED = "part_fulfilled"  # some of it is paid, and more may come
    COMPLETED = "completed"  # paid and booked
    EVIDENCED = "evidenced"  # and what was bought is shown
    RECONCILED = "reconciled"  # and the issuer's or the bank's own records say the same
    CLOSED = "closed"  # and nothing is expected any more
    REFUSED = "refused"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"  # its money was held as long as it can be, and not used
    PART_REFUNDED = "part_refunded"
    REFUNDED = "refunded"
    DISPUTED = "disputed"


class Ending(enum.StrEnum):
    """How a purchase ended without being bought."""

    REFUSED = "refused"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


class Approval(enum.StrEnum):
    """What somebody else than who asked has said, if they had to be asked."""

    NOT_NEEDED = "not_needed"
    WANTED = "wanted"
    GIVEN = "given"
    RETURNED = "returned"


UNUSED = frozenset(
    {
        PurchaseState.REQUESTED,
        PurchaseState.AWAITING_APPROVAL,
        PurchaseState.RETURNED,
        PurchaseState.READY,
    }
)
PAYABLE = frozenset({PurchaseState.READY, PurchaseState.AUTHORISED, PurchaseState.PART_FULFILLED})
OPEN = UNUSED | PAYABLE
BOUGHT = frozenset(
    {
        PurchaseState.COMPLETED,
        PurchaseState.EVIDENCED,
        PurchaseState.RECONCILED,
        PurchaseState.CLOSED,
        PurchaseState.PART_REFUNDED,
        PurchaseState.REFUNDED,
        PurchaseState.DISPUTED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a purchase's state depends on."""

    ending: Ending | None = None
    approval: Approval = Approval.NOT_NEEDED
    is_open: bool = False  # there is a card, or the payee can be paid
    held_pence: int = 0
    promised_pence: int = 0  # of it, what authorisations may claim or the bank was told to pay
    posted_pence: int = 0  # net of refunds
    captured_pence: int = 0  # before refunds
    ledger_posted_pence: int = 0
    was_completed: bool = False
    is_evidenced: bool = False
    is_reconciled: bool = False
    is_closed: bool = False
    is_disputed: bool = False


def state_of(facts: Facts) -> PurchaseState:
    """Return where a purchase stands. The order in which its facts came is no matter."""
    is_booked = facts.held_pence == 0 and facts.posted_pence == facts.ledger_posted_pence
    if facts.captured_pence > 0 and (is_booked or facts.was_completed):
        return _bought(facts)
    if facts.ending is not None:
        return PurchaseState(facts.ending.value)
    if facts.captured_pence > 0 and facts.held_pence > 0:
        return PurchaseState.PART_FULFILLED
    if facts.captured_pence > 0 or facts.promised_pence > 0:
        return PurchaseState.AUTHORISED
    return _not_used(facts)


def _bought(facts: Facts) -> PurchaseState:
    if facts.is_disputed:
        return PurchaseState.DISPUTED
    # Until the ledger has booked a change, what it booked before is where the purchase stands.
    if facts.ledger_posted_pence == 0:
        return PurchaseState.REFUNDED
    if max(facts.posted_pence, facts.ledger_posted_pence) < facts.captured_pence:
        return PurchaseState.PART_REFUNDED
    if not facts.is_evidenced:
        return PurchaseState.COMPLETED
    if not facts.is_reconciled:
        return PurchaseState.EVIDENCED
    return PurchaseState.CLOSED if facts.is_closed else PurchaseState.RECONCILED


def _not_used(facts: Facts) -> PurchaseState:
    if facts.approval is Approval.WANTED:
        return PurchaseState.AWAITING_APPROVAL
    if facts.approval is Approval.RETURNED:
        return PurchaseState.RETURNED
    return PurchaseState.READY if facts.is_open else PurchaseState.REQUESTED


class Step(enum.StrEnum):
    """What somebody, or the card network, can do with a purchase."""

    APPROVE = "approve"
    RETURN = "return"
    REJECT = "reject"
    AMEND = "amend"
    CANCEL = "cancel"
    PAY_BY_CARD = "pay by card"
    RECORD_INVOICE = "record an invoice"
    FINISH = "finish"
    LAPSE = "lapse"
    ATTACH_RECEIPT = "attach a receipt"


# Every pair that is not here is refused. Captures and refunds are no steps: they are never refused.
POSSIBLE: Mapping[Step, frozenset[PurchaseState]] = {
    Step.APPROVE: frozenset({PurchaseState.AWAITING_APPROVAL}),
    Step.RETURN: frozenset({PurchaseState.AWAITING_APPROVAL}),
    Step.REJECT: frozenset({PurchaseState.AWAITING_APPROVAL}),
    Step.AMEND: frozenset({PurchaseState.RETURNED}),
    Step.CANCEL: UNUSED,
    Step.PAY_BY_CARD: PAYABLE,
    Step.RECORD_INVOICE: PAYABLE,
    Step.FINISH: frozenset({PurchaseState.AUTHORISED, PurchaseState.PART_FULFILLED}),
    Step.LAPSE: UNUSED | {PurchaseState.PART_FULFILLED},
    Step.ATTACH_RECEIPT: PAYABLE | BOUGHT,
}


class NotPossibleNowError(Refusal):
    """A step that cannot be taken where the purchase stands."""

    code = "not_possible_now"
    next_step = "Look the purchase up: its state says what can be done with it."

    def __init__(self, step: Step, state: PurchaseState) -> None:
        super().__init__(
            "This cannot be done with the purchase as it stands.", step=step, state=state
        )


def is_possible(step: Step, state: PurchaseState) -> bool:
    return state in POSSIBLE[step]


def see_that_it_is_possible(step: Step, state: PurchaseState) -> None:
    """Look whether a step can be taken in a state.

    Raises:
        NotPossibleNowError: it cannot.
    """
    if not is_possible(step, state):
        raise NotPossibleNowError(step, state)
