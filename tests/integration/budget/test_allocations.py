"""Money becomes usable bit by bit: each run once, and no penny beyond what there is."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from services.budget.accounts import bookkeeper
from services.budget.allocations import handlers
from services.budget.allocations.models import AllocationRun
from tests.factories import TUESDAY_AT_TEN
from tests.integration.budget.allocating import (
    a_budget,
    a_stream,
    on,
    run,
    runs_of,
    schedule,
    shown,
    unallocated,
    weeks_later,
)
from tests.integration.budget.bookings import a_booking, spent
from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    a_planned_budget,
    a_pool,
    agree,
    an_active_budget,
    ask,
    buy,
    called_by,
    commit,
    do_what_is_due,
    left_of,
    pay_in,
    rows,
    spend,
    told,
    totals,
    unanswered,
)
from tests.integration.budget.pools import accounts_of, assess
from tests.integration.budget.repayments import ALL_OF_IT, do, of, posted
from tests.integration.budget.reported import read
from tests.integration.racing import AT_ONCE, all_at_once


@pytest.fixture
def planned(transaction):
    return a_budget(transaction)


def nhs(transaction, planned, name):
    return accounts_of(transaction, planned).get((NHS, name), 0)


def refused(answer):
    return answer["refusal"]["code"]


def test_what_is_free_is_set_aside_once_and_each_run_makes_some_of_it_usable(
    transaction, planned, found
):
    stream = schedule(transaction, planned)
    again = ask(transaction, "schedule_allocation", **stream)
    another = schedule(transaction, planned, starts_on="2026-12-01")

    assert again["result"] == {"allocation_id": stream["allocation_id"], "set_aside_pence": 270_00}
    assert left_of(transaction, planned) == {"nhs": 0, "council": 10_00}
    assert unallocated(transaction, planned) == 270_00
    assert run(transaction)["result"] == {"runs": 1, "is_all": True}
    assert left_of(transaction, planned)["nhs"] == 50_00
    assert unallocated(transaction, planned) == 220_00
    assert another["allocation_id"] != stream["allocation_id"]
    assert found() == []


def test_five_weeks_of_fifty_pounds_with_what_is_left_lapsing(transaction, planned, found):
    schedule(transaction, planned)
    run(transaction)
    first, answer = buy(transaction, planned, 30_00, payer="nhs")
    spend(transaction, first, 30_00)
    assert answer == "hold_placed"
    assert buy(transaction, planned, 20_01, payer="nhs")[1] == "hold_refused"

    run(transaction, at=weeks_later(1))  # 20.00 were left
    second, _ = buy(transaction, planned, 50_00, payer="nhs")
    spend(transaction, second, 50_00)
    run(transaction, at=weeks_later(2))  # nothing was left
    third, _ = buy(transaction, planned, 40_00, payer="nhs")
    run(transaction, at=weeks_later(3))  # 10.00 were left: what is held is not touched
    spend(transaction, third, 25_00)  # 15.00 of the hold come free
    run(transaction, at=weeks_later(4))  # 65.00 are free: no more lapses than was allocated
    run(transaction, at=weeks_later(5))  # it has ended

    assert runs_of(transaction, planned) == [
        ("2026-11-24", 50_00, 0, 0),
        ("2026-12-01", 50_00, 20_00, 0),
        ("2026-12-08", 50_00, 0, 0),
        ("2026-12-15", 50_00, 10_00, 0),
        ("2026-12-22", 50_00, 50_00, 0),
        ("2026-12-29", 0, 50_00, 0),
    ]
    assert left_of(transaction, planned)["nhs"] == 15_00
    assert unallocated(transaction, planned) == 270_00 - 105_00 - 15_00
    assert run(transaction, at=weeks_later(9))["result"] == {"runs": 0, "is_all": True}
    assert nhs(transaction, planned, "repaid") == 0  # it never leaves the funder's book that way
    assert totals(transaction)["ledger"]["balances_match_postings"]
    assert found() == []


def test_a_stream_that_starts_on_the_31st_runs_on_the_last_day_and_never_drifts(transaction, found):
    planned = a_budget(transaction, nhs=100_00)
    schedule(
        transaction,
        planned,
        recurrence="month",
        starts_on="2026-12-31",
        ends_on="2027-06-01",
        amount_pence=10_00,
        leftover="carry",
    )

    run(transaction, at=on(2027, 1, 30))
    run(transaction, at=on(2027, 7, 1))

    days = [day for day, *_ in runs_of(transaction, planned)]
    assert days == [
        "2026-12-31",
        "2027-01-31",
        "2027-02-28",
        "2027-03-31",
        "2027-04-30",
        "2027-05-31",
    ]
    assert left_of(transaction, planned)["nhs"] == 60_00
    assert found() == []


def test_what_is_short_says_so_and_is_made_up_where_the_stream_carries(transaction, found):
    planned = a_planned_budget(transaction, nhs=300_00, joint=20_00)
    calls = called_by(agree(transaction, planned))
    schedule(transaction, planned, leftover="carry")

    run(transaction)
    run(transaction, at=weeks_later(1))
    pay_in(transaction, planned, calls["nhs"])
    assert left_of(transaction, planned)["nhs"] == 0
    assert unallocated(transaction, planned) == 310_00
    run(transaction, at=weeks_later(2))

    assert runs_of(transaction, planned) == [
        ("2026-11-24", 0, 0, 50_00),
        ("2026-12-01", 0, 0, 100_00),
        ("2026-12-08", 150_00, 0, 0),
    ]
    assert left_of(transaction, planned)["nhs"] == 150_00
    assert found() == []


def test_what_is_short_is_not_made_up_where_it_lapses(transaction, found):
    planned = a_planned_budget(transaction, nhs=300_00, joint=20_00)
    calls = called_by(agree(transaction, planned))
    schedule(transaction, planned)

    run(transaction)
    commit(transaction, planned, calls["nhs"])
    run(transaction, at=weeks_later(1))

    assert runs_of(transaction, planned) == [
        ("2026-11-24", 0, 0, 50_00),
        ("2026-12-01", 50_00, 0, 0),
    ]
    assert nhs(transaction, planned, "promised") == -310_00
    assert unallocated(transaction, planned) == 260_00
    assert found() == []


@pytest.mark.parametrize("way", ["receive", "release", "commit and receive"])
def test_what_comes_in_or_is_promised_while_there_is_a_schedule_waits(transaction, found, way):
    planned = a_planned_budget(transaction, nhs=100_00, joint=20_00)
    calls = called_by(agree(transaction, planned))
    pay_in(transaction, planned, calls["council"])
    schedule(transaction, planned)

    if way == "commit and receive":
        commit(transaction, planned, calls["nhs"])
    if way == "release":
        ask(
            transaction,
            "release_contribution",
            contribution_id=calls["nhs"]["contribution_id"],
            budget_id=str(planned.budget_id),
            funder_id=str(NHS),
            amount_pence=110_00,
            contract_reference="Block contract 7",
        )
    else:
        pay_in(transaction, planned, calls["nhs"])

    assert left_of(transaction, planned) == {"nhs": 0, "council": 10_00}
    assert unallocated(transaction, planned) == 110_00
    (active,) = told(transaction, event_type="budget.budget_activated.v1")
    assert active["available_pence"] == 10_00
    assert found() == []


def test_what_comes_in_when_the_stream_has_ended_is_available(transaction, found):
    planned = a_planned_budget(transaction, nhs=100_00, joint=20_00)
    calls = called_by(agree(transaction, planned))
    once = {"recurrence": "once", "ends_on": None, "leftover": "carry", "amount_pence": 30_00}
    schedule(transaction, planned, **once)
    run(transaction)

    request = {
        "contribution_id": calls["nhs"]["contribution_id"],
        "budget_id": str(planned.budget_id),
        "funder_id": str(NHS),
        "amount_pence": 110_00,
        "bank_reference": "BACS late",
    }
    ask(transaction, "receive_contribution", at=weeks_later(1), **request)

    assert runs_of(transaction, planned) == [("2026-11-24", 0, 0, 30_00)]
    assert left_of(transaction, planned)["nhs"] == 110_00
    assert run(transaction, at=weeks_later(2))["result"]["runs"] == 0
    assert found() == []


def test_what_is_saved_up_beyond_the_weeks_to_keep_is_taken_back(transaction, found):
    planned = a_budget(transaction, nhs=500_00)
    schedule(transaction, planned, leftover="claw", keep_weeks=2)

    for week in range(6):
        run(transaction, at=weeks_later(week))

    assert [taken for _, _, taken, _ in runs_of(transaction, planned)] == [
        *(0, 0, 0, 50_00, 50_00, 50_00),
    ]
    assert left_of(transaction, planned)["nhs"] == 100_00
    assert found() == []


def test_weeks_that_nobody_looked_are_made_up_in_their_order(transaction, planned, found):
    schedule(transaction, planned)

    assert run(transaction, at=weeks_later(2))["result"] == {"runs": 3, "is_all": True}

    assert runs_of(transaction, planned) == [
        ("2026-11-24", 50_00, 0, 0),
        ("2026-12-01", 50_00, 50_00, 0),
        ("2026-12-08", 50_00, 50_00, 0),
    ]
    journals = rows(
        transaction,
        "SELECT effective_on, occurred_on FROM journals WHERE metadata ? 'period_starts_on'"
        " ORDER BY seq",
    )
    today = weeks_later(2).date()
    assert journals == [(today, today - timedelta(weeks=weeks)) for weeks in (2, 1, 0)]
    assert found() == []


def test_two_streams_of_one_funder_share_what_is_unallocated(transaction, found):
    planned = a_budget(transaction, nhs=60_00, joint=20_00)
    schedule(transaction, planned, allocation_id=str(UUID(int=1)))
    schedule(transaction, planned, allocation_id=str(UUID(int=2)), leftover="carry")

    run(transaction)

    shares = [
        (one["allocated_pence"], one["short_pence"])
        for stream in shown(transaction, planned)["allocations"]
        for one in stream["runs"]
    ]
    assert shares == [(50_00, 0), (20_00, 30_00)]
    assert unallocated(transaction, planned) == 0
    assert found() == []


def test_the_persons_part_is_neither_set_aside_nor_taken_back(transaction, found):
    planned = a_planned_budget(transaction, council=520_00, joint=20_00)
    assess(transaction, planned, weekly_contribution_pence=10_00, weeks=10)
    for kind, call in called_by(agree(transaction, planned)).items():
        if kind != "person":
            pay_in(transaction, planned, call)

    schedule(transaction, planned, funder_id=str(COUNCIL))
    assert left_of(transaction, planned)["council"] == 100_00
    for week in range(6):
        run(transaction, at=weeks_later(week))

    assert left_of(transaction, planned)["council"] == 100_00
    assert found() == []


def test_each_run_is_told_with_what_it_did(transaction, planned):
    stream = schedule(transaction, planned, amount_pence=300_00)
    run(transaction)

    (event,) = told(transaction, event_type="budget.allocation_made.v1")
    assert event == {
        "type": "allocation_made",
        "allocation_id": stream["allocation_id"],
        "budget_id": str(planned.budget_id),
        "funder_id": str(NHS),
        "period_starts_on": "2026-11-24",
        "allocated_pence": 270_00,
        "taken_back_pence": 0,
        "short_pence": 30_00,
    }


def test_running_again_moves_nothing(transaction, planned):
    schedule(transaction, planned)
    run(transaction)
    before = unanswered(transaction)

    assert run(transaction)["result"] == {"runs": 0, "is_all": True}
    assert unanswered(transaction) == before


def test_of_many_who_run_at_the_same_moment_one_moves_the_money(transaction, planned, found):
    schedule(transaction, planned)

    answers = all_at_once([lambda: run(transaction, at=weeks_later(1))] * AT_ONCE)

    assert sorted(answer["result"]["runs"] for answer in answers) == [0] * (AT_ONCE - 1) + [2]
    assert len(runs_of(transaction, planned)) == 2
    assert left_of(transaction, planned)["nhs"] == 50_00
    assert found() == []


def test_a_run_is_kept_once_whoever_writes_it(transaction, planned):
    stream = schedule(transaction, planned)
    run(transaction)

    with pytest.raises(IntegrityError, match="allocation_runs_pkey"), transaction() as session:
        session.add(
            AllocationRun(
                allocation_id=stream["allocation_id"],
                period_starts_on=date(2026, 11, 24),
                is_closing=False,
                next_on=None,
                allocated_pence=1,
                taken_back_pence=0,
                short_pence=0,
                run_at=TUESDAY_AT_TEN,
            )
        )


def test_a_thousand_runs_at_most_are_made_at_once(transaction, planned, monkeypatch, found):
    monkeypatch.setattr(handlers, "MOST_BOOKINGS", 2)
    other = an_active_budget(transaction, nhs=100_00, joint=20_00)
    schedule(transaction, planned)
    schedule(transaction, other)

    answers = [run(transaction, at=weeks_later(1))["result"] for _ in range(3)]

    assert answers == [
        {"runs": 2, "is_all": False},
        {"runs": 2, "is_all": True},
        {"runs": 0, "is_all": True},
    ]
    assert found() == []


def test_what_is_due_is_made_every_hour_and_nothing_else(transaction, planned):
    schedule(transaction, planned)

    def hour(at):
        return len(do_what_is_due(transaction, "make_due_runs", at=at))

    assert [hour(TUESDAY_AT_TEN + timedelta(days=day)) for day in (0, 0, 6, 7)] == [1, 0, 0, 1]
    assert len(runs_of(transaction, planned)) == 2


WRONG = [
    ({"budget_id": str(uuid4())}, "budget_not_found"),
    ({"funder_id": str(uuid4())}, "funder_not_in_budget"),
    ({"ends_on": None}, "allocation_dates_wrong"),
    ({"ends_on": "2026-11-24"}, "allocation_dates_wrong"),
    ({"ends_on": "2026-11-23"}, "allocation_dates_wrong"),
    ({"starts_on": "2026-11-23"}, "allocation_dates_wrong"),
    ({"starts_on": "2200-01-01", "ends_on": "2200-02-01"}, "invalid_request"),
    ({"amount_pence": 0}, "invalid_request"),
    ({"amount_pence": -1}, "invalid_request"),
    ({"amount_pence": "5000"}, "invalid_request"),
    ({"amount_pence": 10**30}, "invalid_request"),
    ({"recurrence": "fortnight"}, "invalid_request"),
    ({"leftover": "keep"}, "invalid_request"),
    ({"leftover": "claw"}, "leftover_rule_wrong"),
    ({"keep_weeks": 4}, "leftover_rule_wrong"),
    ({"leftover": "claw", "keep_weeks": -1}, "invalid_request"),
    ({"leftover": "claw", "keep_weeks": 2, "recurrence": "once"}, "leftover_rule_wrong"),
    ({"recurrence": "once", "ends_on": None}, "leftover_rule_wrong"),
    ({"allocation_id": "mine"}, "invalid_request"),
    ({"unknown": 1}, "invalid_request"),
]


@pytest.mark.parametrize(("changes", "code"), WRONG)
def test_a_stream_that_cannot_be_is_refused_and_nothing_changes(
    transaction, planned, changes, code
):
    before = unanswered(transaction)

    answer = ask(transaction, "schedule_allocation", **a_stream(planned, **changes))

    assert refused(answer) == code
    assert answer["refusal"]["next_step"]
    assert unanswered(transaction) == before


def test_another_stream_under_a_known_id_is_refused(transaction, planned):
    stream = schedule(transaction, planned)
    before = unanswered(transaction)

    for changes in ({"amount_pence": 49_99}, {"leftover": "carry"}, {"ends_on": "2026-12-30"}):
        answer = ask(transaction, "schedule_allocation", **(stream | changes))
        assert refused(answer) == "id_reused"
    assert unanswered(transaction) == before


def test_a_budget_without_shares_and_one_that_has_ended_get_no_stream(transaction, planned):
    bare = a_planned_budget(transaction, nhs=10_00)
    do(transaction, "end_budget", **of(planned, ends_on="2026-12-24", reason="plan_ended"))
    before = unanswered(transaction)

    codes = [
        refused(ask(transaction, "schedule_allocation", **a_stream(one))) for one in (bare, planned)
    ]

    assert codes == ["funder_not_in_budget", "budget_ended"]
    assert unanswered(transaction) == before


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"day": "2026-11-25"}, "allocation_dates_wrong"),
        ({"pool_id": uuid4()}, "pool_not_found"),
        ({"day": "soon"}, "invalid_request"),
    ],
)
def test_runs_that_cannot_be_made_are_refused(transaction, planned, request_, code):
    schedule(transaction, planned)
    before = unanswered(transaction)

    assert refused(run(transaction, **request_)) == code
    assert unanswered(transaction) == before


def test_a_stream_can_end_before_its_day_and_what_is_left_lapses_then(transaction, planned, found):
    stream = schedule(transaction, planned)
    end = {
        "allocation_id": stream["allocation_id"],
        "ends_on": "2026-12-04",
        "reason": "The course is over.",
    }
    run(transaction)

    answers = [ask(transaction, "end_allocation", **end) for _ in range(2)]
    run(transaction, at=weeks_later(4))

    assert answers[0]["result"] == answers[1]["result"]
    assert runs_of(transaction, planned) == [
        ("2026-11-24", 50_00, 0, 0),
        ("2026-12-01", 50_00, 50_00, 0),
        ("2026-12-04", 0, 50_00, 0),
    ]
    (told_,) = shown(transaction, planned)["allocations"]
    assert (told_["ends_on"], told_["ended_because"]) == ("2026-12-04", "The course is over.")
    assert unallocated(transaction, planned) == 270_00
    assert found() == []


@pytest.mark.parametrize(
    ("changes", "at", "code"),
    [
        ({"allocation_id": str(uuid4())}, 0, "allocation_not_found"),
        ({"ends_on": "2026-11-24"}, 0, "allocation_dates_wrong"),
        ({"ends_on": "2026-11-23"}, 0, "allocation_dates_wrong"),
        ({"ends_on": "2026-12-30"}, 0, "allocation_dates_wrong"),
        ({"ends_on": "2027-02-01"}, 9, "allocation_ended"),
        ({"reason": ""}, 0, "invalid_request"),
    ],
)
def test_an_end_that_cannot_be_is_refused(transaction, planned, changes, at, code):
    stream = schedule(transaction, planned)
    end = {"allocation_id": stream["allocation_id"], "ends_on": "2026-12-04", "reason": "Over."}
    before = unanswered(transaction)

    answer = ask(transaction, "end_allocation", at=weeks_later(at), **(end | changes))

    assert refused(answer) == code
    assert unanswered(transaction) == before


def test_a_second_end_is_refused_and_so_is_one_of_a_budget_that_ends(transaction, planned):
    first, second = (schedule(transaction, planned) for _ in range(2))
    ends = [
        {"allocation_id": one["allocation_id"], "ends_on": "2026-12-04", "reason": "Over."}
        for one in (first, second)
    ]
    ask(transaction, "end_allocation", **ends[0])
    later = ask(transaction, "end_allocation", **(ends[0] | {"ends_on": "2026-12-05"}))
    do(transaction, "end_budget", **of(planned, ends_on="2026-12-24", reason="plan_ended"))
    with_budget = ask(transaction, "end_allocation", **ends[1])

    assert [refused(later), refused(with_budget)] == ["allocation_ended"] * 2


def test_when_a_budget_ends_what_is_unallocated_is_left_over_and_goes_back(
    transaction, planned, found
):
    schedule(transaction, planned)
    run(transaction)

    answer = do(transaction, "end_budget", **of(planned, ends_on="2026-11-24", reason="moved"))

    left = {one["funder_id"]: one["left_pence"] for one in answer["result"]["funders"]}
    assert left[str(NHS)] == 270_00
    assert unallocated(transaction, planned) == 0
    assert run(transaction, at=weeks_later(9))["result"]["runs"] == 0
    assert found() == []
    paid = posted(transaction, planned)
    assert paid["result"]["amount_pence"] == 280_00
    assert nhs(transaction, planned, "repaid") == 270_00
    assert found() == []


def test_until_a_budget_ends_its_streams_run_and_on_that_day_the_rest_is_free(
    transaction, planned, found
):
    schedule(transaction, planned)
    answer = do(transaction, "end_budget", **of(planned, ends_on="2026-12-04", reason="moved"))
    left = {one["funder_id"]: one["left_pence"] for one in answer["result"]["funders"]}
    assert left[str(NHS)] == 270_00

    run(transaction, at=weeks_later(1))
    assert unallocated(transaction, planned) == 220_00
    for at in (on(2026, 12, 4), weeks_later(9)):
        assert run(transaction, at=at)["result"] == {"runs": 0, "is_all": True}

    assert unallocated(transaction, planned) == 0
    assert nhs(transaction, planned, "available") == 270_00
    assert found() == []


def test_what_is_unallocated_is_left_over_and_can_be_repaid_from_a_budget_that_goes_on(
    transaction, planned, found
):
    schedule(transaction, planned)
    run(transaction)
    asked = of(planned, on="2026-11-24", **ALL_OF_IT)
    surplus = do(transaction, "find_surplus", **asked)["result"]
    (of_nhs,) = (one for one in surplus["funders"] if one["funder_id"] == str(NHS))
    assert (of_nhs["available_pence"], of_nhs["unallocated_pence"]) == (50_00, 220_00)
    assert of_nhs["to_funder_pence"] == 270_00

    paid = posted(transaction, planned)

    assert paid["result"]["amount_pence"] == 280_00
    assert nhs(transaction, planned, "repaid") == 270_00
    assert unallocated(transaction, planned) == 0
    assert told(transaction, event_type="budget.repayment_posted.v1")[0]["available_pence"] == 0
    assert found() == []


def test_the_books_never_let_unallocated_money_be_overdrawn(transaction, planned):
    schedule(transaction, planned)
    entry = spent(NHS, 270_01, debit="unallocated", credit="available")

    with pytest.raises(IntegrityError, match="never_overdrawn"), transaction() as session:
        bookkeeper.book(session, a_booking(session, planned, entry))


def test_what_is_not_allocated_cannot_be_bought_with(transaction, planned):
    schedule(transaction, planned)
    assert buy(transaction, planned, 1, payer="nhs")[1] == "hold_refused"

    run(transaction)
    purchase, answer = buy(transaction, planned, 50_00, payer="nhs")
    assert answer == "hold_placed"
    spend(transaction, purchase, 60_00)  # the network takes more: it is overspent, as ever

    assert nhs(transaction, planned, "overspent") == -10_00
    assert unallocated(transaction, planned) == 220_00


@pytest.mark.parametrize("table", ["allocations", "allocation_runs", "allocation_endings"])
def test_what_was_scheduled_and_run_is_never_changed(transaction, planned, is_final, table):
    stream = schedule(transaction, planned)
    run(transaction)
    end = {"allocation_id": stream["allocation_id"], "ends_on": "2026-12-04", "reason": "Over."}
    ask(transaction, "end_allocation", **end)
    for change in (f"DELETE FROM {table}", f"UPDATE {table} SET allocation_id = allocation_id"):  # noqa: S608
        is_final(change)


PLANTED = {
    "UPDATE allocation_runs SET allocated_pence = 4999": "I8",
    "DELETE FROM allocation_runs": "I8",
    "UPDATE allocations SET set_aside_pence = set_aside_pence + 1": "I8",
    "DELETE FROM allocation_releases": "I8",
    "UPDATE balances SET posted_pence = posted_pence + 1 WHERE account_id IN"
    " (SELECT account_id FROM accounts WHERE kind = 'unallocated')": "I3",
    "UPDATE journals SET kind = 'charge' WHERE kind = 'allocation'": "I8",
}


@pytest.mark.parametrize("change", PLANTED)
def test_a_planted_penny_is_found(transaction, planned, rewrite, found, change):
    schedule(transaction, planned)
    run(transaction)
    other = a_budget(transaction)
    schedule(transaction, other)
    do(transaction, "end_budget", **of(other, ends_on="2026-11-24", reason="moved"))
    assert found() == []

    rewrite(change)

    assert {line.split()[0] for line in found()} == {PLANTED[change]}


def test_statements_add_up_with_money_that_is_not_allocated(transaction, planned):
    schedule(transaction, planned)
    run(transaction)
    purchase, _ = buy(transaction, planned, 30_00, payer="nhs")
    spend(transaction, purchase, 30_00)
    asked = {"budget_id": str(planned.budget_id)}

    of_person = read(transaction, "person_statement", **asked)
    of_funder = read(transaction, "funder_statement", funder_id=str(NHS), **asked)
    read(transaction, "auditor_statement", **asked)

    money_in = {one.funder_id: one.amount_pence for one in of_person.money_in}
    assert money_in == {NHS: 50_00, COUNCIL: 10_00}
    assert of_person.left_pence == 30_00
    assert (of_funder.paid_in_pence, of_funder.left_pence) == (270_00, 20_00)
    assert of_funder.otherwise_pence == -220_00


def test_a_pool_without_streams_has_nothing_to_run(transaction):
    a_pool(transaction)

    assert run(transaction)["result"] == {"runs": 0, "is_all": True}
