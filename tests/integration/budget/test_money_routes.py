"""The ways of money: an item moves from one to another, and each spending stays where it was."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.budget.service import BudgetService
from tests.factories import TUESDAY_AT_TEN
from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    a_plan,
    a_planned_budget,
    a_purchase,
    agree,
    amounts_of,
    an_active_budget,
    ask,
    buy,
    called_by,
    commit,
    left_of,
    pay_in,
    rows,
    spend,
    tell,
    told,
    told_about,
    totals,
    unanswered,
)
from tests.integration.budget.pools import accounts_of
from tests.integration.budget.repayments import do
from tests.integration.budget.reported import read
from tests.integration.budget.ways import (
    TODAY,
    broker_says,
    code_of,
    day,
    deliver,
    from_broker,
    move,
    of_funders,
    pay,
    routes_of,
    schedule,
    show,
    top_up,
    where,
)
from tests.integration.racing import all_at_once

NOTHING = (0, 0, 0, 0)


@pytest.fixture
def planned(transaction):
    return an_active_budget(transaction, nhs_share=6_000, joint=1_000_00, council=100_00)


def test_an_item_goes_by_the_host_where_nothing_is_said(transaction, planned):
    purchase, answer = buy(transaction, planned, 30_00)
    spend(transaction, purchase, 30_00)

    assert answer == "hold_placed"
    items = routes_of(transaction, planned)["result"]["items"]
    assert [(item["route"], item["history"]) for item in items] == [("host", []), ("host", [])]
    assert where(transaction, planned) == {"nhs": NOTHING, "council": NOTHING}


def test_an_item_moves_over_four_months_and_every_penny_stays_where_it_was_spent(
    transaction, planned, found
):
    """£30.01 by the host, £40.03 by the broker, £50.05 paid and £20.01 shown, £60.07 delivered."""
    nov, dec, jan, feb = map(day, ("2026-11-24", "2026-12-24", "2027-01-24", "2027-02-24"))
    purchase, _ = buy(transaction, planned, 30_01, at=nov)
    spend(transaction, purchase, 30_01)

    move(transaction, planned, "broker", at=dec)
    assert top_up(transaction, planned, 100_00, at=dec)["result"]["held_pence"] == 100_00
    bought, answer = buy(transaction, planned, 40_03, at=dec)
    spend(transaction, bought, 40_03)
    assert answer == "hold_placed"
    assert where(transaction, planned, on="2026-12-24") == {
        "nhs": (60_00 - 24_01, 0, 0, 0),
        "council": (40_00 - 16_02, 0, 0, 0),
    }

    move(transaction, planned, "direct_payment", at=jan)
    returned = of_funders(transaction, planned, "to_be_returned_pence", on="2027-01-24")
    assert returned == {"nhs": 35_99, "council": 23_98}
    assert from_broker(transaction, planned, 59_97, at=jan)["result"]["held_pence"] == 0
    schedule(transaction, planned, 50_05, at=jan)
    assert pay(transaction, at=jan)["result"] == {"paid": 1, "not_paid": [], "is_all": True}
    shown = show(transaction, planned, 20_01, at=jan, period_starts_on="2027-01-24",
                 period_ends_on="2027-02-24")  # fmt: skip
    assert shown["result"]["with_person_pence"] == 30_04

    move(transaction, planned, "notional", at=feb)
    assert deliver(transaction, planned, 60_07, at=feb)["result"]
    assert code_of(deliver(transaction, planned, 1, payer="council", at=feb)) == (
        "item_on_other_route"
    )

    by_kind = where(transaction, planned, on="2027-02-24")
    accounts = accounts_of(transaction, planned)
    assert [
        accounts[funder, name]
        for funder in (NHS, COUNCIL)
        for name in ("paid_out", "with_person", "evidenced", "delivered")
    ] == [
        *(18_01 + 24_01, 18_02, 12_01, 36_05),
        *(12_00 + 16_02, 12_02, 8_00, 24_02),
    ]
    assert by_kind == {"nhs": (0, 18_02, 12_01, 36_05), "council": (0, 12_02, 8_00, 24_02)}
    spent = {"nhs": 18_01 + 24_01 + 30_03 + 36_05, "council": 12_00 + 16_02 + 20_02 + 24_02}
    assert sum(spent.values()) == 30_01 + 40_03 + 50_05 + 60_07
    assert totals(transaction)["spent_pence"] == spent
    assert left_of(transaction, planned) == {
        "nhs": 600_00 - spent["nhs"],
        "council": 500_00 - spent["council"],
    }
    statement = read(
        transaction, "funder_statement", funder_id=str(NHS), budget_id=str(planned.budget_id)
    )
    assert statement.spent_pence == spent["nhs"]
    item = next(
        item
        for item in routes_of(transaction, planned, on="2027-02-24")["result"]["items"]
        if item["item_id"] == str(planned.item_ids["joint"])
    )
    assert [row["route"] for row in item["history"]] == ["broker", "direct_payment", "notional"]
    assert (item["route"], item["unevidenced_pence"], item["unevidenced_since"]) == (
        "notional",
        30_04,
        "2027-01-24",
    )
    assert found() == []


def test_a_purchase_keeps_the_way_on_which_it_was_asked_for(transaction, planned, found):
    """So a refund goes back to where the money went, and no broker is said to have it."""
    by_host, _ = buy(transaction, planned, 10_00)
    spend(transaction, by_host, 10_00)
    tomorrow = TUESDAY_AT_TEN + timedelta(days=1)
    move(transaction, planned, "broker", at=tomorrow)
    by_broker, _ = buy(transaction, planned, 20_00, at=tomorrow)
    spend(transaction, by_broker, 20_00)
    move(transaction, planned, "direct_payment", at=tomorrow + timedelta(days=1))

    spend(transaction, by_host, 5_00, version=2)
    spend(transaction, by_broker, 15_00, version=2)

    accounts = accounts_of(transaction, planned)
    assert accounts[NHS, "paid_out"] == 3_00
    assert accounts[NHS, "with_broker"] == 9_00
    assert (NHS, "with_person") not in accounts
    assert found() == []


@pytest.mark.parametrize("route", ["direct_payment", "notional"])
def test_what_is_paid_to_the_person_or_delivered_is_not_bought_by_card(transaction, planned, route):
    move(transaction, planned, route)

    purchase, answer = buy(transaction, planned, 10_00)

    refused = told_about(transaction, purchase)[-1]
    assert (answer, refused["code"]) == ("hold_refused", "item_not_bought_here")
    assert refused["next_step"]
    assert left_of(transaction, planned) == {"nhs": 600_00, "council": 500_00}


def test_a_way_to_come_counts_from_its_day_and_a_later_row_of_a_day_supersedes(
    transaction, planned
):
    move(transaction, planned, "notional", starts_on="2026-12-01")
    move(transaction, planned, "broker", starts_on="2026-12-01")
    move(transaction, planned, "direct_payment", starts_on="2027-01-01")

    def on(when):
        items = routes_of(transaction, planned, on=when)["result"]["items"]
        return {item["item_id"]: item["route"] for item in items}[str(planned.item_ids["joint"])]

    assert [on(when) for when in ("2026-11-30", "2026-12-01", "2027-01-01")] == [
        "host",
        "broker",
        "direct_payment",
    ]


def test_the_same_way_told_again_is_one_row(transaction, planned):
    first = move(transaction, planned, "broker")
    before = unanswered(transaction)

    assert move(transaction, planned, "broker") == first
    assert unanswered(transaction) == before


def test_two_who_move_an_item_at_once_make_two_rows_that_follow(transaction, planned):
    answers = all_at_once(
        [
            lambda: move(transaction, planned, "broker"),
            lambda: move(transaction, planned, "notional"),
        ]
    )

    assert sorted(answer["result"]["number"] for answer in answers) == [1, 2]


@pytest.mark.parametrize(
    ("route", "changes", "code"),
    [
        ("broker", {"budget_id": str(uuid4())}, "budget_not_found"),
        ("broker", {"item_id": str(uuid4())}, "item_not_in_plan"),
        ("broker", {"starts_on": "2026-11-23"}, "route_before_newest"),
        ("broker", {"payee": "person", "account_reference": "a-token"}, "payee_wrong"),
        ("direct_payment", {"payee": None}, "payee_wrong"),
        ("direct_payment", {"account_reference": "12345678"}, "account_reference_not_opaque"),
        ("direct_payment", {"account_reference": "some\none"}, "invalid_request"),
        ("direct_payment", {"payee": "neighbour"}, "invalid_request"),
        ("cash", {}, "invalid_request"),
        ("broker", {"reason": ""}, "invalid_request"),
        ("broker", {"starts_on": "soon"}, "invalid_request"),
    ],
)
def test_a_wrong_way_is_refused_and_changes_nothing(transaction, planned, route, changes, code):
    move(transaction, planned, "broker")
    before = unanswered(transaction)
    given = {name: value for name, value in changes.items() if value is not None}
    if changes.get("payee", "") is None:
        given = {"payee": None}

    answer = move(transaction, planned, route, **given)

    assert code_of(answer) in (code, "invalid_request")
    assert code == "payee_wrong" or code_of(answer) == code
    assert unanswered(transaction) == before


def test_an_item_of_a_later_plan_goes_the_way_of_the_one_with_its_words(transaction, planned):
    move(transaction, planned, "notional")
    later = a_plan(version=2, budget_id=planned.budget_id, joint=1_000_00, council=100_00)
    tell(transaction, later)
    (joint,) = (item.item_id for item in later.items if item.payer == "joint")

    refused = a_purchase(planned, 10_00, item_id=joint)
    tell(transaction, refused)

    assert told_about(transaction, refused)[-1]["code"] == "item_not_bought_here"
    assert code_of(move(transaction, planned, "host")) == "item_not_in_plan"
    ways = {
        item["item_id"]: (item["route"], item["is_in_plan"])
        for item in routes_of(transaction, planned)["result"]["items"]
    }
    assert ways[str(joint)] == ("notional", True)
    assert ways[str(planned.item_ids["joint"])] == ("notional", False)
    tomorrow = TUESDAY_AT_TEN + timedelta(days=1)
    move(transaction, planned, "host", item_id=str(joint), at=tomorrow)
    bought = a_purchase(planned, 10_00, item_id=joint)
    tell(transaction, bought, at=tomorrow)
    assert told_about(transaction, bought)[-1]["type"] == "hold_placed"


def test_of_a_budget_that_is_not_there_nothing_is_known(transaction, planned):
    answer = routes_of(transaction, type(planned)(budget_id=uuid4(), item_ids={}))

    assert code_of(answer) == "budget_not_found"


def test_what_a_funder_has_only_committed_is_the_hosts_money_until_it_is_settled(
    transaction, found
):
    """The host's money is with the broker and with the person; what is due stands as ever."""
    planned = a_planned_budget(transaction, joint=1_000_00)
    calls = called_by(agree(transaction, planned))
    commit(transaction, planned, calls["nhs"])
    pay_in(transaction, planned, calls["council"])
    move(transaction, planned, "broker")
    top_up(transaction, planned, 100_00)
    purchase, _ = buy(transaction, planned, 40_00)
    spend(transaction, purchase, 40_00)
    later = day("2026-12-24")
    move(transaction, planned, "direct_payment", at=later)
    schedule(transaction, planned, 30_00, at=later)
    pay(transaction, at=later)
    show(transaction, planned, 30_00, at=later)
    move(transaction, planned, "notional", at=day("2027-01-24"))
    deliver(transaction, planned, 20_00, at=day("2027-01-24"))

    assert where(transaction, planned) == {"nhs": NOTHING, "council": (60_00, 0, 30_00, 20_00)}
    accounts = accounts_of(transaction, planned)
    assert accounts[NHS, "due_to E06000001"] == 45_00
    assert accounts[COUNCIL, "due_from QHM01"] == -45_00
    assert totals(transaction)["spent_pence"] == {"nhs": 45_00, "council": 45_00}
    assert found() == []


def the_books(transaction, planned):
    """Have something of everything in the books."""
    move(transaction, planned, "broker")
    top_up(transaction, planned, 100_00)
    broker_says(transaction, planned, {NHS: 60_00, COUNCIL: 40_00})
    dec, jan = day("2026-12-24"), day("2027-01-24")
    move(transaction, planned, "direct_payment", at=dec)
    schedule(transaction, planned, 50_00, at=dec)
    pay(transaction, at=dec)
    show(transaction, planned, 10_00, at=dec)
    move(transaction, planned, "notional", at=jan)
    deliver(transaction, planned, 60_00, at=jan)


PENNIES = {
    "a payment": "UPDATE direct_payments SET amount_pence = amount_pence + 1",
    "a return": "UPDATE direct_payment_returns SET spent_pence = spent_pence + 1",
    "a delivery": "UPDATE deliveries SET amount_pence = amount_pence + 1",
    "a top-up": "UPDATE broker_transfers SET amount_pence = amount_pence + 1",
}

FINDS = {
    "a payment": "I8 a direct payment was paid to the person, and came back, by its journals",
    "a return": "I8 what was shown for direct payments is what journals moved, and nothing else",
    "a delivery": "I8 what was delivered has its journal, of its amount",
    "a top-up": "I8 what a broker got and gave back has its journal, of its amount",
}


@pytest.mark.parametrize("penny", PENNIES)
def test_a_penny_that_is_planted_is_found(transaction, planned, found, rewrite, penny):
    the_books(transaction, planned)
    assert found() == []

    rewrite(PENNIES[penny])

    assert [row.split(":")[0] for row in found()] == [FINDS[penny]]


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("evidence", "what was shown"),
        ("broker", "what a broker got"),
        ("capture", "a direct payment was paid"),
    ],
)
def test_a_posting_that_is_changed_is_found(transaction, found, rewrite, kind, says):
    the_books(transaction, an_active_budget(transaction, joint=1_000_00))

    rewrite(
        "UPDATE postings SET amount_pence = amount_pence + 1 WHERE (journal_id, line) = ("  # noqa: S608
        f"SELECT journal_id, 1 FROM journals WHERE kind = '{kind}' ORDER BY seq LIMIT 1)"
    )

    assert any(says in row for row in found())


def test_more_evidence_than_was_paid_is_found(transaction, planned, found, rewrite):
    the_books(transaction, planned)

    rewrite("UPDATE direct_payment_returns SET spent_pence = 5001")

    assert any("no more is evidenced than was paid" in row for row in found())


HISTORY = (
    *("item_routes", "direct_payment_schedules", "direct_payments", "direct_payment_returns"),
    *("broker_transfers", "broker_reports", "broker_report_lines", "deliveries"),
)


@pytest.mark.parametrize("table", HISTORY)
def test_what_was_written_is_never_changed(transaction, is_final, planned, table):
    the_books(transaction, planned)

    for change in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):  # noqa: S608
        is_final(change)


def test_of_each_way_the_statements_add_up(transaction, planned):
    the_books(transaction, planned)
    budget_id = str(planned.budget_id)

    read(transaction, "auditor_statement", budget_id=budget_id)
    person = read(transaction, "person_statement", budget_id=budget_id)

    assert person.spent_pence == 50_00 + 60_00


@pytest.mark.parametrize("name", ["pay_what_is_due", "tell_overdue_returns"])
def test_the_service_looks_every_hour(name):
    entrypoint = next(iter(getattr(BudgetService, name).nameko_entrypoints))

    assert entrypoint.interval == 3600


def test_nothing_else_hears_of_a_direct_payment_as_of_a_purchase(transaction, planned):
    """``payments`` would wait for a purchase that it never asked for."""
    the_books(transaction, planned)

    assert told(transaction, event_type="budget.hold_placed.v1") == []
    assert told(transaction, event_type="budget.hold_captured.v1") == []


def test_little_left_is_told_whichever_way_it_went(transaction):
    planned = an_active_budget(transaction, joint=100_00)
    move(transaction, planned, "notional")

    deliver(transaction, planned, 95_00)

    (low,) = told(transaction, event_type="budget.balance_low.v1")
    assert low["available_pence"] == 5_00


def test_what_was_delivered_is_counted_at_the_end_of_a_budget(transaction, planned):
    the_books(transaction, planned)
    ended = do(
        transaction,
        "end_budget",
        budget_id=str(planned.budget_id),
        ends_on=TODAY,
        reason="plan_ended",
    )

    spent = {one["funder_id"]: one["spent_pence"] for one in ended["result"]["funders"]}
    assert spent == {str(NHS): 66_00, str(COUNCIL): 44_00}


def test_amounts_that_are_told_again_change_nothing_on_any_way(transaction, planned):
    move(transaction, planned, "broker")
    purchase, _ = buy(transaction, planned, 10_00)
    spend(transaction, purchase, 10_00)
    before = unanswered(transaction)

    tell(transaction, amounts_of(purchase, version=1, posted_pence=10_00))

    assert {**unanswered(transaction), "inbox": None} == {**before, "inbox": None}
    assert ask(transaction, "totals")["result"]["spent_pence"]["nhs"] == 6_00
    assert rows(transaction, "SELECT count(*) FROM journals WHERE kind = 'capture'") == [(1,)]
    assert code_of(ask(transaction, "set_route")) == "invalid_request"
