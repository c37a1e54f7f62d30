"""Three statements and one export.

Money is whole pence, dates are days in London, instants are UTC. Every amount of a statement is
there, also where it follows from others: whoever fills a statement from the books reads each one
there, and a statement that does not add up cannot be made.

A funder is named by its id, its kind and its name: the organisation's, and none for the person, of
whom a document holds nothing but the id. So two NHS bodies can be told apart in every paper.

A document has plain fields and lists of rows. Its JSON and its CSV follow from that alone, so a
field that is added here is in both. Whoever adds, renames or changes one raises the number in
``schema``.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from services.budget.documents.rules import (
    require_a_day,
    require_books_in_balance,
    require_equal,
    require_figures,
    require_in_utc,
    require_posted,
    require_running,
)
from services.budget.funders.rules import FunderKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What every document says of itself."""

    schema: ClassVar[str]  # names the form and its version
    as_of: date  # the last day that counts: what is effective later is not in it
    known_at: datetime  # what was recorded later is not in it
    starts_on: date
    ends_on: date  # the first day that no longer belongs to the period

    def __post_init__(self) -> None:
        require_a_day(starts_on=self.starts_on, ends_on=self.ends_on)
        require_in_utc("known_at", self.known_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyIn:
    """What one funder paid in, or promised, during the period: it can be spent.

    The person's own money is the person's row. Money that is set aside for later periods comes in
    when it is allocated. Below zero where a promise was taken back or money was repaid.
    """

    funder_id: UUID
    funder_kind: FunderKind
    funder_name: str
    amount_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemOfPerson:
    """One thing of the plan: what it is for, what it has cost, what is set aside for it."""

    item_id: UUID
    description: str
    goal: str  # the outcome it serves, in the person's words
    spent_pence: int  # in the period, less refunds: below zero when more came back
    set_aside_pence: int  # held for purchases at the end


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """Money that is expected to come in, or to be spent, after the period."""

    due_on: date | None  # none: no day is set
    description: str
    is_money_in: bool
    amount_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonStatement(Document):
    """What a person is told about their budget, all funders together.

    The contribution is told apart from the rest. What is still due of it is shown and can be spent
    all the same; nothing else follows from it: care is never stopped because of arrears.
    """

    schema: ClassVar[str] = "commonpurse.person_statement.v2"
    budget_id: UUID
    opening_pence: int  # in the budget when the period began, the person's arrears not included
    closing_pence: int  # likewise at its end, what is set aside included; below zero if overspent
    overspent_pence: int  # what was taken beyond what was there, as it stands at the end
    set_aside_pence: int
    left_pence: int  # what can still be spent
    contribution_asked_pence: int  # of the person, until the end, less what was given back
    contribution_paid_pence: int  # likewise
    contribution_due_pence: int  # asked less paid; below zero when paid ahead
    money_in: tuple[MoneyIn, ...]
    items: tuple[ItemOfPerson, ...]
    coming: tuple[Coming, ...]

    @property
    def money_in_pence(self) -> int:
        return sum(one.amount_pence for one in self.money_in)

    @property
    def spent_pence(self) -> int:
        return sum(item.spent_pence for item in self.items)

    def __post_init__(self) -> None:
        Document.__post_init__(self)
        in_reach_pence = self.closing_pence + self.overspent_pence + self.contribution_due_pence
        due_pence = self.contribution_asked_pence - self.contribution_paid_pence
        require_figures(
            closing=(
                self.closing_pence,
                self.opening_pence + self.money_in_pence - self.spent_pence,
            ),
            set_aside=(self.set_aside_pence, sum(item.set_aside_pence for item in self.items)),
            left=(self.left_pence, in_reach_pence - self.set_aside_pence),
            contribution_due=(self.contribution_due_pence, due_pence),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemOfFunder:
    """What a funder paid for one thing of a plan during the period, less refunds."""

    budget_id: UUID
    item_id: UUID
    description: str
    spent_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What stands between this funder and another at the end of the period."""

    funder_id: UUID  # the other
    funder_kind: FunderKind
    funder_name: str
    due_to_pence: int  # this funder owes it
    due_from_pence: int  # this funder is owed it


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalLine:
    """One journal, as it moved this funder's own money."""

    seq: int
    budget_id: UUID
    effective_on: date
    occurred_on: date
    kind: str
    reason: str
    amount_pence: int  # above zero: more was there afterwards
    balance_pence: int  # after it


@dataclass(frozen=True, slots=True, kw_only=True)
class FunderStatement(Document):
    """One funder's own side and no other's: of one budget, or of all it pays into.

    Opening, closing and the balances between are what really came in less what was spent. So each
    journal moves them by exactly what the funder paid in, spent or got back. What was promised, or
    is due from the person, can be spent before it comes in: the balance is below zero then.
    """

    schema: ClassVar[str] = "commonpurse.funder_statement.v2"
    funder_id: UUID
    funder_kind: FunderKind
    funder_name: str
    budget_id: UUID | None  # none: all budgets of this funder
    opening_pence: int
    paid_in_pence: int  # new money and what was released from a block contract
    charged_pence: int  # paid by the person towards a council's part
    spent_pence: int  # less refunds, and with what others paid in this funder's place
    otherwise_pence: int  # neither paid in nor spent: repayments (below zero), shared risk, moves
    closing_pence: int
    overspent_pence: int  # beyond what was there, as it stands at the end
    held_pence: int  # for purchases, at the end
    promised_pence: int  # committed and not paid in, at the end
    charge_due_pence: int  # what the person has still to pay, at the end
    left_pence: int  # what can still be spent: of what came in, is promised, or is due
    items: tuple[ItemOfFunder, ...]
    dues: tuple[Due, ...]
    lines: tuple[JournalLine, ...]  # in the order in which the balance runs

    def __post_init__(self) -> None:
        Document.__post_init__(self)
        came_pence = self.paid_in_pence + self.charged_pence + self.otherwise_pence
        awaited_pence = self.promised_pence + self.charge_due_pence
        in_reach_pence = self.closing_pence + self.overspent_pence + awaited_pence
        require_figures(
            closing=(self.closing_pence, self.opening_pence + came_pence - self.spent_pence),
            spent=(self.spent_pence, sum(item.spent_pence for item in self.items)),
            left=(self.left_pence, in_reach_pence - self.held_pence),
        )
        require_running(
            [(f"journal {line.seq}", line.amount_pence, line.balance_pence) for line in self.lines],
            opening_pence=self.opening_pence,
            closing_pence=self.closing_pence,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialBalanceLine:
    """All accounts of one name in one funder's books; balances are credits less debits."""

    funder_id: UUID
    funder_kind: FunderKind
    funder_name: str
    account: str  # ``available``, ``due_to E06000001``
    opening_pence: int
    debits_pence: int  # in the period
    credits_pence: int
    closing_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedJournal:
    """A journal of the period as it stands in the books."""

    seq: int  # in the order of writing
    journal_id: UUID
    budget_id: UUID
    kind: str
    source_id: UUID  # the contribution or the purchase it is about
    effective_on: date
    occurred_on: date
    recorded_at: datetime
    actor: str
    reason: str

    def __post_init__(self) -> None:
        require_in_utc("recorded_at", self.recorded_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedJournal(BookedJournal):
    """With all that was sealed of it, and the seal that holds it."""

    metadata: str  # JSON, in the database's words, as it was sealed
    seal_number: int | None  # none: not sealed yet
    seal_hash: str | None  # hexadecimal


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedPosting:
    """One amount from a debit account to a credit account of the same funder."""

    seq: int  # of its journal
    line: int
    funder_id: UUID
    funder_kind: FunderKind
    funder_name: str
    debit_account: str
    credit_account: str
    amount_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditorStatement(Document):
    """Everything that was booked in the period, and that each funder's book is in balance."""

    schema: ClassVar[str] = "commonpurse.auditor_statement.v2"
    budget_id: UUID | None  # none: the whole ledger
    trial_balance: tuple[TrialBalanceLine, ...]
    journals: tuple[AuditedJournal, ...]
    postings: tuple[AuditedPosting, ...]  # of these journals, and all of them

    def __post_init__(self) -> None:
        Document.__post_init__(self)
        for line in self.trial_balance:
            require_equal(
                f"closing of {line.funder_id} {line.account}",
                told_pence=line.closing_pence,
                worked_out_pence=line.opening_pence + line.credits_pence - line.debits_pence,
            )
        require_books_in_balance(
            (line.funder_id, line.opening_pence, line.closing_pence) for line in self.trial_balance
        )
        require_posted(
            {
                (line.funder_id, line.account): (line.debits_pence, line.credits_pence)
                for line in self.trial_balance
            },
            [
                (one.funder_id, one.debit_account, one.credit_account, one.amount_pence)
                for one in self.postings
            ],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedPosting(BookedJournal):
    """One posting with its journal: a row for a finance system."""

    line: int
    funder_id: UUID
    funder_kind: FunderKind
    funder_name: str
    debit_account: str
    credit_account: str
    amount_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalsExport(Document):
    """The postings of a period, flat."""

    schema: ClassVar[str] = "commonpurse.journals_export.v2"
    budget_id: UUID | None  # none: the whole ledger
    postings: tuple[ExportedPosting, ...]
