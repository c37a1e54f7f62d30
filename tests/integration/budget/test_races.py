"""Many at once: exactly as many win as there is money for, and no penny moves twice."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from services.budget.holds import handlers
from services.budget.holds.commands import Converge
from services.budget.holds.models import Hold, HoldPortion
from shared.errors import NotKnownYetError
from tests.factories import a_trace
from tests.integration.budget.budgets import (
    a_planned_budget,
    a_pool,
    a_purchase,
    agree,
    amounts_of,
    an_active_budget,
    an_agreement_id,
    ask,
    buy,
    called_by,
    commit,
    left_of,
    paid_by,
    pay_in,
    rows,
    spend,
    tell,
    told,
    told_about,
    totals,
)
from tests.integration.racing import AT_ONCE, all_at_once


def patiently(transaction, event):
    """Deliver an event as the inbox does: again, while it is not known what it is about."""
    while True:
        try:
            return tell(transaction, event)
        except NotKnownYetError:
            continue


@pytest.mark.parametrize("pounds_left", [1, 10])
def test_of_many_that_race_for_the_last_pounds_as_many_win_as_there_are_pounds(
    transaction, pounds_left
):
    planned = an_active_budget(transaction, joint=pounds_left * 1_00)
    purchases = [a_purchase(planned, 1_00) for _ in range(AT_ONCE)]

    all_at_once([lambda purchase=purchase: tell(transaction, purchase) for purchase in purchases])

    answers = [told_about(transaction, purchase) for purchase in purchases]
    kinds = [answer["type"] for (answer,) in answers]
    assert kinds.count("hold_placed") == pounds_left
    assert kinds.count("hold_refused") == AT_ONCE - pounds_left
    assert left_of(transaction, planned) == {"nhs": 0, "council": 0}


def test_a_purchase_that_is_told_many_times_at_once_has_one_hold(transaction):
    planned = an_active_budget(transaction, joint=100_00)
    purchase = a_purchase(planned, 1_00)

    outcomes = all_at_once([lambda: tell(transaction, purchase)] * AT_ONCE)

    assert sorted(outcomes) == ["duplicate"] * (AT_ONCE - 1) + ["processed"]
    assert len(told_about(transaction, purchase)) == 1
    assert paid_by(transaction, planned) == {"nhs": (50, 0), "council": (50, 0)}


def test_two_contributions_at_once_make_a_budget_active_once(transaction):
    budgets = [a_planned_budget(transaction, joint=100_00) for _ in range(AT_ONCE // 2)]
    calls = [
        (planned, call)
        for planned in budgets
        for call in called_by(agree(transaction, planned)).values()
    ]

    all_at_once(
        [
            lambda planned=planned, call=call: pay_in(transaction, planned, call)
            for planned, call in calls
        ]
    )

    active = told(transaction, event_type="budget.budget_activated.v1")
    assert sorted(event["budget_id"] for event in active) == sorted(
        str(planned.budget_id) for planned in budgets
    )
    assert {event["available_pence"] for event in active} == {100_00}


def test_one_contribution_received_many_times_at_once_is_booked_once(transaction):
    planned = a_planned_budget(transaction, joint=100_00)
    call = called_by(agree(transaction, planned))["nhs"]

    answers = all_at_once([lambda: pay_in(transaction, planned, call)] * AT_ONCE)

    assert answers == [{"result": {"is_active": False}}] * AT_ONCE
    assert totals(transaction)["funded_pence"] == {"nhs": 50_00, "council": 0}
    assert totals(transaction)["ledger"]["journals"] == 1


def test_one_command_that_is_sent_many_times_at_once_is_carried_out_once(transaction):
    planned = a_planned_budget(transaction, joint=100_00)
    call = called_by(agree(transaction, planned))["nhs"]
    command_id = uuid4()

    answers = all_at_once(
        [lambda: pay_in(transaction, planned, call, command_id=command_id)] * AT_ONCE
    )

    done = [answer["result"] for answer in answers if "result" in answer]
    too_early = [answer["refusal"]["code"] for answer in answers if "refusal" in answer]
    assert done == [{"is_active": False}] * len(done) != []
    assert too_early == ["in_progress"] * len(too_early)
    known = "SELECT count(*) FROM answered_commands WHERE command_id = :command_id"
    assert rows(transaction, known, command_id=command_id) == [(1,)]
    assert totals(transaction)["ledger"]["journals"] == 1


def test_shares_agreed_many_times_at_once_are_called_for_once(transaction):
    planned = a_planned_budget(transaction, joint=100_00)
    a_pool(transaction)

    answers = all_at_once([lambda: agree(transaction, planned)] * AT_ONCE)

    assert sum("result" in answer for answer in answers) == 1
    refused = [answer["refusal"]["code"] for answer in answers if "refusal" in answer]
    assert refused == ["agreement_overlap"] * (AT_ONCE - 1)
    assert rows(transaction, "SELECT count(*) FROM contributions") == [(2,)]


def test_a_contribution_that_is_promised_and_paid_in_at_once_is_there_once(transaction):
    for _ in range(4):
        planned = a_planned_budget(transaction, joint=100_00)
        called = called_by(agree(transaction, planned))
        pay_in(transaction, planned, called["council"])

        answers = all_at_once(
            [
                lambda planned=planned, call=called["nhs"], pay=pay: pay(transaction, planned, call)
                for pay in (commit, pay_in) * (AT_ONCE // 2)
            ]
        )

        assert answers == [{"result": {"is_active": True}}] * AT_ONCE
        assert left_of(transaction, planned) == {"nhs": 50_00, "council": 50_00}
    assert len(told(transaction, event_type="budget.budget_activated.v1")) == 4


def test_what_is_moved_to_a_decision_many_times_at_once_is_moved_once(transaction):
    planned = a_planned_budget(transaction, joint=100_00)
    disputed = agree(transaction, planned, is_disputed=True)
    for call in called_by(disputed).values():
        pay_in(transaction, planned, call)
    purchase, _ = buy(transaction, planned, 20_00)
    spend(transaction, purchase, 20_00)
    decision = an_agreement_id(first="nhs")
    (call,) = called_by(
        agree(transaction, planned, nhs_share=7_000, agreement_id=decision)
    ).values()
    pay_in(transaction, planned, call, bank_reference="decided")

    answers = all_at_once(
        [lambda: ask(transaction, "reapportion", agreement_id=decision)] * (AT_ONCE - 1)
        + [lambda: spend(transaction, purchase, 10_00, version=2)]
    )

    refused = [one["refusal"]["code"] for one in answers[:-1] if "refusal" in one]
    assert set(refused) <= {"nothing_to_move"}
    assert paid_by(transaction, planned) == {"nhs": (0, 7_00), "council": (0, 3_00)}
    assert left_of(transaction, planned) == {"nhs": 63_00, "council": 47_00}


def test_an_assessment_that_meets_the_agreement_is_refused_or_counts(transaction):
    for _ in range(6):
        planned = a_planned_budget(transaction, council=100_00)
        request = {
            "budget_id": str(planned.budget_id),
            "weekly_contribution_pence": 10_00,
            "weeks": 1,
        }
        assessed, agreed = all_at_once(
            [
                lambda request=request: ask(transaction, "report_financial_assessment", **request),
                lambda planned=planned: agree(transaction, planned),
            ]
        )

        assert ("result" in assessed) is ("person" in called_by(agreed))


def test_what_payments_says_races_with_the_hold_itself_and_still_counts(transaction):
    planned = an_active_budget(transaction, joint=100_00)
    purchases = [a_purchase(planned, 3_00) for _ in range(AT_ONCE // 3)]
    events = [
        event
        for purchase in purchases
        for event in (
            amounts_of(purchase, version=2, posted_pence=2_00),
            amounts_of(purchase, version=1, held_pence=1_00, posted_pence=2_00),
            purchase,
        )
    ]

    all_at_once([lambda event=event: patiently(transaction, event) for event in events])

    assert paid_by(transaction, planned) == {"nhs": (0, 10_00), "council": (0, 10_00)}
    assert left_of(transaction, planned) == {"nhs": 40_00, "council": 40_00}


def test_many_versions_at_once_end_with_the_last(transaction):
    planned = an_active_budget(transaction, joint=100_00)
    purchase, _ = buy(transaction, planned, 20_00)

    all_at_once(
        [
            lambda version=version: spend(
                transaction, purchase, version * 1_00, held_pence=20_00 - version, version=version
            )
            for version in range(1, AT_ONCE + 1)
        ]
    )

    assert paid_by(transaction, planned) == {"nhs": (9_84, 16_00), "council": (9_84, 16_00)}


def test_who_waited_for_the_lock_sees_what_was_booked_meanwhile(transaction):
    planned = an_active_budget(transaction, joint=100_00)
    purchase, _ = buy(transaction, planned, 20_00)

    with transaction() as session:
        assert session.get_one(Hold, purchase.purchase_id).held_pence == 20_00
        of_it = select(HoldPortion).filter_by(purchase_id=purchase.purchase_id)
        seen = session.scalars(of_it).all()
        assert [portion.held_pence for portion in seen] == [10_00, 10_00]
        spend(transaction, purchase, 6_00, held_pence=14_00, version=1)  # somebody is quicker
        command = Converge(
            purchase_id=purchase.purchase_id,
            version=2,
            held_pence=0,
            posted_pence=8_00,
            unmatched_pence=0,
        )
        handlers.converge(command, session=session, trace=a_trace())

    assert paid_by(transaction, planned) == {"nhs": (0, 4_00), "council": (0, 4_00)}
