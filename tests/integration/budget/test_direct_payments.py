"""Direct payments: made once for each period, shown to be spent, and paid back."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.budget.direct_payments import handlers
from services.budget.direct_payments import queries as payment_queries
from services.budget.reconciliation.models import ledger_lines
from services.budget.returns import handlers as returns
from services.budget.returns import queries as return_queries
from services.budget.returns.subscribers import direct_payment_failed
from shared.contracts.payments.direct_payments import DirectPaymentFailed
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    POOL,
    a_plan,
    a_planned_budget,
    a_purchase,
    agree,
    an_active_budget,
    ask,
    called_by,
    commit,
    left_of,
    pay_in,
    rows,
    spend,
    tell,
    told,
    unanswered,
)
from tests.integration.budget.pools import accounts_of
from tests.integration.budget.repayments import do
from tests.integration.budget.ways import (
    TODAY,
    TOKEN,
    code_of,
    day,
    give_back,
    move,
    pay,
    pay_by_itself,
    payment_ids,
    routes_of,
    schedule,
    show,
    tell_overdue,
    where,
)
from tests.integration.racing import AT_ONCE, all_at_once

ALL = {"paid": 1, "not_paid": [], "is_all": True}


@pytest.fixture
def planned(transaction):
    """A budget with an item that goes by direct payment."""
    planned = an_active_budget(transaction, nhs_share=6_000, joint=1_000_00, council=100_00)
    move(transaction, planned, "direct_payment")
    return planned


def made(transaction):
    return told(transaction, event_type="budget.direct_payment_made.v1")


def not_made(transaction):
    return told(transaction, event_type="budget.direct_payment_not_made.v1")


def test_what_is_due_is_paid_by_the_shares_and_told(transaction, planned, found):
    schedule(transaction, planned, 100_01)

    assert pay(transaction)["result"] == ALL

    assert where(transaction, planned) == {"nhs": (0, 60_01, 0, 0), "council": (0, 40_00, 0, 0)}
    assert left_of(transaction, planned) == {"nhs": 539_99, "council": 460_00}
    (payment_id,) = payment_ids(transaction)
    assert made(transaction) == [
        {
            "type": "direct_payment_made",
            "payment_id": str(payment_id),
            "budget_id": str(planned.budget_id),
            "item_id": str(planned.item_ids["joint"]),
            "amount_pence": 100_01,
            "period_starts_on": TODAY,
        }
    ]
    kept = rows(transaction, "SELECT payee, account_reference FROM direct_payments")
    assert kept == [("person", TOKEN)]
    assert found() == []


def test_a_payment_is_made_once_however_often_it_is_asked_for(transaction, planned):
    schedule(transaction, planned, 100_00)
    pay(transaction)
    before = unanswered(transaction)

    assert pay(transaction)["result"] == ALL | {"paid": 0}
    assert pay_by_itself(transaction, at=TUESDAY_AT_TEN) == 0
    assert unanswered(transaction) == before


def test_many_who_pay_at_once_pay_once(transaction, planned, found):
    schedule(transaction, planned, 100_00)

    answers = all_at_once([lambda: pay(transaction)] * AT_ONCE)

    assert sorted(answer["result"]["paid"] for answer in answers) == [0] * (AT_ONCE - 1) + [1]
    assert len(made(transaction)) == 1
    assert left_of(transaction, planned) == {"nhs": 540_00, "council": 460_00}
    assert found() == []


def test_by_itself_and_by_command_at_once_pays_once(transaction, planned):
    schedule(transaction, planned, 100_00)

    all_at_once(
        [
            lambda: pay(transaction),
            lambda: pay_by_itself(transaction, at=TUESDAY_AT_TEN),
        ]
    )

    assert len(made(transaction)) == 1


@pytest.mark.parametrize(
    ("recurrence", "days"),
    [
        ("week", ["2026-11-24", "2026-12-01", "2026-12-08"]),
        ("four_weeks", ["2026-11-24", "2026-12-22", "2027-01-19"]),
        ("month", ["2026-11-24", "2026-12-24", "2027-01-24"]),
    ],
)
def test_payments_follow_one_another(transaction, planned, recurrence, days):
    schedule(transaction, planned, 10_00, recurrence=recurrence)

    for number, when in enumerate(days):
        before = day(when) - timedelta(days=1)
        assert pay_by_itself(transaction, at=before) == 0
        assert len(made(transaction)) == number
        assert pay_by_itself(transaction, at=day(when)) == 1

    assert [event["period_starts_on"] for event in made(transaction)] == days


def test_what_was_missed_is_paid_later_and_nothing_from_the_end_on(transaction, planned):
    schedule(transaction, planned, 10_00, ends_on="2027-01-24")

    assert pay(transaction, at=day("2027-03-01"))["result"]["paid"] == 2

    assert [event["period_starts_on"] for event in made(transaction)] == [TODAY, "2026-12-24"]


def test_a_later_schedule_ends_the_one_before(transaction, planned):
    schedule(transaction, planned, 10_00)
    schedule(transaction, planned, 20_00, starts_on="2026-12-24")

    pay(transaction, at=day("2027-01-24"))

    assert [(event["period_starts_on"], event["amount_pence"]) for event in made(transaction)] == [
        (TODAY, 10_00),
        ("2026-12-24", 20_00),
        ("2027-01-24", 20_00),
    ]


def test_a_payment_that_was_due_under_a_schedule_that_was_followed_meanwhile_is_not_made(
    transaction, planned
):
    first = schedule(transaction, planned, 10_00)["result"]["schedule_id"]
    at = day("2026-12-24")
    with transaction() as session:
        due = payment_queries.due(at, session=session)
    schedule(transaction, planned, 20_00, starts_on="2026-12-24")
    schedule(transaction, planned, 30_00, starts_on="2027-02-24")
    for one in due:
        with transaction() as session:
            handlers.pay_direct_payment(one, session=session, trace=a_trace(at=at))

    assert [(event["period_starts_on"], event["amount_pence"]) for event in made(transaction)] == [
        (TODAY, 10_00)
    ]
    assert UUID(first) == due[0].schedule_id


def test_without_enough_money_it_is_not_paid_and_told_once_and_paid_when_there_is(
    transaction, found
):
    planned = a_planned_budget(transaction, joint=100_00, council=20_00)
    calls = called_by(agree(transaction, planned))
    pay_in(transaction, planned, calls["council"])
    move(transaction, planned, "direct_payment")
    schedule(transaction, planned, 30_00)
    unpaid = {"schedule_id": None, "period_starts_on": TODAY, "code": "budget_not_active"}

    for _ in range(2):
        answer = pay(transaction)["result"]
        (row,) = answer["not_paid"]
        assert {**row, "schedule_id": None} == unpaid
        assert (answer["paid"], answer["is_all"]) == (0, True)
    assert pay_by_itself(transaction, at=TUESDAY_AT_TEN) == 1
    assert [event["code"] for event in not_made(transaction)] == ["budget_not_active"]
    assert payment_ids(transaction) == []

    pay_in(transaction, planned, calls["nhs"])
    assert pay_by_itself(transaction, at=TUESDAY_AT_TEN) == 1
    assert len(made(transaction)) == 1
    assert found() == []


def test_more_than_is_there_is_not_paid(transaction, planned):
    schedule(transaction, planned, 2_000_00)

    (row,) = pay(transaction)["result"]["not_paid"]

    assert row["code"] == "insufficient_funds"
    assert left_of(transaction, planned) == {"nhs": 600_00, "council": 500_00}


def test_an_item_that_has_moved_on_is_not_paid(transaction, planned):
    schedule(transaction, planned, 10_00)
    pay(transaction)
    move(transaction, planned, "host", starts_on="2026-12-01")

    (row,) = pay(transaction, at=day("2026-12-24"))["result"]["not_paid"]

    assert row["code"] == "item_on_other_route"
    assert len(made(transaction)) == 1


def test_from_a_budget_that_has_ended_nothing_is_paid(transaction, planned):
    schedule(transaction, planned, 10_00)
    do(
        transaction,
        "end_budget",
        budget_id=str(planned.budget_id),
        ends_on=TODAY,
        reason="plan_ended",
    )

    (row,) = pay(transaction)["result"]["not_paid"]

    assert row["code"] == "budget_ended"


def test_more_than_a_hundred_are_paid_in_several_parts(transaction, planned, monkeypatch):
    monkeypatch.setattr(handlers, "MOST_PAYMENTS", 2)
    schedule(transaction, planned, 1_00, recurrence="week")
    at = day("2026-12-15")  # four are due

    answers = [pay(transaction, at=at)["result"] for _ in range(3)]

    assert [(answer["paid"], answer["is_all"]) for answer in answers] == [
        (2, False),
        (2, True),
        (0, True),
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"pool_id": str(uuid4())}, "pool_not_found"),
        ({"on": "2026-11-25"}, "not_due_yet"),
        ({"on": "now"}, "invalid_request"),
    ],
)
def test_a_wrong_run_is_refused_and_changes_nothing(transaction, planned, changes, code):
    schedule(transaction, planned, 10_00)
    before = unanswered(transaction)

    assert code_of(pay(transaction, **changes)) == code
    assert unanswered(transaction) == before


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"budget_id": str(uuid4())}, "budget_not_found"),
        ({"item_id": str(uuid4())}, "item_not_in_plan"),
        ({"ends_on": TODAY}, "dates_wrong"),
        ({"starts_on": "2026-11-23"}, "item_on_other_route"),
        ({}, "schedule_before_newest"),
        ({"amount_pence": 0}, "invalid_request"),
        ({"amount_pence": 10**13}, "invalid_request"),
        ({"amount_pence": "1000"}, "invalid_request"),
        ({"recurrence": "day"}, "invalid_request"),
    ],
)
def test_a_wrong_schedule_is_refused_and_changes_nothing(transaction, planned, changes, code):
    schedule(transaction, planned, 10_00)
    before = unanswered(transaction)

    amount_pence = changes.get("amount_pence", 10_00)
    others = {name: value for name, value in changes.items() if name != "amount_pence"}
    assert code_of(schedule(transaction, planned, amount_pence, **others)) == code
    assert unanswered(transaction) == before


def test_an_item_that_goes_another_way_has_no_schedule(transaction, planned):
    assert code_of(schedule(transaction, planned, 1, payer="council")) == "item_on_other_route"


def test_a_schedule_told_again_is_kept_once_and_its_id_is_used_once(transaction, planned):
    schedule_id = str(uuid4())
    first = schedule(transaction, planned, 10_00, schedule_id=schedule_id)
    before = unanswered(transaction)

    assert schedule(transaction, planned, 10_00, schedule_id=schedule_id) == first
    assert code_of(schedule(transaction, planned, 11_00, schedule_id=schedule_id)) == "id_reused"
    assert unanswered(transaction) == before


def a_payment(transaction, planned, amount_pence=100_00):
    schedule(transaction, planned, amount_pence)
    pay(transaction)
    return payment_ids(transaction)[0]


def test_what_was_shown_is_evidenced_by_what_each_funder_has_there(transaction, planned, found):
    a_payment(transaction, planned, 100_01)

    assert show(transaction, planned, 50_00)["result"]["with_person_pence"] == 50_01
    assert show(transaction, planned, 50_01)["result"]["with_person_pence"] == 0

    assert where(transaction, planned) == {"nhs": (0, 0, 60_01, 0), "council": (0, 0, 40_00, 0)}
    assert found() == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"spent_pence": 100_01}, "return_exceeds_paid"),
        ({"budget_id": str(uuid4())}, "budget_not_found"),
        ({"item_id": str(uuid4())}, "item_not_in_plan"),
        ({"payer": "council"}, "return_exceeds_paid"),
        ({"period_ends_on": TODAY}, "dates_wrong"),
        ({"period_starts_on": "2026-11-25"}, "not_due_yet"),
        ({"spent_pence": 0}, "invalid_request"),
        ({"evidence_reference": ""}, "invalid_request"),
    ],
)
def test_a_wrong_return_is_refused_and_changes_nothing(transaction, planned, changes, code):
    a_payment(transaction, planned)
    before = unanswered(transaction)
    spent_pence = changes.pop("spent_pence", 10_00)

    assert code_of(show(transaction, planned, spent_pence, **changes)) == code
    assert unanswered(transaction) == before


def test_a_return_told_again_counts_once_and_its_id_is_used_once(transaction, planned):
    a_payment(transaction, planned)
    return_id = str(uuid4())
    first = show(transaction, planned, 10_00, return_id=return_id)
    before = unanswered(transaction)

    assert show(transaction, planned, 10_00, return_id=return_id) == first
    assert code_of(show(transaction, planned, 11_00, return_id=return_id)) == "id_reused"
    assert unanswered(transaction) == before


def test_of_many_returns_at_once_of_all_the_money_one_wins(transaction, planned, found):
    a_payment(transaction, planned)

    answers = all_at_once([lambda: show(transaction, planned, 100_00)] * AT_ONCE)

    refused = [code_of(answer) for answer in answers if "refusal" in answer]
    assert refused == ["return_exceeds_paid"] * (AT_ONCE - 1)
    assert where(transaction, planned)["nhs"] == (0, 0, 60_00, 0)
    assert found() == []


def test_what_comes_back_goes_along_the_portions_of_its_payment(transaction, planned, found):
    payment_id = a_payment(transaction, planned)

    answer = give_back(transaction, payment_id, 30_00)

    assert answer["result"]["posted_pence"] == 70_00
    assert where(transaction, planned) == {"nhs": (0, 42_00, 0, 0), "council": (0, 28_00, 0, 0)}
    assert left_of(transaction, planned) == {"nhs": 558_00, "council": 472_00}
    assert found() == []


def test_what_came_back_told_again_is_booked_once(transaction, planned):
    payment_id = a_payment(transaction, planned)
    first = give_back(transaction, payment_id, 30_00)
    before = unanswered(transaction)

    assert give_back(transaction, payment_id, 30_00) == first
    assert code_of(give_back(transaction, payment_id, 31_00)) == "id_reused"
    assert unanswered(transaction) == before
    another = give_back(transaction, payment_id, 70_00, bank_reference="BACS 10")
    assert another["result"]["posted_pence"] == 0


def test_what_comes_back_many_times_at_once_under_one_reference_is_booked_once(
    transaction, planned
):
    payment_id = a_payment(transaction, planned)

    answers = all_at_once([lambda: give_back(transaction, payment_id, 30_00)] * AT_ONCE)

    assert {answer["result"]["posted_pence"] for answer in answers} == {70_00}
    assert rows(transaction, "SELECT count(*) FROM returned_payments") == [(1,)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"payment_id": str(uuid4())}, "direct_payment_not_found"),
        ({"amount_pence": 100_01}, "return_exceeds_paid"),
        ({"amount_pence": 90_01}, "return_exceeds_paid"),
        ({"amount_pence": 0}, "invalid_request"),
        ({"bank_reference": ""}, "invalid_request"),
    ],
)
def test_what_cannot_have_come_back_is_refused_and_changes_nothing(
    transaction, planned, changes, code
):
    payment_id = a_payment(transaction, planned)
    show(transaction, planned, 10_00)
    before = unanswered(transaction)

    answer = (
        give_back(transaction, payment_id, **{"amount_pence": 1_00, **changes})
        if ("payment_id" not in changes)
        else give_back(transaction, changes["payment_id"], 1_00)
    )

    assert code_of(answer) == code
    assert unanswered(transaction) == before


def test_a_purchase_is_no_direct_payment(transaction, planned):
    purchase = a_purchase(planned, 10_00, payer="council")
    tell(transaction, purchase)
    spend(transaction, purchase, 10_00)

    answer = give_back(transaction, purchase.purchase_id, 1_00)

    assert code_of(answer) == "direct_payment_not_found"


def test_the_last_odd_penny_comes_back_out_of_the_book_in_which_it_is(transaction, planned, found):
    """What was shown was divided by what was there, which may be a penny off the portions."""
    payment_id = a_payment(transaction, planned, 1_01)
    show(transaction, planned, 34)
    show(transaction, planned, 33)

    assert give_back(transaction, payment_id, 34)["result"]["posted_pence"] == 67

    assert [figures[1] for figures in where(transaction, planned).values()] == [0, 0]
    assert found() == []


def test_after_shares_are_decided_money_comes_back_out_of_the_books_in_which_it_is(
    transaction, found
):
    planned = a_planned_budget(transaction, joint=1_000_00)
    calls = called_by(agree(transaction, planned, is_disputed=True, signatures=[]))
    for call in calls.values():
        pay_in(transaction, planned, call)
    move(transaction, planned, "direct_payment")
    payment_id = a_payment(transaction, planned)
    show(transaction, planned, 40_00)
    decision_id = str(uuid4())
    decided = agree(transaction, planned, nhs_share=8_000, agreement_id=decision_id)
    for call in called_by(decided).values():
        pay_in(transaction, planned, call)
    ask(transaction, "reapportion", agreement_id=decision_id)

    assert give_back(transaction, payment_id, 60_00)["result"]["posted_pence"] == 40_00

    assert where(transaction, planned) == {"nhs": (0, 0, 20_00, 0), "council": (0, 0, 20_00, 0)}
    accounts = accounts_of(transaction, planned)
    assert accounts[NHS, "due_to E06000001"] == 12_00  # 80 % of £40, of which it has paid £20
    assert found() == []


def test_of_what_the_host_advanced_what_comes_back_is_the_hosts(transaction, found):
    planned = a_planned_budget(transaction, joint=1_000_00)
    calls = called_by(agree(transaction, planned))
    commit(transaction, planned, calls["nhs"])
    pay_in(transaction, planned, calls["council"])
    move(transaction, planned, "direct_payment")
    payment_id = a_payment(transaction, planned)

    give_back(transaction, payment_id, 40_00)

    assert where(transaction, planned) == {"nhs": (0, 0, 0, 0), "council": (0, 60_00, 0, 0)}
    assert accounts_of(transaction, planned)[NHS, "due_to E06000001"] == 30_00
    assert left_of(transaction, planned) == {"nhs": 470_00, "council": 470_00}
    assert found() == []


def test_the_bank_knows_of_payments_and_what_came_back_and_of_no_evidence(transaction, planned):
    payment_id = a_payment(transaction, planned)
    show(transaction, planned, 50_00)
    give_back(transaction, payment_id, 20_00)

    with transaction() as session:
        lines = ledger_lines(
            session, since=TUESDAY_AT_TEN.date(), until=TUESDAY_AT_TEN.date(), most=100
        )

    of_payment = [line for line in lines if str(payment_id) in line.references]
    assert sorted(line.amount_pence for line in of_payment) == [-60_00, -40_00, 8_00, 12_00]
    assert sum("BACS 9" in line.references for line in of_payment) == 2
    assert len(lines) - len(of_payment) == 2  # what was paid in, by each funder


def unevidenced(transaction, planned, on=TODAY):
    items = routes_of(transaction, planned, on=on)["result"]["items"]
    (item,) = (item for item in items if item["item_id"] == str(planned.item_ids["joint"]))
    return item["unevidenced_pence"], item["unevidenced_since"], item["is_return_overdue"]


def test_what_is_not_shown_is_known_with_its_day_and_told_once_after_twelve_weeks(
    transaction, planned
):
    schedule(transaction, planned, 10_00)
    pay(transaction)
    pay(transaction, at=day("2026-12-24"))
    twelve_weeks = TUESDAY_AT_TEN + timedelta(weeks=12)

    assert unevidenced(transaction, planned) == (20_00, TODAY, False)
    assert tell_overdue(transaction, at=twelve_weeks - timedelta(days=1)) == 0
    assert [tell_overdue(transaction, at=twelve_weeks) for _ in range(2)] == [1, 0]
    assert unevidenced(transaction, planned, on="2027-02-16")[2] is True
    (event,) = told(transaction, event_type="budget.return_overdue.v1")
    assert (event["unevidenced_pence"], event["since_on"]) == (20_00, TODAY)

    show(transaction, planned, 15_00, at=twelve_weeks)
    assert unevidenced(transaction, planned) == (5_00, "2026-12-24", False)
    assert tell_overdue(transaction, at=day("2027-03-18")) == 1
    show(transaction, planned, 5_00, at=twelve_weeks)
    assert unevidenced(transaction, planned) == (0, None, False)


def test_what_was_shown_meanwhile_is_not_told(transaction, planned):
    a_payment(transaction, planned)
    at = TUESDAY_AT_TEN + timedelta(weeks=12)
    with transaction() as session:
        (overdue,) = return_queries.overdue(at, session=session)
    show(transaction, planned, 100_00, at=at)

    with transaction() as session:
        returns.tell_overdue_return(overdue, session=session, trace=a_trace(at=at))

    assert told(transaction, event_type="budget.return_overdue.v1") == []


def test_many_who_tell_at_once_tell_once(transaction, planned):
    a_payment(transaction, planned)
    at = TUESDAY_AT_TEN + timedelta(weeks=12)

    all_at_once([lambda: tell_overdue(transaction, at=at)] * AT_ONCE)

    assert len(told(transaction, event_type="budget.return_overdue.v1")) == 1


def test_what_was_paid_under_an_earlier_plan_is_still_shown(transaction, planned):
    a_payment(transaction, planned)
    later = a_plan(version=2, budget_id=planned.budget_id, joint=1_000_00, council=100_00)
    tell(transaction, later)

    assert show(transaction, planned, 10_00)["result"]["with_person_pence"] == 90_00
    (row,) = pay(transaction, at=day("2026-12-24"))["result"]["not_paid"]
    assert row["code"] == "item_not_in_plan"


def test_each_pool_pays_its_own(transaction, planned):
    schedule(transaction, planned, 10_00)
    other = str(uuid4())
    ask(
        transaction,
        "open_pool",
        pool_id=other,
        name="Another",
        agreement_reference="S75 b",
        host_id=str(COUNCIL),
        partner_ids=[str(NHS), str(COUNCIL)],
        starts_on="2026-04-01",
        ends_on=None,
    )

    assert pay(transaction, pool_id=other)["result"] == ALL | {"paid": 0}
    assert pay(transaction, pool_id=str(POOL))["result"] == ALL


def test_a_payment_that_the_bank_could_not_make_is_in_the_budget_again_once(
    transaction, planned, found
):
    payment_id = a_payment(transaction, planned)
    failed = DirectPaymentFailed(
        occurred_at=TUESDAY_AT_TEN,
        payment_id=payment_id,
        budget_id=planned.budget_id,
        amount_pence=100_00,
    )

    for _ in range(2):
        with transaction() as session:
            direct_payment_failed(failed, session=session, trace=a_trace())

    assert where(transaction, planned) == {"nhs": (0, 0, 0, 0), "council": (0, 0, 0, 0)}
    assert found() == []
