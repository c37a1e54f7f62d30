"""Which accounts there are, and how a refusal about money reads."""

import pytest

from services.budget.accounts.rules import (
    ACCOUNTS_OF_BOOK,
    AccountKind,
    BudgetNotFoundError,
    FunderId,
    InsufficientFundsError,
)
from services.budget.agreements.rules import AgreementExistsError, SharesNotWholeError
from services.budget.funding.rules import (
    ContributionDiffersError,
    ContributionIdReusedError,
    ContributionNotCalledError,
)
from services.budget.holds.rules import (
    AmountNotPositiveError,
    BudgetNotActiveError,
    ItemNotInPlanError,
)


def test_only_the_councils_book_has_an_account_to_charge_from():
    charging = [book for book, kinds in ACCOUNTS_OF_BOOK.items() if AccountKind.CHARGED in kinds]

    assert charging == [FunderId.COUNCIL]


def test_every_funder_has_a_book_and_only_public_money_is_there_to_be_spent():
    spendable = {book for book, kinds in ACCOUNTS_OF_BOOK.items() if AccountKind.AVAILABLE in kinds}

    assert set(ACCOUNTS_OF_BOOK) == set(FunderId)
    assert spendable == {FunderId.NHS, FunderId.COUNCIL}


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
            SharesNotWholeError(total_basis_points=9_999),
            "shares_not_whole",
            {"total_basis_points": 9_999},
        ),
        (ContributionNotCalledError("Not called."), "contribution_not_called", {}),
        (ContributionIdReusedError("Used."), "id_reused", {}),
        (AgreementExistsError("Agreed."), "agreement_exists", {}),
        (AmountNotPositiveError("Nothing."), "amount_not_positive", {}),
        (BudgetNotActiveError("Not active."), "budget_not_active", {}),
        (ItemNotInPlanError("No such item."), "item_not_in_plan", {}),
        (BudgetNotFoundError("None."), "budget_not_found", {}),
    ],
)
def test_every_refusal_says_what_is_wrong_in_figures_and_what_to_do_next(refusal, code, details):
    answer = refusal.as_answer()

    assert (answer["code"], answer["details"]) == (code, details)
    assert answer["message"].endswith(".")
    assert answer["next_step"].endswith(".")
