"""Who pays which part: plans, shares agreed for a purpose, and everything that is refused."""

from dataclasses import replace
from uuid import uuid4

import pytest

from services.budget.agreements.models import Budget, BudgetItem
from services.budget.agreements.subscribers import ItemOfAnotherBudgetError
from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    POOL,
    a_plan,
    a_planned_budget,
    a_pool,
    agree,
    ask,
    everything,
    rows,
    statement_of,
    tell,
    unanswered,
)
from tests.integration.budget.pools import (
    ANOTHER_NHS,
    a_pool_of_three,
    agreed,
    amounts_called,
    amounts_of_calls,
    shares_of,
    signed_by,
)

BOTH = {NHS: 5_000, COUNCIL: 5_000}


@pytest.fixture
def planned(transaction):
    return a_planned_budget(transaction, joint=100_00)


# Plans


def test_a_plan_that_is_told_again_opens_no_second_budget(transaction):
    """A later version is another plan for the same budget: ``test_revision``."""
    plan = a_plan(joint=100_00)
    tell(transaction, plan)
    after_the_first = everything(transaction, apart_from=("inbox",))

    assert tell(transaction, plan) == "duplicate"
    assert tell(transaction, replace(plan, event_id=uuid4())) == "processed"
    assert everything(transaction, apart_from=("inbox",)) == after_the_first

    tell(transaction, a_plan(version=2, budget_id=plan.budget_id, joint=200_00))
    assert rows(transaction, "SELECT total_pence FROM budgets") == [(200_00,)]


# Shares


def test_a_share_of_nothing_is_not_called_for(transaction, planned):
    assert amounts_called(agree(transaction, planned, nhs_share=10_000)) == {"nhs": 100_00}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"shares": shares_of({NHS: 5_000, COUNCIL: 4_999})}, "shares_not_whole"),
        ({"shares": shares_of({NHS: 12_000, COUNCIL: -2_000})}, "shares_not_whole"),
        ({"shares": shares_of({NHS: 5_000}) * 2}, "shares_not_whole"),
        ({"denominator": 9_999}, "shares_not_whole"),
        ({"shares": shares_of({NHS: 5_000, uuid4(): 5_000})}, "not_a_partner"),
        ({"shares": shares_of({NHS: 5_000, ANOTHER_NHS: 5_000})}, "not_a_partner"),
        ({"purpose": "nhs"}, "not_a_partner"),
        ({"purpose": "council"}, "not_a_partner"),
        ({"signatures": []}, "signature_missing"),
        ({"signatures": signed_by(NHS)}, "signature_missing"),
        ({"signatures": signed_by(NHS, COUNCIL, ANOTHER_NHS)}, "not_a_partner"),
        ({"signatures": signed_by(NHS, COUNCIL, NHS)}, "invalid_request"),
        (
            {"shares": shares_of({NHS: 6_000, COUNCIL: 4_000}), "is_disputed": True},
            "disputed_shares_not_equal",
        ),
        ({"shares": shares_of(BOTH, cap_pence=49_99)}, "cap_exceeded"),
        ({"starts_on": "2026-03-31"}, "outside_pool"),
        ({"pool_id": str(uuid4())}, "pool_not_found"),
        ({"shares": shares_of({NHS: 5_000.0, COUNCIL: 5_000})}, "invalid_request"),
        ({"shares": []}, "invalid_request"),
        ({"shares": {str(NHS): 5_000, str(COUNCIL): 5_000}}, "invalid_request"),
        ({"shares": shares_of({uuid4(): 1 for _ in range(11)})}, "invalid_request"),
        ({"shares": shares_of(BOTH, priority=0)}, "invalid_request"),
        ({"shares": shares_of(BOTH, priority=10)}, "invalid_request"),
        ({"shares": shares_of(BOTH, cap_pence=-1)}, "invalid_request"),
        ({"shares": shares_of(BOTH, legal_basis="")}, "invalid_request"),
        ({"denominator": 0}, "invalid_request"),
        ({"denominator": 1_000_001}, "invalid_request"),
        ({"purpose": "holidays"}, "invalid_request"),
        ({"starts_on": "soon"}, "invalid_request"),
        ({"signatures": [{"funder_id": str(NHS), "role": "finance"}]}, "invalid_request"),
        ({"shares_basis_points": {"nhs": 5_000, "council": 5_000}}, "invalid_request"),
    ],
)
def test_shares_that_cannot_be_agreed_are_refused_and_nothing_is_written(
    transaction, planned, changes, code
):
    a_pool(transaction)
    before = unanswered(transaction)

    answer = agree(transaction, planned, **changes)

    assert answer["refusal"]["code"] == code
    assert unanswered(transaction) == before


def test_an_organisation_that_is_registered_and_no_partner_has_no_share(transaction, planned):
    a_pool_of_three(transaction)
    a_pool(transaction, pool_id=str(uuid4()))
    ask(
        transaction,
        "register_funder",
        funder_id=str(uuid4()),
        kind="council",
        code="E06000002",
        name="Another council",
        organisation="another-council",
    )
    stranger = rows(transaction, "SELECT funder_id FROM funders WHERE code = 'E06000002'")[0][0]
    before = unanswered(transaction)

    for changes in (
        {"shares": shares_of({NHS: 5_000, stranger: 5_000})},
        {"signatures": signed_by(NHS, COUNCIL, stranger)},
    ):
        answer = agreed(transaction, planned, BOTH, agreement_id=str(uuid4()), **changes)
        assert answer["refusal"]["code"] == "not_a_partner"
    assert unanswered(transaction) == before


def test_a_pool_that_has_ended_pays_for_nothing_new(transaction, planned):
    a_pool(transaction, ends_on="2026-11-24")
    before = unanswered(transaction)

    def starting(day):
        return agreed(transaction, planned, BOTH, agreement_id=str(uuid4()), starts_on=day)

    assert starting("2026-11-24")["refusal"]["code"] == "outside_pool"
    assert unanswered(transaction) == before
    assert "result" in starting("2026-11-23")


def test_a_budget_belongs_to_one_pool(transaction):
    planned = a_planned_budget(transaction, joint=100_00, nhs=1_00)
    agree(transaction, planned)
    other_pool = str(uuid4())
    a_pool(transaction, pool_id=other_pool)
    before = unanswered(transaction)

    answer = agree(transaction, planned, pool_id=other_pool, starts_on="2026-12-01")

    assert answer["refusal"]["code"] == "outside_pool"
    assert unanswered(transaction) == before


def test_shares_for_the_same_days_are_agreed_once(transaction, planned):
    agree(transaction, planned)
    before = unanswered(transaction)

    for day in ("2026-11-24", "2026-11-23"):
        answer = agree(transaction, planned, nhs_share=6_000, starts_on=day)
        assert answer["refusal"]["code"] == "agreement_overlap"
    assert unanswered(transaction) == before


def test_an_agreement_on_a_plan_that_has_not_arrived_is_asked_for_again(transaction):
    plan = a_plan(joint=100_00)
    a_pool(transaction)
    request = {
        "command_id": uuid4(),
        "agreement_id": str(uuid4()),
        "budget_id": str(plan.budget_id),
        "pool_id": str(POOL),
        "purpose": "joint",
        "starts_on": "2026-11-24",
        "shares": shares_of(BOTH),
        "signatures": signed_by(*BOTH),
    }
    before = everything(transaction)

    refused = ask(transaction, "record_agreement", **request)
    assert refused["refusal"]["code"] == "not_known_yet"
    assert everything(transaction) == before

    tell(transaction, plan)
    assert amounts_called(ask(transaction, "record_agreement", **request)) == {
        "nhs": 50_00,
        "council": 50_00,
    }


def test_an_agreements_id_belongs_to_one_budget(transaction):
    agreement_id = str(uuid4())
    agree(transaction, a_planned_budget(transaction, joint=1_00), agreement_id=agreement_id)
    another = a_planned_budget(transaction, joint=1_00)
    before = unanswered(transaction)

    answer = agree(transaction, another, agreement_id=agreement_id)

    assert answer["refusal"]["code"] == "id_reused"
    assert unanswered(transaction) == before


def test_a_command_that_comes_again_gets_its_first_answer(transaction, planned):
    request = {"command_id": uuid4(), "agreement_id": str(uuid4())}
    first = agree(transaction, planned, **request)
    before = unanswered(transaction)

    assert agree(transaction, planned, **request) == first
    assert agree(transaction, planned, nhs_share=1, **request)["refusal"]["code"] == "id_reused"
    assert unanswered(transaction) == before


# More than two


def test_three_partners_pay_a_third_each(transaction, planned):
    a_pool_of_three(transaction)

    called = amounts_of_calls(
        agreed(
            transaction,
            planned,
            {NHS: 1, ANOTHER_NHS: 1, COUNCIL: 1},
            agreement_id=str(uuid4()),
        )
    )

    assert called.keys() == {NHS, ANOTHER_NHS, COUNCIL}
    assert sorted(called.values()) == [33_33, 33_33, 33_34]
    shares = statement_of(transaction, planned)["agreements"][0]["shares"]
    assert {share["numerator"] for share in shares} == {1}


def test_nothing_is_called_for_until_each_purpose_of_the_plan_has_its_shares(transaction):
    """With two NHS bodies it has to be said which of them pays what is the NHS's alone."""
    planned = a_planned_budget(transaction, joint=100_00, nhs=30_00, council=20_00)
    a_pool_of_three(transaction)

    first = agreed(transaction, planned, BOTH, agreement_id=str(uuid4()))

    assert first == {"result": {"called": [], "missing_purposes": ["nhs"]}}
    assert statement_of(transaction, planned)["state"] == "planned"
    assert rows(transaction, "SELECT count(*) FROM accounts") == [(0,)]

    second = agreed(
        transaction,
        planned,
        {NHS: 2, ANOTHER_NHS: 1},
        purpose="nhs",
        agreement_id=str(uuid4()),
    )
    assert second["result"]["missing_purposes"] == []
    assert amounts_of_calls(second) == {NHS: 70_00, ANOTHER_NHS: 10_00, COUNCIL: 70_00}
    assert statement_of(transaction, planned)["state"] == "called"


def test_what_a_purposes_only_partner_pays_needs_no_agreement_of_its_own(transaction):
    planned = a_planned_budget(transaction, joint=100_00, nhs=30_00, council=20_00)

    answer = agree(transaction, planned)

    assert amounts_called(answer) == {"nhs": 80_00, "council": 70_00}
    agreements = statement_of(transaction, planned)["agreements"]
    assert [(one["purpose"], one["denominator"]) for one in agreements] == [
        ("council", 1),
        ("joint", 10_000),
        ("nhs", 1),
    ]


def test_who_pays_first_and_at_most_is_called_for_that(transaction, planned):
    a_pool_of_three(transaction)
    shares = [
        *shares_of({NHS: 1}, priority=1, cap_pence=40_00),
        *shares_of({ANOTHER_NHS: 1, COUNCIL: 2}, priority=2),
    ]

    answer = agreed(
        transaction,
        planned,
        {NHS: 1, ANOTHER_NHS: 1, COUNCIL: 2},
        shares=shares,
        agreement_id=str(uuid4()),
    )

    assert amounts_of_calls(answer) == {NHS: 40_00, ANOTHER_NHS: 20_00, COUNCIL: 40_00}


def test_a_plan_does_not_take_what_another_budget_pays(transaction):
    theirs = a_plan(joint=100_00)
    tell(transaction, theirs)
    plan = a_plan(joint=100_00)

    with pytest.raises(ItemOfAnotherBudgetError):
        tell(transaction, replace(plan, items=[*plan.items, *theirs.items]))

    with transaction() as session:
        (item,) = theirs.items
        assert session.get_one(BudgetItem, item.item_id).budget_id == theirs.budget_id
        assert session.get(Budget, plan.budget_id) is None
