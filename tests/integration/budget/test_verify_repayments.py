"""The verifier finds a repayment that took too much, or landed with somebody else."""

import pytest

from tests.integration.budget.budgets import pay_in
from tests.integration.budget.repayments import a_funded_budget, posted

# ruff: noqa: S608 - what is put together here are words of this file

OF_A_REPAYMENT = "journal_id IN (SELECT journal_id FROM journals WHERE kind = 'repayment')"


@pytest.fixture
def repaid(transaction):
    """A budget of which all went back, to the NHS, the council and the person."""
    planned, calls = a_funded_budget(transaction, weekly_pence=10_00, weeks=2, joint=100_00)
    paid = {"amount_pence": 15_00, "bank_reference": "BACS the person"}
    pay_in(transaction, planned, calls["person"], **paid)
    posted(transaction, planned)
    return planned


def to(kind):
    return f"credit_account_id IN (SELECT account_id FROM accounts WHERE kind = '{kind}')"


TOOK_TOO_MUCH = "I19 a repayment took no more than there was, less what is kept"
LANDED = "I19 a repayment landed with whose money it was"


def test_a_repayment_in_order_is_found_to_be_so(repaid, found):
    assert found() == []


@pytest.mark.parametrize("target", ["repaid", "charged", "charge_due", "contributed"])
def test_a_penny_more_to_anybody_is_found(repaid, rewrite, found, target):
    more = "UPDATE postings SET amount_pence = amount_pence + 1"
    rewrite(f"{more} WHERE {OF_A_REPAYMENT} AND {to(target)}")

    assert any(finding.startswith(LANDED) for finding in found())


def test_money_that_went_to_another_funder_is_found(repaid, rewrite, found):
    moved = """
        UPDATE postings AS p SET funder_id = other.funder_id,
            debit_account_id = (SELECT account_id FROM accounts
                                WHERE funder_id = other.funder_id AND kind = 'available'),
            credit_account_id = other.account_id
        FROM accounts AS other WHERE other.kind = 'repaid' AND other.funder_kind = 'council'
        AND p.credit_account_id IN (SELECT account_id FROM accounts
                                    WHERE kind = 'repaid' AND funder_kind = 'nhs')"""
    rewrite(moved)

    findings = found()
    assert any(finding.startswith(LANDED) for finding in findings)
    assert any(
        finding.startswith("I19 nobody got back more than they had paid") for finding in findings
    )


def test_a_book_said_to_have_been_fuller_than_it_was_is_found(repaid, rewrite, found):
    rewrite(
        "UPDATE repayment_lines SET available_pence = available_pence + 1,"
        " contingency_pence = contingency_pence + 1"
    )

    assert any(finding.startswith(TOOK_TOO_MUCH) for finding in found())


def test_a_repayment_that_is_booked_and_not_said_to_be_posted_is_found(repaid, rewrite, found):
    rewrite("UPDATE repayments SET state = 'confirmed'")

    findings = found()
    assert any(finding.startswith(LANDED) for finding in findings)
    assert any(finding.startswith("I8 each journal has its cause") for finding in findings)


def test_a_repayment_that_is_said_to_be_posted_and_is_not_booked_is_found(repaid, rewrite, found):
    rewrite(
        f"DELETE FROM postings WHERE {OF_A_REPAYMENT}",
        "DELETE FROM journals WHERE kind = 'repayment'",
    )

    assert any(finding.startswith(LANDED) for finding in found())


def test_a_charge_lowered_by_more_than_the_person_is_asked_less_is_found(repaid, rewrite, found):
    rewrite(
        "UPDATE contributions SET amount_pence = amount_pence + 1, received_at = NULL"
        " WHERE funder_id IN (SELECT funder_id FROM funders WHERE kind = 'person')"
    )

    assert any(finding.startswith("I15") for finding in found())
