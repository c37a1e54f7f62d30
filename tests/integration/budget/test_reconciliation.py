"""Lines from the bank and the card programme meet the ledger's, on a real database."""

import hashlib
import threading
from contextlib import contextmanager
from functools import partial
from itertools import product
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from services.budget.reconciliation import handlers, models
from services.budget.reconciliation.rules import MOST_LINES
from tests.factories import TUESDAY_AT_TEN
from tests.integration.budget.budgets import (
    a_planned_budget,
    agree,
    an_active_budget,
    ask,
    buy,
    called_by,
    everything,
    pay_in,
    rows,
    spend,
    unanswered,
)

TODAY = "2026-11-24"
WHY = "Seen on the statement."
TABLES = (
    *("external_files", "external_lines", "matches", "match_lines"),
    *("undone_matches", "suspense_items", "suspense_assignments"),
)


def reconciliation(transaction, on=TODAY):
    return ask(transaction, "reconciliation", on=on)["result"]


def a_line(external_id, amount_pence, *, says="", booked_on=TODAY):
    return {
        "external_id": external_id,
        "amount_pence": amount_pence,
        "booked_on": booked_on,
        "reference": says,
    }


def take_in(transaction, *lines, source="bank", sha256=None):
    return ask(
        transaction,
        "import_lines",
        source=source,
        file_sha256=sha256 or hashlib.sha256(repr(lines).encode()).hexdigest(),
        lines=list(lines),
    )


def match(transaction, *, since="2026-11-01", until="2026-11-30", **changes):
    return ask(transaction, "match_lines", since=since, until=until, **changes)


def by_hand(transaction, *, outside=(), ledger=(), reason=WHY):
    return ask(
        transaction,
        "match_by_hand",
        outside=[{"source": source, "external_id": key} for source, key in outside],
        ledger=[{"journal_id": str(journal_id), "line": line} for journal_id, line in ledger],
        reason=reason,
    )


def code_of(answer):
    return answer["refusal"]["code"]


def cash_of(transaction, source_id):
    """Return journal and line of each posting of a purchase or a contribution, in order."""
    return rows(
        transaction,
        "SELECT journal_id, line FROM postings JOIN journals USING (journal_id)"
        " WHERE source_id = :source_id ORDER BY seq, line",
        source_id=source_id,
    )


def bought(transaction, planned, pence, **changes):
    purchase, _ = buy(transaction, planned, pence, **changes)
    spend(transaction, purchase, pence)
    return purchase


@pytest.fixture
def planned(transaction):
    """A budget that the NHS and the council have each paid 50 pounds into."""
    return an_active_budget(transaction, joint=100_00)


CONTRIBUTIONS = (
    a_line("in-1", 50_00, says="bacs NHS"),
    a_line("in-2", 50_00, says="BACS COUNCIL"),
)


def test_what_came_in_and_what_went_out_is_matched_by_its_references(transaction, planned):
    purchase = bought(transaction, planned, 35_01)
    take_in(transaction, *CONTRIBUTIONS)
    card = a_line("card-1", -35_01, says=f"CARD {purchase.purchase_id}")
    take_in(transaction, card, source="cards")

    answer = match(transaction)["result"]

    assert answer["matched"] == {
        "matches": 3,
        "outside_lines": 3,
        "ledger_lines": 4,
        "by_rule": {"same_reference": 3},
    }
    assert (answer["not_matched"], answer["suspense_opened"]) == ({"outside": 0, "ledger": 0}, 0)
    told = reconciliation(transaction)
    all_of_it = {"lines": 3, "amount_pence": 64_99}
    nothing = {"lines": 0, "amount_pence": 0}
    assert told["sides"]["outside"] == {
        "all": all_of_it,
        "matched": all_of_it,
        "unmatched": nothing,
        "in_suspense": nothing,
        "awaited": nothing,
    }
    assert told["sides"]["ledger"]["matched"] == {"lines": 4, "amount_pence": 64_99}
    assert told["difference_pence"] == 0


def test_what_the_person_pays_comes_in_once_and_a_refund_comes_back(transaction):
    planned = a_planned_budget(transaction, council=40_00)
    ask(
        transaction,
        "report_financial_assessment",
        budget_id=str(planned.budget_id),
        weekly_contribution_pence=1_00,
        weeks=10,
    )
    for call in called_by(agree(transaction, planned)).values():
        pay_in(transaction, planned, call)
    purchase = bought(transaction, planned, 20_00, payer="council")
    spend(transaction, purchase, 12_00, version=2)
    says = str(purchase.purchase_id)
    take_in(
        transaction,
        a_line("1", 10_00, says="BACS person"),
        a_line("2", 30_00, says="BACS council"),
        a_line("3", -20_00, says=says),
        a_line("4", 8_00, says=says),
    )

    answer = match(transaction)["result"]

    assert answer["matched"]["matches"] == 4
    assert answer["not_matched"] == {"outside": 0, "ledger": 0}


def test_what_is_matched_is_not_matched_again_and_suspense_is_opened_once(transaction, planned):
    take_in(transaction, *CONTRIBUTIONS, a_line("lost", -3_00))
    match(transaction)
    before = unanswered(transaction)

    again = match(transaction)["result"]

    assert (again["matched"]["matches"], again["suspense_opened"]) == (0, 0)
    assert unanswered(transaction) == before


@pytest.mark.usefixtures("planned")
def test_the_same_file_twice_is_refused_and_changes_nothing(transaction):
    take_in(transaction, *CONTRIBUTIONS)
    before = unanswered(transaction)

    again = take_in(transaction, *CONTRIBUTIONS)

    assert code_of(again) == "duplicate_file"
    assert again["refusal"]["next_step"]
    assert unanswered(transaction) == before


def test_a_line_that_comes_again_in_another_file_counts_once(transaction):
    take_in(transaction, a_line("1", 5))

    again = take_in(transaction, a_line("1", 5), a_line("2", 6), a_line("2", 6))

    assert (again["result"]["added"], again["result"]["known"]) == (1, 2)
    assert take_in(transaction, a_line("2", 6))["result"]["added"] == 0
    assert rows(transaction, "SELECT external_id, amount_pence FROM external_lines ORDER BY 1") == [
        ("1", 5),
        ("2", 6),
    ]


def test_two_sources_may_use_one_id(transaction):
    take_in(transaction, a_line("1", 5))
    take_in(transaction, a_line("1", 6), source="cards")

    assert rows(transaction, "SELECT count(*) FROM external_lines") == [(2,)]


@pytest.mark.parametrize(
    "other",
    [
        a_line("1", 6, says="x"),
        a_line("1", 5, says="y"),
        a_line("1", 5, says="x", booked_on="2026-11-23"),
    ],
)
def test_a_line_that_is_known_with_other_content_is_named_and_nothing_is_imported(
    transaction, other
):
    take_in(transaction, a_line("1", 5, says="x"))
    before = unanswered(transaction)

    answer = take_in(transaction, a_line("2", 7), other)

    assert code_of(answer) == "line_differs"
    assert answer["refusal"]["details"] == {"line": 2, "external_id": "1"}
    assert unanswered(transaction) == before


def test_a_file_that_contradicts_itself_is_refused_whole(transaction):
    answer = take_in(transaction, a_line("1", 5), a_line("1", 6))

    assert code_of(answer) == "line_differs"
    assert rows(transaction, "SELECT count(*) FROM external_files") == [(0,)]


def test_two_who_import_one_file_at_once_import_it_once(transaction):
    answers = []
    both = threading.Barrier(2)

    def import_it():
        both.wait()
        answers.append(take_in(transaction, *CONTRIBUTIONS))

    threads = [threading.Thread(target=import_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(next(iter(answer)) for answer in answers) == ["refusal", "result"]
    assert rows(transaction, "SELECT count(*) FROM external_lines") == [(2,)]


def test_two_who_match_at_once_match_each_line_once(transaction, planned):
    take_in(transaction, *CONTRIBUTIONS)
    answers = []
    both = threading.Barrier(2)

    def match_it():
        both.wait()
        answers.append(match(transaction)["result"]["matched"]["matches"])

    threads = [threading.Thread(target=match_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [0, 2]


def test_who_would_wait_too_long_is_told_to_ask_again_and_that_is_not_remembered(transaction):
    @contextmanager
    def impatient():
        with transaction() as session:
            session.execute(text("SET LOCAL lock_timeout = 100"))
            yield session

    command_id = uuid4()
    with transaction() as session:
        session.execute(handlers._ONE_AT_A_TIME)
        assert code_of(match(impatient, command_id=command_id)) == "not_known_yet"

    assert "result" in match(transaction, command_id=command_id)


def test_a_question_that_the_database_gives_up_is_a_fault_and_no_refusal(transaction):
    with transaction() as holder:
        holder.execute(handlers._ONE_AT_A_TIME)
        with pytest.raises(DBAPIError), transaction() as session:
            _give_up_soon(session)


def _give_up_soon(session):
    session.execute(text("SET LOCAL statement_timeout = 50"))
    handlers._one_at_a_time(session)


def test_what_nobody_knows_of_goes_to_somebody_with_a_day_to_settle_it(transaction, planned):
    take_in(transaction, a_line("out", -3_00), a_line("in", 7_00))

    match(transaction)

    told = reconciliation(transaction, on="2026-11-28")
    assert [
        (one["owner"], one["age"], one["lines"], one["in_pence"], one["out_pence"], one["overdue"])
        for one in told["suspense"]["by_owner"]
    ] == [
        ("host/finance_manager", "a_week", 1, 0, -3_00, 1),
        ("host/finance_officer", "a_week", 1, 7_00, 0, 0),
    ]
    first = told["suspense"]["first_due"][0]
    assert (first["line"], first["why"], first["due_on"], first["age_days"]) == (
        {"source": "bank", "external_id": "out"},
        "nothing_alike",
        "2026-11-26",
        4,
    )


def test_a_movement_in_the_ledger_is_waited_for_before_anybody_is_asked(transaction, planned):
    week_later = TUESDAY_AT_TEN.replace(month=12, day=1)
    day_after = TUESDAY_AT_TEN.replace(month=12, day=2)

    assert match(transaction, at=week_later)["result"]["suspense_opened"] == 0
    assert match(transaction, at=day_after)["result"]["suspense_opened"] == 2

    told = reconciliation(transaction)
    assert told["sides"]["ledger"]["in_suspense"] == {"lines": 2, "amount_pence": 100_00}
    assert {one["owner"] for one in told["suspense"]["by_owner"]} == {"host/finance_officer"}
    assert told["difference_pence"] == -100_00


def test_the_totals_add_up_whatever_is_matched(transaction, planned):
    bought(transaction, planned, 12_34)
    bought(transaction, planned, 5_67)
    take_in(transaction, CONTRIBUTIONS[0], a_line("x", -12_34), a_line("lost", -3_00))
    take_in(transaction, a_line("y", 1_00), source="cards")
    match(transaction)

    told = reconciliation(transaction)

    for side in told["sides"].values():
        for field in ("lines", "amount_pence"):
            assert side["all"][field] == side["matched"][field] + side["unmatched"][field]
            assert side["unmatched"][field] == side["in_suspense"][field] + side["awaited"][field]
    outside, ledger = told["sides"]["outside"], told["sides"]["ledger"]
    assert outside["matched"]["amount_pence"] == ledger["matched"]["amount_pence"]
    assert (
        told["difference_pence"] == outside["all"]["amount_pence"] - ledger["all"]["amount_pence"]
    )
    assert sum(one["lines"] for one in told["sources"]) == outside["all"]["lines"]
    assert (
        sum(one["unmatched_pence"] for one in told["sources"])
        == (outside["unmatched"]["amount_pence"])
    )
    owned = told["suspense"]["by_owner"]
    assert sum(one["in_pence"] + one["out_pence"] for one in owned) == (
        outside["in_suspense"]["amount_pence"] + ledger["in_suspense"]["amount_pence"]
    )
    assert told["matches"] == {"by_rule": {"same_amount": 1, "same_reference": 1}, "undone": 0}


def test_nothing_that_the_bank_wrote_is_shown(transaction, planned):
    take_in(transaction, a_line("1", 5, says="MRS SOMEBODY"))

    answer = match(transaction)

    assert "SOMEBODY" not in f"{answer}{reconciliation(transaction)}".upper()


def test_somebody_matches_by_hand_what_no_rule_would(transaction, planned):
    purchase = bought(transaction, planned, 20_00)
    take_in(transaction, a_line("a", -15_00), a_line("b", -5_00))
    match(transaction)
    assert len(reconciliation(transaction)["suspense"]["first_due"]) == 2

    answer = by_hand(
        transaction,
        outside=[("bank", "a"), ("bank", "b")],
        ledger=cash_of(transaction, purchase.purchase_id),
    )

    assert answer["result"]["amount_pence"] == -20_00
    assert reconciliation(transaction)["suspense"]["first_due"] == []
    assert rows(transaction, "SELECT rule, actor, reason FROM matches") == [
        ("by_hand", "tests/system", WHY)
    ]


def test_what_the_bank_sent_back_cancels_itself_out(transaction):
    take_in(transaction, a_line("out", -5_00), a_line("back", 5_00))

    answer = by_hand(transaction, outside=[("bank", "out"), ("bank", "back")])

    assert answer["result"]["amount_pence"] == 0
    assert reconciliation(transaction)["sides"]["outside"]["matched"] == {
        "lines": 2,
        "amount_pence": 0,
    }


def test_nothing_is_matched_by_hand_that_is_not_the_same_money(transaction, planned):
    purchase = bought(transaction, planned, 20_00)
    lines = cash_of(transaction, purchase.purchase_id)
    take_in(transaction, *CONTRIBUTIONS, a_line("a", -19_99), a_line("b", -20_00))
    match(transaction)
    before = unanswered(transaction)

    def refused(**named):
        return code_of(by_hand(transaction, **named))

    assert refused(outside=[("bank", "a")], ledger=lines) == "amounts_differ"
    assert refused(outside=[("bank", "zz")], ledger=lines) == "line_not_found"
    assert refused(outside=[("bank", "a")], ledger=[(uuid4(), 1)]) == "line_not_found"
    assert refused(outside=[("bank", "a")], ledger=[(lines[0][0], 99)]) == "line_not_found"
    assert refused(outside=[("bank", "b")], ledger=lines) == "line_matched"
    assert refused(outside=[("bank", "a")]) == "lines_do_not_match"
    assert refused(outside=[("bank", "a")] * 2) == "lines_do_not_match"
    assert refused(outside=[("bank", "a")], ledger=lines, reason=" ") == "invalid_request"
    assert unanswered(transaction) == before


def test_a_posting_that_moves_no_money_in_or_out_is_no_line_to_match(transaction):
    planned = a_planned_budget(transaction, council=40_00)
    ask(
        transaction,
        "report_financial_assessment",
        budget_id=str(planned.budget_id),
        weekly_contribution_pence=1_00,
        weeks=10,
    )
    person = called_by(agree(transaction, planned))["person"]
    pay_in(transaction, planned, person)
    take_in(transaction, a_line("a", 10_00))
    own_book, councils_book = cash_of(transaction, person["contribution_id"])

    assert code_of(by_hand(transaction, outside=[("bank", "a")], ledger=[own_book])) == (
        "line_not_found"
    )
    assert "result" in by_hand(transaction, outside=[("bank", "a")], ledger=[councils_book])


def test_a_match_that_is_undone_stays_on_record_and_is_not_made_again_by_a_rule(
    transaction, planned
):
    take_in(transaction, *CONTRIBUTIONS)
    first = match(transaction)["result"]["matches"][0]

    answer = ask(transaction, "undo_match", match_id=first["match_id"], reason="Another payer.")

    assert answer["result"]["lines_freed"] == 2
    assert rows(
        transaction,
        "SELECT matches.actor, undone_matches.reason FROM matches"
        " JOIN undone_matches USING (match_id)",
    ) == [("tests/system", "Another payer.")]
    again = match(transaction)["result"]
    assert again["matched"]["matches"] == 0
    assert {one["why"] for one in again["unmatched"]} == {"in_doubt"}
    assert again["suspense_opened"] == 1
    told = reconciliation(transaction)
    assert told["matches"] == {"by_rule": {"same_reference": 1}, "undone": 1}
    assert told["sides"]["outside"]["unmatched"]["lines"] == 1


def test_lines_that_were_freed_can_be_matched_by_hand_again(transaction, planned):
    take_in(transaction, *CONTRIBUTIONS)
    first = match(transaction)["result"]["matches"][0]
    ask(transaction, "undo_match", match_id=first["match_id"], reason="By mistake.")
    outside, ledger = first["lines"]

    answer = by_hand(
        transaction,
        outside=[(outside["source"], outside["external_id"])],
        ledger=[(ledger["journal_id"], ledger["line"])],
    )

    assert answer["result"]["amount_pence"] == 50_00
    assert reconciliation(transaction)["matches"]["by_rule"] == {
        "by_hand": 1,
        "same_reference": 1,
    }


def test_only_what_stands_can_be_undone(transaction, planned):
    take_in(transaction, *CONTRIBUTIONS)
    match_id = match(transaction)["result"]["matches"][0]["match_id"]
    undo = partial(ask, transaction, "undo_match")
    undo(match_id=match_id, reason=WHY)
    before = unanswered(transaction)

    assert code_of(undo(match_id=match_id, reason=WHY)) == "match_undone"
    assert code_of(undo(match_id=str(uuid4()), reason=WHY)) == "match_not_found"
    assert code_of(undo(match_id=match_id, reason="")) == "invalid_request"
    assert unanswered(transaction) == before


def in_suspense(transaction):
    take_in(transaction, a_line("lost", -3_00))
    match(transaction)
    (item,) = reconciliation(transaction)["suspense"]["first_due"]
    return item


def hand_over(transaction, item, **changes):
    given = {
        "suspense_id": item["suspense_id"],
        "owner": "council/income_officer",
        "due_on": "2026-12-24",
        "reason": "It is a council tax refund.",
    }
    return ask(transaction, "assign_suspense", **(given | changes))


def test_suspense_changes_hands_and_who_had_it_before_is_kept(transaction):
    item = in_suspense(transaction)

    answer = hand_over(transaction, item)

    assert answer["result"]["owner"] == "council/income_officer"
    (now,) = reconciliation(transaction)["suspense"]["first_due"]
    assert (now["owner"], now["due_on"]) == ("council/income_officer", "2026-12-24")
    assert rows(
        transaction, "SELECT number, owner, reason FROM suspense_assignments ORDER BY number"
    ) == [
        (1, "host/finance_manager", "No rule matched this line."),
        (2, "council/income_officer", "It is a council tax refund."),
    ]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"owner": "nobody"}, "owner_unknown"),
        ({"due_on": "2026-11-23"}, "due_date_out_of_range"),
        ({"due_on": "2027-11-24"}, "due_date_out_of_range"),
        ({"suspense_id": str(uuid4())}, "suspense_not_found"),
        ({"reason": ""}, "invalid_request"),
        ({"reason": "  \n"}, "invalid_request"),
        ({"owner": ""}, "invalid_request"),
    ],
)
def test_suspense_is_never_handed_to_nobody_or_for_no_reason(transaction, wrong, code):
    item = in_suspense(transaction)
    before = unanswered(transaction)

    assert code_of(hand_over(transaction, item, **wrong)) == code
    assert unanswered(transaction) == before


def test_what_is_matched_needs_nobody(transaction):
    item = in_suspense(transaction)
    take_in(transaction, a_line("back", 3_00))
    by_hand(transaction, outside=[("bank", "lost"), ("bank", "back")])

    assert code_of(hand_over(transaction, item)) == "suspense_settled"


def test_what_is_late_in_the_ledger_is_handed_over_and_settled_too(transaction, planned):
    match(transaction, at=TUESDAY_AT_TEN.replace(month=12, day=2))
    item = reconciliation(transaction)["suspense"]["first_due"][0]
    assert item["owner"] == "host/finance_officer"
    assert "result" in hand_over(transaction, item)
    take_in(transaction, *CONTRIBUTIONS)
    assert match(transaction)["result"]["matched"]["matches"] == 2

    assert code_of(hand_over(transaction, item)) == "suspense_settled"


def test_too_much_at_once_is_refused(transaction, monkeypatch):
    monkeypatch.setattr(handlers, "MOST_LINES", 1)
    take_in(transaction, a_line("1", 5), a_line("2", 6))

    answer = match(transaction)

    assert code_of(answer) == "batch_too_large"
    assert rows(transaction, "SELECT count(*) FROM suspense_items") == [(0,)]


@pytest.mark.prove
def test_as_much_as_is_matched_at_once_is_matched_in_time(transaction):
    """A caller waits half a minute, and a statement of the database fifteen seconds."""
    for part in range(0, MOST_LINES, 1_000):
        lines = (a_line(str(n), 5 + n // 2) for n in range(part, part + 1_000))
        take_in(transaction, *lines)

    answer = match(transaction)["result"]

    assert answer["not_matched"] == {"outside": MOST_LINES, "ledger": 0}
    assert answer["suspense_opened"] == MOST_LINES
    assert len(answer["unmatched"]) == handlers.SHOWN


RIGHT = {
    "import_lines": {"source": "bank", "file_sha256": "0" * 64, "lines": [a_line("1", 5)]},
    "match_lines": {"since": "2026-11-01", "until": "2027-01-31"},
    "match_by_hand": {"outside": [], "ledger": [], "reason": WHY},
}
WRONG = [
    ("import_lines", {"source": "Bank of England"}),
    ("import_lines", {"source": "bank\n"}),
    ("import_lines", {"file_sha256": "00"}),
    ("import_lines", {"lines": []}),
    ("import_lines", {"lines": [a_line("1", 5)] * 2_001}),
    ("import_lines", {"lines": [a_line("1", 0)]}),
    ("import_lines", {"lines": [a_line("1", 10**13 + 1)]}),
    ("import_lines", {"lines": [a_line("1", 5.5)]}),
    ("import_lines", {"lines": [a_line("", 5)]}),
    ("import_lines", {"lines": [a_line("1" * 65, 5)]}),
    ("import_lines", {"lines": [a_line("1", 5, says="x" * 141)]}),
    ("import_lines", {"lines": [a_line("1", 5, booked_on="0001-01-01")]}),
    ("import_lines", {"lines": [a_line("1", 5) | {"currency": "EUR"}]}),
    ("match_lines", {"until": "2026-10-31"}),
    ("match_lines", {"until": "2027-02-01"}),
    ("match_lines", {"until": None}),
    ("match_by_hand", {"outside": [{"source": "bank"}]}),
    ("match_by_hand", {"ledger": [{"journal_id": str(uuid4()), "line": 0}]}),
    ("match_by_hand", {"outside": [{"source": "bank", "external_id": "1"}] * 201}),
]


def test_a_request_of_another_form_is_refused_and_changes_nothing(transaction):
    before = everything(transaction)

    for operation, wrong in WRONG:
        answer = ask(transaction, operation, **(RIGHT[operation] | wrong))
        assert code_of(answer) == "invalid_request", wrong

    assert everything(transaction) == before


def test_a_command_that_is_repeated_gets_its_first_answer(transaction, planned):
    take_in(transaction, *CONTRIBUTIONS)
    command_id = uuid4()

    first = match(transaction, command_id=command_id)

    assert match(transaction, command_id=command_id) == first
    assert rows(transaction, "SELECT count(*) FROM matches") == [(2,)]


IN_A_SECOND_MATCH = """
    WITH other AS (INSERT INTO matches
                   SELECT gen_random_uuid(), rule, amount_pence, matched_at, actor, reason
                   FROM matches LIMIT 1 RETURNING match_id)
    INSERT INTO match_lines
    SELECT other.match_id, 1, external_line_id, journal_id, line FROM match_lines, other
    WHERE position = :position LIMIT 1
"""


@pytest.mark.parametrize("position", [1, 2])
def test_the_database_itself_keeps_a_line_to_one_match(transaction, planned, position):
    take_in(transaction, *CONTRIBUTIONS)
    match(transaction)
    before = everything(transaction)

    with pytest.raises(IntegrityError, match="one match at a time"), transaction() as session:
        session.execute(text(IN_A_SECOND_MATCH), {"position": position})

    assert everything(transaction) == before


def filled(transaction):
    take_in(transaction, *CONTRIBUTIONS, a_line("lost", -3_00))
    first = match(transaction)["result"]["matches"][0]
    ask(transaction, "undo_match", match_id=first["match_id"], reason=WHY)


CHANGES = ("UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0} CASCADE")


def test_nothing_of_it_is_changed_or_deleted(transaction, as_owner, planned):
    filled(transaction)
    before = everything(transaction)

    for table, change in product(TABLES, CHANGES):
        column = models.Table.metadata.tables[table].columns.keys()[-1]
        statement = text(change.format(table, column))
        with pytest.raises(ProgrammingError, match="permission denied"), transaction() as session:
            session.execute(statement)
        with pytest.raises(DBAPIError, match="history is never changed"), as_owner() as session:
            session.execute(statement)

    assert everything(transaction) == before


def test_the_days_that_are_asked_for_are_the_days_that_are_matched(transaction, planned):
    take_in(transaction, *CONTRIBUTIONS)

    assert match(transaction, until="2026-11-23")["result"]["not_matched"] == {
        "outside": 0,
        "ledger": 0,
    }
    assert match(transaction, since=TODAY, until=TODAY)["result"]["matched"]["matches"] == 2


def test_a_line_about_what_was_settled_before_is_not_taken_for_something_else(transaction, planned):
    settled, other = bought(transaction, planned, 10_00), bought(transaction, planned, 10_00)
    take_in(transaction, a_line("1", -10_00, says=str(settled.purchase_id)))
    match(transaction)
    take_in(transaction, a_line("2", -10_00, says=f"again {settled.purchase_id}"))

    answer = match(transaction)["result"]

    assert answer["matched"]["matches"] == 0
    assert [one["why"] for one in answer["unmatched"] if "source" in one["lines"][0]] == ["differs"]
    assert cash_of(transaction, other.purchase_id)


def test_no_event_is_told_because_nobody_listens(transaction, planned):
    (before,) = rows(transaction, "SELECT count(*) FROM outbox")

    filled(transaction)

    assert rows(transaction, "SELECT count(*) FROM outbox") == [before]
