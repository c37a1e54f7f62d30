"""A reserve is no money until a crisis; then it is called, used, and what is not used stands."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from services.budget.crisis_reserve.models import Crisis
from services.budget.funding import handlers as funding
from services.budget.funding import queries as funding_queries
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.budget import allocating
from tests.integration.budget.between_funders import (
    FIRST_OF_DECEMBER,
    run,
    settle,
)
from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    a_plan,
    a_planned_budget,
    agree,
    an_active_budget,
    ask,
    buy,
    called_by,
    left_of,
    pay_in,
    rows,
    spend,
    tell,
    told,
    totals,
    unanswered,
)
from tests.integration.budget.crises import (
    a_crisis,
    a_promise,
    activate,
    over,
    pay_for_crisis,
    promise,
    shown,
    stand_down,
)
from tests.integration.budget.pools import ANOTHER_NHS, accounts_of, assess, register, signed_by
from tests.integration.budget.repayments import ALL_OF_IT, do, of, posted
from tests.integration.budget.reported import read
from tests.integration.racing import AT_ONCE, all_at_once


@pytest.fixture
def planned(transaction):
    """Return a budget in which the plan's money is spent: 200.00 for each of both sides' things."""
    budget = an_active_budget(transaction, nhs=200_00, council=200_00, joint=1_00)
    for payer in ("nhs", "council"):
        purchase, _ = buy(transaction, budget, 200_00, payer=payer)
        spend(transaction, purchase, 200_00)
    purchase, _ = buy(transaction, budget, 1_00)
    spend(transaction, purchase, 1_00)
    return budget


def refused(answer):
    return answer["refusal"]["code"]


def reserve_of(transaction, planned):
    """Return what stands of the reserve in the books, by funder."""
    accounts = accounts_of(transaction, planned)
    stands = {
        funder_id: pence for (funder_id, name), pence in accounts.items() if name == "reserve"
    }
    other_side = {
        funder_id: -pence
        for (funder_id, name), pence in accounts.items()
        if name == "reserve_promised"
    }
    assert stands == other_side
    return stands


def asked_of(transaction, planned):
    """Return what is asked of each funder for crises, and what came in of it."""
    return {
        funder_id: (amount, received)
        for funder_id, amount, received in rows(
            transaction,
            "SELECT funder_id, amount_pence, received_pence FROM contributions"
            " WHERE is_for_crisis AND budget_id = :budget_id",
            budget_id=planned.budget_id,
        )
    }


def use(transaction, planned, pence, payer="nhs"):
    purchase, answer = buy(transaction, planned, pence, payer=payer)
    assert answer == "hold_placed", told(transaction, subject=f"purchase/{purchase.purchase_id}")
    spend(transaction, purchase, pence)


def test_a_promise_is_no_money_and_nothing_to_spend(transaction, planned, found):
    promised = promise(transaction, planned)
    again = ask(transaction, "promise_crisis_reserve", **promised)

    assert again["result"] == {"reserve_id": promised["reserve_id"], "promised_pence": 600_00}
    assert reserve_of(transaction, planned) == {NHS: 400_00, COUNCIL: 200_00}
    assert left_of(transaction, planned) == {"nhs": 0, "council": 0}
    assert buy(transaction, planned, 1, payer="nhs")[1] == "hold_refused"
    answer = shown(transaction, planned)["result"]
    assert (answer["promised_pence"], answer["stands_pence"]) == (600_00, 600_00)
    assert (answer["activated_pence"], answer["used_pence"], answer["crises"]) == (0, 0, [])
    assert found() == []


def test_a_crisis_calls_the_reserve_by_its_parts_and_makes_it_usable(transaction, planned, found):
    promise(transaction, planned)
    crisis = activate(transaction, planned)
    again = ask(transaction, "activate_crisis_reserve", **crisis)

    assert again["result"] == {"crisis_id": crisis["crisis_id"], "usable_pence": 300_00}
    assert reserve_of(transaction, planned) == {NHS: 200_00, COUNCIL: 100_00}
    assert left_of(transaction, planned) == {"nhs": 200_00, "council": 100_00}
    assert asked_of(transaction, planned) == {NHS: (200_00, 0), COUNCIL: (100_00, 0)}
    called = told(transaction, event_type="budget.contribution_called.v1")[-2:]
    assert {one["due_on"] for one in called} == {"2026-12-08"}
    assert len(told(transaction, event_type="budget.contribution_committed.v1")) == 2
    (event,) = told(transaction, event_type="budget.crisis_reserve_activated.v1")
    assert (event["crisis_id"], event["usable_pence"]) == (crisis["crisis_id"], 300_00)
    assert found() == []


def test_what_is_called_is_advanced_by_the_host_and_chased(transaction, planned, found):
    promise(transaction, planned)
    activate(transaction, planned)
    use(transaction, planned, 50_00)

    accounts = accounts_of(transaction, planned)
    assert accounts[NHS, "due_to E06000001"] == 50_00
    assert accounts[COUNCIL, "due_from QHM01"] == -50_00
    late = TUESDAY_AT_TEN + timedelta(days=15)
    with transaction() as session:
        due = funding_queries.late(late, session=session)
    for command in due:
        with transaction() as session:
            funding.chase_contribution(command, session=session, trace=a_trace(at=late))
    chased = told(transaction, event_type="budget.contribution_late.v1")
    assert sorted(one["missing_pence"] for one in chased) == [100_00, 200_00]
    assert found() == []


def test_300_were_activated_and_120_used_and_nothing_was_paid_in_before(
    transaction, planned, found
):
    promise(transaction, planned)
    crisis = activate(transaction, planned)
    use(transaction, planned, 120_00)

    ended = [stand_down(transaction, crisis) for _ in range(2)]

    told_ = {"crisis_id": crisis["crisis_id"], "used_pence": 120_00, "returned_pence": 180_00}
    assert ended == [told_, told_]
    assert reserve_of(transaction, planned) == {NHS: 280_00, COUNCIL: 200_00}
    assert left_of(transaction, planned) == {"nhs": 0, "council": 0}
    assert asked_of(transaction, planned) == {NHS: (120_00, 0), COUNCIL: (0, 0)}
    accounts = accounts_of(transaction, planned)
    assert (accounts[NHS, "promised"], (NHS, "repaid") in accounts) == (-120_00, False)
    (event,) = told(transaction, event_type="budget.crisis_reserve_stood_down.v1")
    assert (event["usable_pence"], event["used_pence"], event["returned_pence"]) == (
        *(300_00, 120_00, 180_00),
    )
    assert found() == []
    assert refused(pay_for_crisis(transaction, planned, NHS, 200_00)) == "contribution_differs"
    assert "result" in pay_for_crisis(transaction, planned, NHS, 120_00)
    answer = shown(transaction, planned)["result"]
    assert (answer["activated_pence"], answer["used_pence"]) == (0, 120_00)
    assert answer["stands_pence"] == 480_00
    assert totals(transaction)["ledger"]["balances_match_postings"]
    assert found() == []


def test_300_were_activated_and_120_used_and_all_was_paid_in_before(transaction, planned, found):
    promise(transaction, planned)
    crisis = activate(transaction, planned)
    pay_for_crisis(transaction, planned, NHS, 200_00)
    pay_for_crisis(transaction, planned, COUNCIL, 100_00)
    use(transaction, planned, 120_00)

    assert stand_down(transaction, crisis)["returned_pence"] == 180_00

    accounts = accounts_of(transaction, planned)
    assert (accounts[NHS, "repaid"], accounts[COUNCIL, "repaid"]) == (80_00, 100_00)
    assert (NHS, "promised") not in accounts
    assert asked_of(transaction, planned) == {NHS: (200_00, 200_00), COUNCIL: (100_00, 100_00)}
    assert reserve_of(transaction, planned) == {NHS: 280_00, COUNCIL: 200_00}
    assert left_of(transaction, planned) == {"nhs": 0, "council": 0}
    assert found() == []


def test_what_was_paid_of_a_part_by_settling_an_advance_is_not_owed_again(
    transaction, planned, found
):
    promise(transaction, planned)
    crisis = activate(transaction, planned)
    use(transaction, planned, 120_00)
    settle(transaction, run(transaction))

    assert stand_down(transaction, crisis, at=FIRST_OF_DECEMBER)["returned_pence"] == 180_00

    assert asked_of(transaction, planned) == {NHS: (120_00, 120_00), COUNCIL: (0, 0)}
    accounts = accounts_of(transaction, planned)
    assert {(NHS, "promised"), (NHS, "repaid")}.isdisjoint(accounts)
    assert found() == []


def test_what_is_held_when_the_crisis_is_over_stays_for_its_purchase(transaction, planned, found):
    promise(transaction, planned)
    crisis = activate(transaction, planned)
    purchase, _ = buy(transaction, planned, 70_00, payer="nhs")

    assert stand_down(transaction, crisis)["used_pence"] == 70_00

    spend(transaction, purchase, 70_00)
    assert left_of(transaction, planned) == {"nhs": 0, "council": 0}
    assert found() == []


def test_the_next_crisis_finds_what_was_not_used(transaction, planned, found):
    promise(transaction, planned)
    first = activate(transaction, planned)
    use(transaction, planned, 200_00)
    stand_down(transaction, first)

    activate(transaction, planned, cap_pence=10_000_00)

    assert reserve_of(transaction, planned) == {}
    assert left_of(transaction, planned) == {"nhs": 200_00, "council": 200_00}
    answer = shown(transaction, planned)["result"]
    assert [one["usable_pence"] for one in answer["crises"]] == [300_00, 400_00]
    assert (answer["activated_pence"], answer["stands_pence"]) == (400_00, 0)
    assert found() == []


def test_when_all_is_used_there_is_nothing_for_another_crisis(transaction, planned):
    promise(transaction, planned, nhs=10_00, council=0)
    crisis = activate(transaction, planned)
    use(transaction, planned, 10_00)
    stand_down(transaction, crisis)
    before = unanswered(transaction)

    answer = ask(transaction, "activate_crisis_reserve", **a_crisis(planned))

    assert refused(answer) == "reserve_used_up"
    assert unanswered(transaction) == before


def test_one_crisis_at_a_time(transaction, planned):
    promise(transaction, planned)
    crisis = activate(transaction, planned)
    before = unanswered(transaction)

    another = ask(transaction, "activate_crisis_reserve", **a_crisis(planned))
    reused = ask(transaction, "activate_crisis_reserve", **(crisis | {"cap_pence": 299_99}))

    assert (refused(another), refused(reused)) == ("crisis_active", "id_reused")
    assert unanswered(transaction) == before


def test_of_many_crises_at_once_one_gets_the_reserve(transaction, planned, found):
    promise(transaction, planned)
    crises = [a_crisis(planned) for _ in range(AT_ONCE)]

    answers = all_at_once(
        [
            lambda crisis=crisis: ask(transaction, "activate_crisis_reserve", **crisis)
            for crisis in crises
        ]
    )

    assert sum("result" in answer for answer in answers) == 1
    assert left_of(transaction, planned) == {"nhs": 200_00, "council": 100_00}
    assert found() == []


def test_a_crisis_stood_down_many_times_at_once_gives_back_once(transaction, planned, found):
    promise(transaction, planned)
    crisis = activate(transaction, planned)

    answers = all_at_once([lambda: stand_down(transaction, crisis)] * AT_ONCE)

    assert {answer["returned_pence"] for answer in answers} == {300_00}
    assert reserve_of(transaction, planned) == {NHS: 400_00, COUNCIL: 200_00}
    assert len(told(transaction, event_type="budget.crisis_reserve_stood_down.v1")) == 1
    assert found() == []


def test_the_database_keeps_a_second_crisis_out(transaction, planned):
    promised = promise(transaction, planned)
    activate(transaction, planned)

    with pytest.raises(IntegrityError, match="one_at_a_time"), transaction() as session:
        session.add(
            Crisis(
                crisis_id=uuid4(),
                reserve_id=promised["reserve_id"],
                cap_pence=1,
                usable_pence=1,
                actor="tests/system",
                activated_at=TUESDAY_AT_TEN,
            )
        )


def test_a_crisis_that_is_over_before_it_is_known_waits(transaction, planned, found):
    promise(transaction, planned)
    crisis = a_crisis(planned)
    before = unanswered(transaction)

    early = ask(transaction, "stand_down_crisis_reserve", **over(crisis))

    assert refused(early) == "not_known_yet"
    assert unanswered(transaction) == before
    assert "result" in ask(transaction, "activate_crisis_reserve", **crisis)
    assert stand_down(transaction, crisis)["returned_pence"] == 300_00
    assert found() == []


WRONG_PROMISES = [
    ({"budget_id": str(uuid4())}, "budget_not_found"),
    ({"signatures": signed_by(NHS)}, "signature_missing"),
    ({"signatures": []}, "signature_missing"),
    ({"signatures": signed_by(NHS, COUNCIL, ANOTHER_NHS)}, "not_a_partner"),
    ({"signatures": signed_by(NHS, NHS)}, "invalid_request"),
    ({"parts": []}, "invalid_request"),
    ({"parts": [{"funder_id": str(NHS), "amount_pence": 0}]}, "invalid_request"),
    ({"parts": [{"funder_id": str(NHS), "amount_pence": -1}]}, "invalid_request"),
    ({"parts": [{"funder_id": str(NHS), "amount_pence": 1}] * 2}, "invalid_request"),
    ({"parts": [{"funder_id": str(ANOTHER_NHS), "amount_pence": 1}]}, "funder_not_in_budget"),
    ({"parts": [{"funder_id": str(uuid4()), "amount_pence": 1}]}, "funder_not_in_budget"),
]


@pytest.mark.parametrize(("changes", "code"), WRONG_PROMISES)
def test_a_promise_that_cannot_be_is_refused(transaction, planned, changes, code):
    register(transaction)
    before = unanswered(transaction)

    answer = ask(transaction, "promise_crisis_reserve", **a_promise(planned, **changes))

    assert refused(answer) == code
    assert unanswered(transaction) == before


def test_a_budget_has_one_reserve_and_an_id_is_of_one_reserve(transaction, planned):
    promised = promise(transaction, planned)
    other = an_active_budget(transaction, joint=10_00)
    before = unanswered(transaction)

    second = ask(transaction, "promise_crisis_reserve", **a_promise(planned))
    smaller = a_promise(planned, nhs=1, reserve_id=promised["reserve_id"])
    elsewhere = promised | {"budget_id": str(other.budget_id)}
    reused = [
        refused(ask(transaction, "promise_crisis_reserve", **one)) for one in (smaller, elsewhere)
    ]

    assert refused(second) == "reserve_exists"
    assert reused == ["id_reused", "id_reused"]
    assert unanswered(transaction) == before


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"budget_id": str(uuid4())}, "budget_not_found"),
        ({"cap_pence": 0}, "invalid_request"),
        ({"cap_pence": -1}, "invalid_request"),
        ({"cap_pence": "300"}, "invalid_request"),
        ({"crisis_id": "now"}, "invalid_request"),
    ],
)
def test_an_activation_that_cannot_be_is_refused(transaction, planned, changes, code):
    promise(transaction, planned)
    before = unanswered(transaction)

    answer = ask(transaction, "activate_crisis_reserve", **a_crisis(planned, **changes))

    assert refused(answer) == code
    assert unanswered(transaction) == before


def test_without_a_promise_there_is_nothing_to_activate_nor_to_show(transaction, planned):
    before = unanswered(transaction)

    answer = ask(transaction, "activate_crisis_reserve", **a_crisis(planned))

    assert refused(answer) == refused(shown(transaction, planned)) == "reserve_not_promised"
    assert unanswered(transaction) == before


def test_a_crisis_of_another_budget_is_not_stood_down(transaction, planned):
    promise(transaction, planned)
    crisis = activate(transaction, planned)
    other = an_active_budget(transaction, joint=10_00)
    before = unanswered(transaction)

    wrong = over(crisis) | {"budget_id": str(other.budget_id)}
    unknown = over(crisis) | {"budget_id": str(uuid4())}
    codes = [
        refused(ask(transaction, "stand_down_crisis_reserve", **one)) for one in (wrong, unknown)
    ]

    assert codes == ["id_reused", "budget_not_found"]
    assert unanswered(transaction) == before


def test_what_is_called_for_a_crisis_is_no_part_of_what_the_plan_costs(transaction, planned, found):
    promise(transaction, planned)
    activate(transaction, planned)

    tell(transaction, a_plan(version=2, budget_id=planned.budget_id, nhs=700_00))

    ordinary = rows(
        transaction,
        "SELECT sum(amount_pence) FROM contributions WHERE NOT is_for_crisis"
        " AND budget_id = :budget_id AND funder_id = :nhs",
        budget_id=planned.budget_id,
        nhs=NHS,
    )
    assert ordinary == [(700_00 + 50,)]
    assert found() == []


def test_a_schedule_neither_holds_a_reserve_back_nor_takes_it(transaction, found):
    planned = allocating.a_budget(transaction)
    promise(transaction, planned)
    allocating.schedule(transaction, planned)
    crisis = activate(transaction, planned)
    for week in range(7):
        allocating.run(transaction, at=allocating.weeks_later(week))

    assert left_of(transaction, planned)["nhs"] == 200_00
    assert allocating.unallocated(transaction, planned) == 270_00
    assert stand_down(transaction, crisis, at=allocating.weeks_later(7))["used_pence"] == 0
    assert left_of(transaction, planned) == {"nhs": 0, "council": 10_00}
    assert found() == []


def test_the_persons_own_money_is_never_returned_as_a_reserve(transaction, found):
    planned = a_planned_budget(transaction, council=520_00, joint=2_00)
    assess(transaction, planned, weekly_contribution_pence=10_00, weeks=10)
    for kind, call in called_by(agree(transaction, planned)).items():
        if kind != "person":
            pay_in(transaction, planned, call)
    promise(transaction, planned, nhs=0, council=100_00)
    crisis = activate(transaction, planned, cap_pence=100_00)
    use(transaction, planned, 521_00, payer="council")

    assert left_of(transaction, planned)["council"] == 100_00
    assert stand_down(transaction, crisis)["returned_pence"] == 0
    assert left_of(transaction, planned)["council"] == 100_00
    assert found() == []


def test_a_reserve_in_use_is_not_left_over_and_ends_with_the_budget(transaction, planned, found):
    promise(transaction, planned)
    activate(transaction, planned)
    pay_for_crisis(transaction, planned, NHS, 200_00)
    surplus = do(transaction, "find_surplus", **of(planned, on="2026-11-24", **ALL_OF_IT))
    assert surplus["result"]["total_pence"] == 0

    do(transaction, "end_budget", **of(planned, ends_on="2026-11-24", reason="moved"))

    (crisis,) = shown(transaction, planned)["result"]["crises"]
    assert (crisis["used_pence"], crisis["stood_down_at"] is None) == (0, False)
    assert left_of(transaction, planned) == {"nhs": 0, "council": 0}
    answers = [
        ask(transaction, "activate_crisis_reserve", **a_crisis(planned)),
        ask(transaction, "promise_crisis_reserve", **a_promise(planned)),
    ]
    assert [refused(answer) for answer in answers] == ["budget_ended", "budget_ended"]
    assert found() == []


def test_what_went_back_to_a_reserve_is_no_surplus_of_which_the_person_has_a_part(
    transaction, found
):
    planned = a_planned_budget(transaction, council=200_00, joint=2_00)
    assess(transaction, planned, weekly_contribution_pence=10_00, weeks=10)
    for call in called_by(agree(transaction, planned)).values():
        pay_in(transaction, planned, call)
    promise(transaction, planned, nhs=0, council=1_000_00)
    crisis = activate(transaction, planned, cap_pence=1_000_00)
    pay_for_crisis(transaction, planned, COUNCIL, 1_000_00)
    stand_down(transaction, crisis)

    posted(transaction, planned)

    accounts = accounts_of(transaction, planned)
    # Of 201.00 left in the council's book the person had paid 100.00.
    assert accounts[COUNCIL, "repaid"] == 1_000_00 + 101_00
    assert (COUNCIL, "charged") not in accounts
    assert found() == []


def test_statements_add_up_during_a_crisis_and_after_it(transaction, planned):
    promise(transaction, planned)
    crisis = activate(transaction, planned)
    pay_for_crisis(transaction, planned, COUNCIL, 100_00)
    use(transaction, planned, 30_00)
    asked = {"budget_id": str(planned.budget_id)}

    during = read(transaction, "person_statement", **asked)
    stand_down(transaction, crisis)
    after = read(transaction, "person_statement", **asked)
    for funder_id in (NHS, COUNCIL):
        read(transaction, "funder_statement", funder_id=str(funder_id), **asked)
    read(transaction, "auditor_statement", **asked)

    assert (during.left_pence, after.left_pence) == (270_00, 0)


PLANTED = {
    "UPDATE crisis_reserve_parts SET amount_pence = amount_pence + 1": "I8",
    "UPDATE crisis_parts SET amount_pence = amount_pence + 1": "I8",
    "UPDATE crisis_returns SET repaid_pence = repaid_pence + 1": "I8",
    "DELETE FROM crisis_returns": "I8",
    "UPDATE contributions SET is_for_crisis = false": "I8",
    "UPDATE journals SET kind = 'year_end' WHERE kind = 'reserve'": "I8",
}


@pytest.mark.parametrize("change", PLANTED)
def test_a_planted_penny_is_found(transaction, planned, rewrite, found, change):
    promise(transaction, planned)
    crisis = activate(transaction, planned)
    pay_for_crisis(transaction, planned, NHS, 200_00)
    use(transaction, planned, 30_00)
    stand_down(transaction, crisis)
    assert found() == []

    rewrite(change)

    assert {line.split()[0] for line in found()} == {PLANTED[change]}


@pytest.mark.parametrize(
    "table", ["crisis_reserves", "crisis_reserve_parts", "crisis_parts", "crisis_returns"]
)
def test_what_was_promised_and_called_is_never_changed(transaction, planned, is_final, table):
    promise(transaction, planned)
    stand_down(transaction, activate(transaction, planned))
    change = f"DELETE FROM {table}"  # noqa: S608 - a word of this file

    is_final(change)


def test_of_a_crisis_only_its_end_is_written_later(transaction, planned):
    promise(transaction, planned)
    activate(transaction, planned)

    for change in ("UPDATE crises SET usable_pence = 1", "DELETE FROM crises"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction() as session:
            session.execute(text(change))
