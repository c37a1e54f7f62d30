"""Which accounts there are, how entries come in pairs, and how a refusal about money reads."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.accounts.rules import (
    ACCOUNTS_OF_BOOK,
    AccountKind,
    BatchTooLargeError,
    BudgetNotFoundError,
    InsufficientFundsError,
    KeptHold,
    KeptPortion,
    PeriodClosedError,
    account_name,
    names_of_book,
    paired,
)
from services.budget.agreements.rules import (
    AgreementExistsError,
    CapExceededError,
    NoAgreementError,
    NotAPartnerError,
    OutsidePoolError,
    SharesNotWholeError,
)
from services.budget.funders.rules import (
    CodeTakenError,
    FunderDiffersError,
    FunderKind,
    FunderNotFoundError,
    PoolDiffersError,
    PoolNotFoundError,
)
from services.budget.funding.rules import (
    ContributionDiffersError,
    ContributionIdReusedError,
    ContributionNotCalledError,
    PersonCannotCommitError,
)
from services.budget.holds.rules import (
    AmountNotPositiveError,
    BudgetNotActiveError,
)
from services.budget.money_routes.rules import ItemNotInPlanError
from services.budget.periods.rules import PeriodState
from services.budget.reapportionment.rules import NothingToMoveError

FUNDER = UUID(int=1)
CHARGING = {AccountKind.CHARGED, AccountKind.CHARGE_DUE}


def test_only_the_councils_book_has_an_account_to_charge_from():
    charging = [book for book, kinds in ACCOUNTS_OF_BOOK.items() if CHARGING & set(kinds)]

    assert charging == [FunderKind.COUNCIL]


def test_every_funder_has_a_book_and_only_public_money_is_there_to_be_spent():
    spendable = {book for book, kinds in ACCOUNTS_OF_BOOK.items() if AccountKind.AVAILABLE in kinds}

    assert set(ACCOUNTS_OF_BOOK) == set(FunderKind)
    assert spendable == {FunderKind.NHS, FunderKind.COUNCIL}


def test_what_is_due_between_two_stands_under_the_others_code():
    names = dict(names_of_book(FunderKind.NHS, counterparties=["E06000001"]))
    books = [name for _, name in names_of_book(FunderKind.PERSON)]

    assert names[AccountKind.DUE_TO] == "due_to E06000001"
    assert names[AccountKind.DUE_FROM] == "due_from E06000001"
    assert names[AccountKind.AVAILABLE] == account_name(AccountKind.AVAILABLE) == "available"
    assert books == ["own_money", "contributed"]


def test_a_book_has_no_two_accounts_of_a_name():
    names = [
        name for _, name in names_of_book(FunderKind.COUNCIL, counterparties=["QHM01", "QHM02"])
    ]

    assert len(set(names)) == len(names) == len(ACCOUNTS_OF_BOOK[FunderKind.COUNCIL]) + 3 * 2


amounts = st.lists(st.integers(0, 1_000), max_size=5)


@given(debits=amounts, credits_=amounts)
def test_entries_take_from_each_account_what_leaves_it_and_bring_to_each_what_reaches_it(
    debits, credits_
):
    short = sum(debits) - sum(credits_)
    leaves = [(f"from {place}", pence) for place, pence in enumerate([*debits, max(0, -short)])]
    reaches = [(f"to {place}", pence) for place, pence in enumerate([*credits_, max(0, short)])]

    entries = list(paired(FUNDER, debits=leaves, credits_=reaches))

    for name, pence in leaves:
        assert sum(entry.amount_pence for entry in entries if entry.debit == name) == pence
    for name, pence in reaches:
        assert sum(entry.amount_pence for entry in entries if entry.credit == name) == pence
    assert all(entry.amount_pence > 0 and entry.funder_id == FUNDER for entry in entries)
    assert len(entries) < len(leaves) + len(reaches)


def test_a_hold_comes_to_what_its_portions_come_to():
    portions = [
        KeptPortion(
            funder_id=UUID(int=place),
            asked_pence=10,
            held_pence=held,
            posted_pence=posted,
            overspent_pence=overspent,
            advanced_pence=0,
        )
        for place, (held, posted, overspent) in enumerate([(3, 4, 1), (2, 5, 2)])
    ]
    hold = KeptHold(
        purchase_id=FUNDER,
        budget_id=FUNDER,
        item_id=FUNDER,
        agreement_id=FUNDER,
        asked_pence=20,
        expires_at=datetime(2026, 12, 24, tzinfo=UTC),
        version=1,
        amounts_version=0,
        unmatched_pence=0,
        expired_at=None,
        portions=portions,
    )

    assert (hold.held_pence, hold.posted_pence, hold.overspent_pence) == (5, 9, 3)


def test_books_are_open_closing_or_closed():
    assert [state.value for state in PeriodState] == ["open", "closing", "closed"]


@pytest.mark.parametrize(
    ("refusal", "code", "details"),
    [
        (
            InsufficientFundsError(requested_pence=5_01, available_pence=5_00),
            "insufficient_funds",
            {"requested_pence": 5_01, "available_pence": 5_00},
        ),
        (
            ContributionDiffersError(called_pence=9_00, received_pence=8_99),
            "contribution_differs",
            {"called_pence": 9_00, "received_pence": 8_99},
        ),
        (
            SharesNotWholeError(total=9_999, denominator=10_000),
            "shares_not_whole",
            {"total": 9_999, "denominator": 10_000},
        ),
        (
            CapExceededError(amount_pence=9_00, within_caps_pence=8_00),
            "cap_exceeded",
            {"amount_pence": 9_00, "within_caps_pence": 8_00},
        ),
        (
            BatchTooLargeError(asked=1_001, most=1_000),
            "batch_too_large",
            {"asked": 1_001, "most": 1_000},
        ),
        (ContributionNotCalledError("Not called."), "contribution_not_called", {}),
        (ContributionIdReusedError("Used."), "id_reused", {}),
        (PersonCannotCommitError("The person's."), "person_cannot_commit", {}),
        (AgreementExistsError("Agreed."), "agreement_exists", {}),
        (NoAgreementError("None."), "no_agreement", {}),
        (NotAPartnerError("None."), "not_a_partner", {}),
        (OutsidePoolError("Outside."), "outside_pool", {}),
        (FunderNotFoundError("None."), "funder_not_found", {}),
        (FunderDiffersError("Another."), "id_reused", {}),
        (PoolNotFoundError("None."), "pool_not_found", {}),
        (PoolDiffersError("Another."), "id_reused", {}),
        (CodeTakenError("Taken.", code="QHM01"), "code_taken", {"code": "QHM01"}),
        (AmountNotPositiveError("Nothing."), "amount_not_positive", {}),
        (BudgetNotActiveError("Not active."), "budget_not_active", {}),
        (ItemNotInPlanError("No such item."), "item_not_in_plan", {}),
        (NothingToMoveError("Nothing."), "nothing_to_move", {}),
        (BudgetNotFoundError("None."), "budget_not_found", {}),
        (PeriodClosedError("Closed."), "period_closed", {}),
    ],
)
def test_every_refusal_says_what_is_wrong_in_figures_and_what_to_do_next(refusal, code, details):
    answer = refusal.as_answer()

    assert (answer["code"], answer["details"]) == (code, details)
    assert answer["message"].endswith(".")
    assert answer["next_step"].endswith(".")
