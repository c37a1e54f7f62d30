"""A purchase, with what the ledger said of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.entitlements.rules import Rail
from services.payments.purchases.rules import BankClaims, CardClaims
from services.payments.purchases.states import Approval, Ending, Facts, PurchaseState, state_of
from services.payments.tables import Table


class Purchase(Table):
    """One occurrence of an item, bought once."""

    __tablename__ = "purchases"
    __table_args__ = (
        CheckConstraint("amount_pence > 0", name="amount_positive"),
        CheckConstraint("tolerance_pence >= 0", name="tolerance_not_negative"),
        CheckConstraint("counted_pence > 0", name="counted_positive"),
        CheckConstraint("held_pence >= 0", name="held_not_negative"),
        CheckConstraint("posted_pence >= 0", name="posted_not_negative"),
        CheckConstraint("unmatched_pence >= 0", name="unmatched_not_negative"),
        CheckConstraint(
            "disputed_pence >= 0 AND reinstated_pence >= 0", name="disputed_not_negative"
        ),
        CheckConstraint("posted_pence <= captured_pence", name="posted_within_captured"),
        CheckConstraint("promised_pence >= 0", name="promised_not_negative"),
        CheckConstraint(
            "card_outstanding_pence >= 0 AND card_captured_pence >= 0"
            " AND card_refunded_pence >= 0 AND card_waiting_pence >= 0",
            name="card_not_negative",
        ),
        CheckConstraint("ordered_pence >= 0 AND transferred_pence >= 0", name="bank_not_negative"),
        Index(
            "purchases_not_evidenced_ix",
            "completed_at",
            postgresql_where=text("completed_at IS NOT NULL AND evidenced_at IS NULL"),
        ),
        Index(
            "purchases_not_closed_ix",
            "reconciled_at",
            postgresql_where=text("reconciled_at IS NOT NULL AND closed_at IS NULL"),
        ),
        Index(
            "purchases_hold_expires_at_ix",
            "hold_expires_at",
            postgresql_where=text("ending IS NULL AND finished_at IS NULL"),
        ),
    )
    purchase_id: Mapped[UUID] = mapped_column(primary_key=True)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("plans.budget_id"), index=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("plan_items.item_id"), index=True)
    person_id: Mapped[UUID]
    requested_by: Mapped[UUID]
    instruction: Mapped[str]
    amount_pence: Mapped[int]
    counted_pence: Mapped[int]  # with its tolerance and what was asked for like it: see limits
    rail: Mapped[Rail]
    requested_at: Mapped[datetime]
    tolerance_pence: Mapped[int]  # a shop may take so much more; what the ledger holds beyond it
    correlation_id: Mapped[UUID]  # what the issuer and the bank say later belongs to this story
    # Follows from the facts below: ``restate`` works it out.
    state: Mapped[PurchaseState] = mapped_column(default=PurchaseState.REQUESTED)
    ending: Mapped[Ending | None] = mapped_column(default=None)
    approval: Mapped[Approval] = mapped_column(default=Approval.NOT_NEEDED)
    askings: Mapped[int] = mapped_column(default=1)  # how often approval was or could be asked
    opened_at: Mapped[datetime | None] = mapped_column(default=None)  # the way to pay
    finished_at: Mapped[datetime | None] = mapped_column(default=None)  # nothing more is bought
    finished_because: Mapped[str | None] = mapped_column(default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    # Ours, told to the ledger as two absolute amounts with a rising version.
    version: Mapped[int] = mapped_column(default=0)
    held_pence: Mapped[int] = mapped_column(default=0)
    posted_pence: Mapped[int] = mapped_column(default=0)  # net of refunds
    captured_pence: Mapped[int] = mapped_column(default=0)  # or transferred; before refunds
    unmatched_pence: Mapped[int] = mapped_column(default=0)  # came back, and not certain for what
    promised_pence: Mapped[int] = mapped_column(default=0)  # of what is held: claimed or ordered
    # What each rail says of it: the amounts above are added up from these.
    card_outstanding_pence: Mapped[int] = mapped_column(default=0)
    card_captured_pence: Mapped[int] = mapped_column(default=0)
    card_refunded_pence: Mapped[int] = mapped_column(default=0)
    card_waiting_pence: Mapped[int] = mapped_column(default=0)
    is_card_bought: Mapped[bool] = mapped_column(default=False)
    ordered_pence: Mapped[int] = mapped_column(default=0)
    transferred_pence: Mapped[int] = mapped_column(default=0)
    # What its open disputes ask back, and what the issuer has credited for the time being: that can
    # be taken back, so it is nobody's to spend and the ledger is not told.
    disputed_pence: Mapped[int] = mapped_column(default=0)
    reinstated_pence: Mapped[int] = mapped_column(default=0)
    # The ledger's, as it told us; what it says of the hold and of the cost can change places.
    hold_version: Mapped[int] = mapped_column(default=0)
    ledger_posted_version: Mapped[int] = mapped_column(default=0)
    ledger_posted_pence: Mapped[int] = mapped_column(default=0)
    available_pence: Mapped[int] = mapped_column(default=0)
    hold_expires_at: Mapped[datetime | None] = mapped_column(default=None)
    completed_at: Mapped[datetime | None] = mapped_column(default=None)
    evidenced_at: Mapped[datetime | None] = mapped_column(default=None)
    reconciled_at: Mapped[datetime | None] = mapped_column(default=None)
    refusal_code: Mapped[str | None] = mapped_column(default=None)
    refusal_reason: Mapped[str | None] = mapped_column(default=None)
    refusal_next_step: Mapped[str | None] = mapped_column(default=None)
    cancelled_because: Mapped[str | None] = mapped_column(default=None)
    is_wage: Mapped[bool] = mapped_column(default=False)  # paid before anything else
    not_a_repeat_because: Mapped[str | None] = mapped_column(default=None)
    series_id: Mapped[UUID | None] = mapped_column(index=True, default=None)
    # Who buys with the card themselves, again and again: the person or their nominee.
    holder_id: Mapped[UUID | None] = mapped_column(default=None)

    @property
    def is_standing(self) -> bool:
        """Whether many payments may be made on it until it is used up or finished."""
        return self.holder_id is not None

    @property
    def is_agreed(self) -> bool:
        """Whether nobody has to approve it any more."""
        return self.approval in {Approval.NOT_NEEDED, Approval.GIVEN}

    @property
    def cardholder_id(self) -> UUID:
        """In whose name its card is: the broker's who asked, or the holder's own."""
        return self.holder_id or self.requested_by

    @property
    def card_claims(self) -> CardClaims:
        return CardClaims(
            outstanding_pence=self.card_outstanding_pence,
            captured_pence=self.card_captured_pence,
            refunded_pence=self.card_refunded_pence,
            waiting_pence=self.card_waiting_pence,
            is_bought=self.is_card_bought,
        )

    @card_claims.setter
    def card_claims(self, claims: CardClaims) -> None:
        self.card_outstanding_pence = claims.outstanding_pence
        self.card_captured_pence = claims.captured_pence
        self.card_refunded_pence = claims.refunded_pence
        self.card_waiting_pence = claims.waiting_pence
        self.is_card_bought = claims.is_bought

    @property
    def bank_claims(self) -> BankClaims:
        return BankClaims(ordered_pence=self.ordered_pence, paid_pence=self.transferred_pence)

    @bank_claims.setter
    def bank_claims(self, claims: BankClaims) -> None:
        self.ordered_pence = claims.ordered_pence
        self.transferred_pence = claims.paid_pence

    @property
    def limit_pence(self) -> int:
        """The most that it may cost: the tolerance is for shops alone."""
        return self.amount_pence + (self.tolerance_pence if self.rail is Rail.CARD else 0)

    @property
    def reserved_pence(self) -> int:
        """What it reserves beside what was promised: nothing once it is over or finished."""
        is_over = self.ending is not None or self.finished_at is not None
        return 0 if is_over else self.limit_pence

    def restate(self) -> None:
        """Work out where it stands, after any of its facts has changed."""
        self.state = state_of(
            Facts(
                ending=self.ending,
                approval=self.approval,
                is_open=self.opened_at is not None,
                held_pence=self.held_pence,
                promised_pence=self.promised_pence,
                posted_pence=self.posted_pence,
                captured_pence=self.captured_pence,
                ledger_posted_pence=self.ledger_posted_pence,
                was_completed=self.completed_at is not None,
                is_evidenced=self.evidenced_at is not None,
                is_reconciled=self.reconciled_at is not None,
                is_closed=self.closed_at is not None,
                is_disputed=self.disputed_pence > 0,
            )
        )
