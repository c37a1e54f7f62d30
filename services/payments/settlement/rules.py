"""What a row of a settlement file comes to, beside what was told before."""

import enum
from dataclasses import dataclass
from datetime import date, timedelta

from shared.errors import Refusal

# Local policy, to be confirmed with the issuer.
IN_A_FILE_WITHIN = timedelta(days=3)  # of the day on which we were told
LOOKED_BACK = timedelta(days=60)
ONE_DAY = timedelta(days=1)
HOLD_IS_OLD_AFTER = timedelta(days=30)
CLOSED_AFTER = timedelta(days=120)  # since it was reconciled: no dispute can be opened any more
CURRENCY = "gbp"


class RowOutcome(enum.StrEnum):
    MATCHED = "matched"
    EXTRA = "extra"  # the issuer never told us of it
    WRONG = "wrong"  # it told us something else
    DUPLICATE = "duplicate"  # it stands in this file or another one before


class UnreadableFileError(Refusal):
    """The file has not the form that was agreed."""

    code = "unreadable_file"
    next_step = "Fetch the file again; if it stays so, ask the issuer. Nothing of it was kept."


class AnotherFileError(Refusal):
    """There is a file for this day, and this is another one."""

    code = "another_file"
    next_step = (
        "Ask the issuer which of the two counts; if this one does, import it with `replaces` and"
        " the SHA-256 of the other."
    )


class FileOfAnotherDayError(Refusal):
    """The same file was imported for another day."""

    code = "file_of_another_day"
    next_step = "Fetch this day's own file from the issuer."


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a settlement file."""

    line: int
    transaction_id: str
    authorisation_id: str | None
    issuer_card_id: str
    amount_pence: int  # below 0: a capture
    currency: str
    is_refund: bool
    processed_on: date
    fee_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the issuer's events said of a transaction."""

    issuer_card_id: str
    is_refund: bool
    amount_pence: int

    @property
    def signed_pence(self) -> int:
        return self.amount_pence if self.is_refund else -self.amount_pence


def outcome_of(row: Row, told: Told | None, *, is_repeat: bool) -> RowOutcome:
    """Return what a row comes to.

    Args:
        row: of the file.
        told: what our events say of its transaction; None: nothing.
        is_repeat: the transaction stood in a file, or in this one, before.
    """
    if is_repeat:
        return RowOutcome.DUPLICATE
    if told is None:
        return RowOutcome.EXTRA
    said = (row.issuer_card_id, row.is_refund, row.amount_pence, row.currency)
    known = (told.issuer_card_id, told.is_refund, told.signed_pence, CURRENCY)
    return RowOutcome.MATCHED if said == known else RowOutcome.WRONG


def is_reconciled(
    *,
    presentments: int,
    matched: int,
    transferred_pence: int,
    held_pence: int,
    posted_pence: int,
    ledger_posted_pence: int,
) -> bool:
    """Whether events, ledger and settlement say the same of a purchase, and nothing is open.

    Args:
        presentments: how many captures and refunds the events told.
        matched: how many of them stand in a file as they were told.
        transferred_pence: what the bank has confirmed as paid.
        held_pence: what may still be captured or transferred.
        posted_pence: what it cost by the issuer's events and the bank's.
        ledger_posted_pence: what the ledger booked.
    """
    is_settled = presentments == matched and (presentments > 0 or transferred_pence > 0)
    return is_settled and held_pence == 0 and posted_pence == ledger_posted_pence
