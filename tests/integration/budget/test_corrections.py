"""What was written down wrongly is put right by journals: reversed once, and written again."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from services.budget.verify import findings
from tests.factories import TUESDAY_AT_TEN
from tests.integration.budget.allocating import schedule, unallocated
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
    left_of,
    pay_in,
    rows,
    spend,
    told,
    unanswered,
)
from tests.integration.budget.crises import activate, promise
from tests.integration.budget.pools import assess, release
from tests.integration.budget.repayments import posted
from tests.integration.periods import calendar_of_a_pool as calendar
from tests.integration.racing import AT_ONCE, all_at_once

pytestmark = pytest.mark.usefixtures("verified")

NEXT_WEEK = TUESDAY_AT_TEN + timedelta(days=7)


def reverse(transaction, journal_id, **changes):
    request = {"journal_id": str(journal_id), "reason": "It was another budget's money."}
    return ask(transaction, "reverse_journal", **({"at": NEXT_WEEK} | request | changes))


def correct(transaction, journal_id, *, day="2026-11-20", **changes):
    request = {
        "journal_id": str(journal_id),
        "effective_on": day,
        "occurred_on": day,
        "reason": "The bank had it earlier.",
    }
    return ask(transaction, "correct_journal", **({"at": NEXT_WEEK} | request | changes))


def refused(answer):
    return answer["refusal"]["code"]


def journals(transaction, kind, funder_id=NHS):
    """Return the journals of a kind that moved a funder's money, in order."""
    sql = """SELECT journal_id FROM journals JOIN postings USING (journal_id)
             WHERE kind = :kind AND funder_id = :funder_id GROUP BY journal_id, seq ORDER BY seq"""
    return [row[0] for row in rows(transaction, sql, kind=kind, funder_id=funder_id)]


def days_of(transaction, kind):
    sql = """SELECT CAST(effective_on AS text), CAST(occurred_on AS text) FROM journals
             WHERE kind = :kind ORDER BY seq"""
    return [tuple(row) for row in rows(transaction, sql, kind=kind)]


def test_a_contribution_that_never_came_in_is_called_for_again(transaction):
    planned = an_active_budget(transaction, joint=100_00)
    (journal_id,) = journals(transaction, "contribution")

    answer = reverse(transaction, journal_id)["result"]

    assert (answer["amount_pence"], answer["missing_pence"]) == (50_00, 50_00)
    assert left_of(transaction, planned) == {"nhs": 0, "council": 50_00}
    (event,) = [one for one in told(transaction) if one["type"] == "contribution_reversed"]
    assert (event["funder_id"], event["amount_pence"], event["was_received"]) == (
        str(NHS),
        50_00,
        True,
    )
    assert buy(transaction, planned, 10_00)[1] == "hold_refused"


def test_what_was_reversed_can_come_in_after_all(transaction):
    a_pool(transaction)
    planned = a_planned_budget(transaction, joint=100_00)
    calls = called_by(agree(transaction, planned))
    for kind in calls:
        pay_in(transaction, planned, calls[kind])
    (journal_id,) = journals(transaction, "contribution")
    reverse(transaction, journal_id)

    assert "result" in pay_in(transaction, planned, calls["nhs"])

    assert left_of(transaction, planned) == {"nhs": 50_00, "council": 50_00}
    assert buy(transaction, planned, 10_00)[1] == "hold_placed"
    assert refused(reverse(transaction, journal_id)) == "already_reversed"


@pytest.mark.parametrize(
    ("give", "kind", "source"),
    [(commit, "promise", {"source": "new"}), (release, "contribution", {})],
)
def test_what_was_reversed_can_be_given_on_other_terms(transaction, give, kind, source):
    a_pool(transaction)
    planned = a_planned_budget(transaction, joint=100_00)
    call = called_by(agree(transaction, planned))["nhs"]
    terms = {"starts_on": "2026-12-01", "ends_on": "2027-11-30", "cost_centre": "MH-1", **source}
    give(transaction, planned, call, terms=terms)
    (journal_id,) = journals(transaction, kind)
    reverse(transaction, journal_id)

    again = give(transaction, planned, call, terms=terms | {"cost_centre": "MH-2"})

    assert "result" in again


def test_what_a_person_never_paid_is_owed_again_and_what_they_paid_gets_the_day_that_is_right(
    transaction,
):
    a_pool(transaction)
    planned = a_planned_budget(transaction, joint=100_00)
    assess(transaction, planned, weekly_contribution_pence=10_00, weeks=1)
    call = called_by(agree(transaction, planned))["person"]
    for pence, reference in ((4_00, "one"), (6_00, "another")):
        pay_in(transaction, planned, call, amount_pence=pence, bank_reference=reference)
    paid, paid_too = journals(transaction, "contribution", COUNCIL)

    assert reverse(transaction, paid)["result"]["missing_pence"] == 4_00
    assert "result" in correct(transaction, paid_too)

    assert "result" in pay_in(transaction, planned, call, amount_pence=4_00, bank_reference="it")


def test_a_contribution_that_never_came_in_is_taken_out_of_what_is_not_allocated(transaction):
    planned = a_planned_budget(transaction, joint=100_00)
    calls = called_by(agree(transaction, planned))
    schedule(transaction, planned)
    pay_in(transaction, planned, calls["nhs"])
    assert unallocated(transaction, planned) == 50_00
    (journal_id,) = journals(transaction, "contribution")

    assert "result" in reverse(transaction, journal_id)

    assert unallocated(transaction, planned) == 0


def test_a_commitment_that_was_never_given_is_taken_back(transaction):
    a_pool(transaction)
    planned = a_planned_budget(transaction, joint=100_00)
    calls = called_by(agree(transaction, planned))
    commit(transaction, planned, calls["nhs"])
    (journal_id,) = journals(transaction, "promise")

    assert reverse(transaction, journal_id)["result"]["missing_pence"] == 50_00
    assert left_of(transaction, planned) == {"nhs": 0, "council": 0}


def test_a_commitment_that_was_kept_is_not_taken_back(transaction):
    a_pool(transaction)
    planned = a_planned_budget(transaction, joint=100_00)
    calls = called_by(agree(transaction, planned))
    commit(transaction, planned, calls["nhs"])
    pay_in(transaction, planned, calls["nhs"])
    before = unanswered(transaction)

    (journal_id,) = journals(transaction, "promise")
    assert refused(reverse(transaction, journal_id)) == "not_reversible"
    assert unanswered(transaction) == before


def test_money_that_was_spent_meanwhile_is_not_taken_back(transaction):
    planned = an_active_budget(transaction, joint=100_00)
    spend(transaction, buy(transaction, planned, 20_00)[0], 20_00)
    (journal_id,) = journals(transaction, "contribution", COUNCIL)
    before = unanswered(transaction)

    answer = reverse(transaction, journal_id)

    assert refused(answer) == "insufficient_funds"
    assert answer["refusal"]["details"] == {"requested_pence": 50_00, "available_pence": 40_00}
    assert unanswered(transaction) == before


def test_what_went_back_to_its_funder_cannot_be_said_never_to_have_come_in(transaction):
    planned = a_planned_budget(transaction, joint=100_00)
    calls = called_by(agree(transaction, planned))
    for call in calls.values():
        commit(transaction, planned, call)
        pay_in(transaction, planned, call)
    posted(transaction, planned)
    (journal_id,) = journals(transaction, "contribution")
    before = unanswered(transaction)

    assert refused(reverse(transaction, journal_id)) == "insufficient_funds"
    assert unanswered(transaction) == before


def test_what_went_back_to_the_person_cannot_be_said_never_to_have_come_in(transaction):
    a_pool(transaction)
    planned = a_planned_budget(transaction, joint=100_00)
    assess(transaction, planned, weekly_contribution_pence=10_00, weeks=1)
    for call in called_by(agree(transaction, planned)).values():
        pay_in(transaction, planned, call)
    posted(transaction, planned)
    of_person = journals(transaction, "contribution", COUNCIL)

    answers = [reverse(transaction, journal_id) for journal_id in of_person]

    assert [refused(answer) for answer in answers] == ["insufficient_funds"] * 2


def test_a_purchase_is_not_reversed(transaction):
    planned = an_active_budget(transaction, joint=100_00)
    spend(transaction, buy(transaction, planned, 20_00)[0], 20_00)
    before = unanswered(transaction)

    answer = reverse(transaction, journals(transaction, "capture")[0])

    assert refused(answer) == "not_reversible"
    assert "payments" in answer["refusal"]["next_step"]
    assert unanswered(transaction) == before


@pytest.mark.parametrize("operation", [reverse, correct])
def test_a_journal_that_is_not_there_is_not_put_right(transaction, operation):
    before = unanswered(transaction)

    assert refused(operation(transaction, UUID(int=5))) == "journal_not_found"
    assert unanswered(transaction) == before


def test_a_purchase_counts_for_the_day_that_is_right(transaction):
    planned = an_active_budget(transaction, joint=100_00)
    spend(transaction, buy(transaction, planned, 20_00)[0], 20_00)
    (journal_id,) = journals(transaction, "capture")
    before = left_of(transaction, planned)

    answer = correct(transaction, journal_id)["result"]

    assert answer["effective_on"] == "2026-11-20"
    assert days_of(transaction, "capture") == [
        ("2026-11-24", "2026-11-24"),
        ("2026-11-24", "2026-11-24"),
        ("2026-11-20", "2026-11-20"),
    ]
    assert left_of(transaction, planned) == before
    spent = {
        day: calendar.posted_of(transaction, planned, day) for day in ("2026-11-19", "2026-11-20")
    }
    assert spent["2026-11-19"] != spent["2026-11-20"]


def test_what_was_corrected_is_corrected_again_in_its_new_place_only(transaction):
    an_active_budget(transaction, joint=100_00)
    (first,) = journals(transaction, "contribution")
    correct(transaction, first)
    _, mirror, second = journals(transaction, "contribution")

    assert refused(correct(transaction, first, day="2026-11-19")) == "already_reversed"
    assert refused(correct(transaction, mirror, day="2026-11-19")) == "already_reversed"
    assert "result" in correct(transaction, second, day="2026-11-19")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"day": "2026-11-24"}, "nothing_to_correct"),
        ({"day": "2027-11-24"}, "day_wrong"),
        ({"occurred_on": "2026-11-21"}, "day_wrong"),
        ({"reason": ""}, "invalid_request"),
        ({"effective_on": "20/11/2026"}, "invalid_request"),
    ],
)
def test_a_correction_that_cannot_be_right_changes_nothing(transaction, changes, code):
    an_active_budget(transaction, joint=100_00)
    (journal_id,) = journals(transaction, "contribution")
    before = unanswered(transaction)

    assert refused(correct(transaction, journal_id, **changes)) == code
    assert unanswered(transaction) == before


def test_what_belongs_to_a_closed_period_is_put_right_today_and_says_when_it_happened(transaction):
    planned = an_active_budget(transaction, joint=100_00)
    spend(transaction, buy(transaction, planned, 20_00)[0], 20_00)
    summer, november, *_ = calendar.a_calendar(transaction)
    calendar.close(transaction, summer)
    calendar.close(transaction, november)
    statement = calendar.statement_bytes(transaction, november, budget_id=planned.budget_id)

    (journal_id,) = journals(transaction, "capture")
    correct(transaction, journal_id, day="2026-12-02", at=calendar.DECEMBER)

    assert days_of(transaction, "capture") == [
        ("2026-11-24", "2026-11-24"),
        (f"{calendar.DECEMBER:%Y-%m-%d}", "2026-11-24"),
        ("2026-12-02", "2026-12-02"),
    ]
    again = calendar.statement_bytes(transaction, november, budget_id=planned.budget_id)
    assert again == statement


def test_what_belongs_to_a_period_that_is_being_closed_says_why_it_is_late(transaction):
    planned = an_active_budget(transaction, joint=100_00)
    spend(transaction, buy(transaction, planned, 20_00)[0], 20_00)
    summer, november, *_ = calendar.a_calendar(transaction)
    calendar.close(transaction, summer)
    calendar.done(transaction, "soft_close_period", period_id=november)

    (journal_id,) = journals(transaction, "capture")
    correct(transaction, journal_id, at=calendar.DECEMBER)

    late = (
        "SELECT DISTINCT metadata ->> 'late_because' FROM journals WHERE metadata ? 'late_because'"
    )
    assert rows(transaction, late) == [("The bank had it earlier.",)]
    assert days_of(transaction, "capture")[1:] == [
        ("2026-11-24", "2026-11-24"),
        ("2026-11-20", "2026-11-20"),
    ]


def test_of_many_who_reverse_a_journal_at_once_one_does(transaction):
    planned = an_active_budget(transaction, joint=100_00)
    (journal_id,) = journals(transaction, "contribution")
    answers = []

    all_at_once([lambda: answers.append(reverse(transaction, journal_id))] * AT_ONCE)

    assert sorted("result" in answer for answer in answers) == [False] * (AT_ONCE - 1) + [True]
    assert {refused(answer) for answer in answers if "refusal" in answer} == {"already_reversed"}
    assert left_of(transaction, planned) == {"nhs": 0, "council": 50_00}


PLANTED = {
    "I14 a journal is reversed once at most, by its mirror": """
        UPDATE journals SET metadata = jsonb_build_object('reverses', CAST(:other AS text))
        WHERE kind = 'capture'""",
    "I14 what takes a reversed journal's place has its entries": """
        UPDATE journals
        SET metadata = metadata || jsonb_build_object('corrects', CAST(:other AS text))
        WHERE kind = 'capture'""",
}


@pytest.mark.parametrize("rule", PLANTED)
def test_a_planted_reversal_is_found(transaction, owners, rule):
    planned = an_active_budget(transaction, joint=100_00)
    spend(transaction, buy(transaction, planned, 20_00)[0], 20_00)
    (other,) = journals(transaction, "contribution")

    with Session(owners("budget")) as session:
        session.execute(text("ALTER TABLE journals DISABLE TRIGGER USER"))
        session.execute(text(PLANTED[rule]), {"other": str(other)})
        found = list(findings(session))
        session.rollback()

    assert any(line.startswith(rule) for line in found)


def test_what_a_crisis_called_for_is_not_taken_back(transaction):
    planned = an_active_budget(transaction, joint=100_00)
    promise(transaction, planned)
    activate(transaction, planned)
    before = unanswered(transaction)

    (journal_id,) = journals(transaction, "promise")
    assert refused(reverse(transaction, journal_id)) == "not_reversible"
    assert unanswered(transaction) == before
