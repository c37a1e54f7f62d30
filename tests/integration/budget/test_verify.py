"""Seals and the verifier: nobody rewrites history without being found out, and where."""

import os
import subprocess
import sys
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from services.budget.accounts import bookkeeper
from services.budget.accounts.bookkeeper import Booking
from services.budget.accounts.models import JournalKind
from services.budget.accounts.rules import Entry
from services.budget.seal import rules
from services.budget.seal.commands import SealJournals
from services.budget.seal.handlers import seal_journals
from services.budget.seal.models import Seal
from services.budget.verify import main
from shared.messaging.tables import OutboxMessage
from tests.architecture.house import ROOT
from tests.factories import a_trace
from tests.integration.budget.budgets import (
    NHS,
    a_planned_budget,
    agree,
    an_active_budget,
    ask,
    buy,
    called_by,
    commit,
    pay_in,
    rows,
    spend,
)
from tests.integration.budget.pools import assess

# ruff: noqa: S608 - what is put together here are words of this file


def seal(transaction):
    with transaction() as session:
        return seal_journals(SealJournals(), session=session, trace=a_trace())


@pytest.fixture
def books(transaction):
    """Two budgets: money came in, was held, spent and partly refunded; then all was sealed."""
    for _ in range(2):
        active = an_active_budget(transaction, joint=100_00)
        buy(transaction, active, 7_00)
        purchase, _ = buy(transaction, active, 35_01)
        spend(transaction, purchase, 35_01)
        spend(transaction, purchase, 30_00, version=2)
    return seal(transaction)


def test_books_as_the_service_writes_them_keep_every_rule(books, found):
    assert found(kept_hashes=[books["hash"]]) == []


def test_an_empty_ledger_keeps_every_rule(transaction, found):
    head = {"number": 0, "hash": rules.BEFORE_THE_FIRST.hex(), "is_all": True}
    assert seal(transaction) == head
    assert found() == []


SOME = "(SELECT max(seq) - 1 FROM journals)"
OF_SOME = f"journal_id = (SELECT journal_id FROM journals WHERE seq = {SOME})"
CHANGES = {
    "one penny": f"UPDATE postings SET amount_pence = amount_pence + 1 "
    f"WHERE line = 1 AND {OF_SOME}",
    "one date": f"UPDATE journals SET effective_on = effective_on - 1 WHERE {OF_SOME}",
    "the day it happened": f"UPDATE journals SET occurred_on = occurred_on - 1 WHERE {OF_SOME}",
    "the moment": f"UPDATE journals SET recorded_at = recorded_at + interval '1 us'"
    f" WHERE {OF_SOME}",
    "one reason": f"UPDATE journals SET reason = reason || ' ' WHERE {OF_SOME}",
    "who": f"UPDATE journals SET actor = 'other/system' WHERE {OF_SOME}",
    "metadata": f'UPDATE journals SET metadata = \'{{"a": "b"}}\' WHERE {OF_SOME}',
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_changed_in_one_row_that_row_is_named(books, rewrite, found, owners, change):
    rewrite(CHANGES[change])

    with owners("budget").connect() as connection:
        seq = connection.scalar(text(f"SELECT {SOME}"))
    assert f"I17 journal {seq} was changed" in found()


def test_a_row_that_is_deleted_is_named(books, rewrite, found, owners):
    with owners("budget").connect() as connection:
        seq = connection.scalar(text(f"SELECT {SOME}"))
    rewrite(f"DELETE FROM postings WHERE {OF_SOME}")
    rewrite(f"DELETE FROM journals WHERE seq = {seq}")

    assert f"I17 journal {seq} is gone" in found()


def test_a_posting_that_is_deleted_is_found(books, rewrite, found):
    rewrite(f"DELETE FROM postings WHERE line = 1 AND {OF_SOME}")

    assert any(line.startswith("I17 journal") for line in found())
    assert any(line.startswith("I3") for line in found())


THERE_AND_BACK = """
    INSERT INTO postings (journal_id, line, funder_id, debit_account_id, credit_account_id,
                          amount_pence)
    SELECT journal_id, line + 90 + way, funder_id,
           CASE way WHEN 0 THEN debit_account_id ELSE credit_account_id END,
           CASE way WHEN 0 THEN credit_account_id ELSE debit_account_id END, 500
    FROM postings, generate_series(0, 1) AS way
    WHERE line = 1 AND journal_id = (SELECT journal_id FROM journals WHERE kind = 'capture'
                                     ORDER BY seq DESC LIMIT 1)"""


def test_postings_that_cancel_one_another_out_are_found_before_anything_is_sealed(
    transaction, rewrite, found, owners
):
    """Every sum is as it was, and there is no seal: but the balance was moved by none of them."""
    active = an_active_budget(transaction, joint=100_00)
    spend(transaction, buy(transaction, active, 35_01)[0], 35_01)
    rewrite(THERE_AND_BACK)

    with owners("budget").connect() as connection:
        account_id, moves = connection.execute(
            text(
                "SELECT account_id, moves FROM balances JOIN postings"
                " ON account_id IN (debit_account_id, credit_account_id) WHERE line > 90 LIMIT 1"
            )
        ).one()
    (line,) = found()
    assert line.startswith("I10 a balance was moved by each of its postings, once")
    assert line.endswith(f"account {account_id}: {moves} moves, postings {moves + 2}")


def test_who_rewrites_the_digests_too_is_found_by_the_chain(books, rewrite, found):
    rewrite("UPDATE sealed_journals SET digest = sha256(digest)")

    assert "I17 seal 1: another hash" in found()


def test_who_rewrites_the_whole_chain_is_found_by_whoever_kept_a_hash(
    transaction, books, rewrite, found
):
    rewrite(CHANGES["one reason"])
    rewrite("DELETE FROM sealed_journals")
    rewrite("DELETE FROM seals")
    seal(transaction)

    assert found() == []
    assert found(kept_hashes=[books["hash"]]) == [f"I17 no seal has the hash {books['hash']}"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("UPDATE balances SET posted_pence = posted_pence + 1", "I3"),
        ("UPDATE balances SET held_pence = held_pence + 1", "I5"),
        ("UPDATE balances SET moves = moves - 1", "I10"),
        ("UPDATE holds SET held_pence = held_pence + 1", "I6"),
        ("UPDATE hold_portions SET overspent_pence = overspent_pence + 1", "I7"),
        ("UPDATE agreement_shares SET spent_pence = spent_pence + 1", "I7"),
        ("UPDATE contributions SET received_pence = 0, received_at = NULL", "I8"),
        ("UPDATE contributions SET committed_at = received_at", "I8"),
        ("UPDATE holds SET unmatched_pence = 1", "I6"),
        ("WITH held AS (DELETE FROM held_amounts) DELETE FROM hold_portions", "I5 I6 I7"),
        ("UPDATE receipts SET amount_pence = amount_pence + 1", "I8"),
        ("DELETE FROM receipts", "I8"),
        ("UPDATE journals SET source_id = gen_random_uuid() WHERE kind = 'capture'", "I7 I8 I17"),
        ("UPDATE journals SET kind = 'capture' WHERE kind = 'contribution'", "I7 I8 I17"),
        ("UPDATE seals SET sealed_at = sealed_at - interval '1 day'", "I17"),
        ("UPDATE seals SET last_seq = last_seq + 1", "I17"),
    ],
)
def test_a_figure_that_is_not_the_sum_of_its_rows_is_named(books, rewrite, found, change, rule):
    rewrite(change)

    assert {line.split()[0] for line in found()} >= set(rule.split())


GRANTS = {
    "GRANT INSERT ON seals TO budget": "REVOKE INSERT ON seals FROM budget",
    "GRANT UPDATE (amount_pence) ON postings TO budget": (
        "REVOKE UPDATE (amount_pence) ON postings FROM budget"
    ),
    "ALTER TABLE journals DISABLE TRIGGER journals_are_final": (
        "ALTER TABLE journals ENABLE TRIGGER journals_are_final"
    ),
}


@pytest.mark.parametrize("opened", GRANTS)
def test_a_door_that_somebody_left_open_is_named(books, found, owners, opened):
    def execute(sql):
        with owners("budget").begin() as connection:
            connection.execute(text(sql))

    execute(opened)
    try:
        assert [line.split()[0] for line in found()] == ["I11"]
    finally:
        execute(GRANTS[opened])


def test_a_person_who_may_not_be_charged_and_was_is_named(transaction, rewrite, found):
    planned = a_planned_budget(transaction, council=520_00)
    assess(transaction, planned, weekly_contribution_pence=10_00, weeks=10)
    called = called_by(agree(transaction, planned))
    assert found() == []
    pay_in(transaction, planned, called["person"], amount_pence=30_00)
    assert found() == []

    rewrite("UPDATE agreement_shares SET legal_basis = 'section_117'")

    assert {line.split()[0] for line in found()} == {"I15"}


def test_what_two_funders_owe_each_other_and_do_not_agree_about_is_named(
    transaction, rewrite, found
):
    planned = a_planned_budget(transaction, joint=100_00)
    for call in called_by(agree(transaction, planned)).values():
        commit(transaction, planned, call)
    purchase, _ = buy(transaction, planned, 10_00)
    spend(transaction, purchase, 10_00)
    spend(transaction, purchase, 4_00, version=2)
    assert found() == []

    rewrite(
        "UPDATE postings SET amount_pence = amount_pence + 1 WHERE credit_account_id"
        " IN (SELECT account_id FROM accounts WHERE kind = 'due_to')"
    )

    named = found()
    assert {line.split()[0] for line in named} >= {"I16"}
    assert any(line.endswith("QHM01 to E06000001") for line in named)


def test_what_is_moved_to_a_decision_breaks_no_rule(transaction, found):
    planned = a_planned_budget(transaction, joint=100_00)
    for call in called_by(agree(transaction, planned, is_disputed=True)).values():
        pay_in(transaction, planned, call)
    purchase, _ = buy(transaction, planned, 20_00)
    spend(transaction, purchase, 110_00)
    decision = str(uuid4())
    agree(transaction, planned, nhs_share=7_000, agreement_id=decision)
    assert found() == []

    assert "result" in ask(transaction, "reapportion", agreement_id=decision)
    assert found() == []
    spend(transaction, purchase, 5_00, version=2)
    assert found() == []


def test_what_overspends_and_comes_back_breaks_no_rule(transaction, found):
    active = an_active_budget(transaction, joint=100_00)
    purchase, _ = buy(transaction, active, 90_00)
    for version, (held, posted) in enumerate([(0, 130_00), (10_00, 105_00), (0, 0)], start=1):
        spend(transaction, purchase, posted, held_pence=held, version=version)
        assert found() == []
    seal(transaction)
    assert found() == []


def test_what_is_written_after_a_seal_is_in_the_next_one(transaction, books, found):
    first, again = books, seal(transaction)
    an_active_budget(transaction, joint=50_00)
    second = seal(transaction)

    assert again == first  # there was nothing new
    assert second["number"] == first["number"] + 1
    assert found(kept_hashes=[first["hash"], second["hash"]]) == []


def test_a_journal_that_slips_in_behind_a_seal_is_found(transaction, books, rewrite, found):
    rewrite(f"DELETE FROM sealed_journals WHERE seq = {SOME}")

    assert any("was written after seal 1" in line for line in found())


def test_a_seal_is_told_with_its_hash_and_cannot_be_changed(transaction, books, is_final):
    with transaction() as session:
        of_seals = select(OutboxMessage).filter_by(event_type="budget.ledger_sealed.v1")
        (event,) = session.scalars(of_seals)
        assert event.body["data"]["hash"] == session.scalars(select(Seal)).one().hash.hex()
    for table in ("seals", "sealed_journals"):
        for change in (f"DELETE FROM {table}", f"UPDATE {table} SET number = 9"):
            is_final(change)


def test_a_hold_of_which_something_else_was_told_is_found(books, rewrite, found):
    rewrite("""
        DELETE FROM outbox WHERE position IN (
            SELECT max(position) FROM outbox WHERE subject LIKE 'purchase/%'
            GROUP BY subject HAVING count(*) > 1)""")

    assert {line.split()[0] for line in found()} == {"I18"}


def test_no_seal_passes_over_a_journal_that_is_still_being_written(transaction, books, found):
    """Its number is given before the commit, and later ones may be committed sooner."""
    active, another = (an_active_budget(transaction, joint=10_00) for _ in range(2))
    with transaction() as writing:
        booking = Booking(
            budget_id=active.budget_id,
            kind=JournalKind.CONTRIBUTION,
            source_id=uuid4(),
            effective_on=date(2026, 11, 24),
            occurred_on=date(2026, 11, 24),
            actor="tests/system",
            reason="Committed later than one that was written later.",
            entries=[Entry(funder_id=NHS, debit="paid_in", credit="available", amount_pence=1)],
        )
        bookkeeper.book(writing, booking)

        spend(transaction, buy(transaction, another, 4_00)[0], 4_00)
        number = seal(transaction)["number"]
        assert seal(transaction)["number"] == number == books["number"] + 1

    assert seal(transaction)["number"] == number + 1
    unsealed = "SELECT count(*) FROM journals WHERE seq NOT IN (SELECT seq FROM sealed_journals)"
    assert rows(transaction, unsealed) == [(0,)]
    assert [line for line in found() if not line.startswith("I8")] == []  # it had no cause


def test_one_command_verifies_and_says_what_it_saw(servers, books, rewrite):
    environment = os.environ | servers.process_environment("budget")
    command = [sys.executable, "-W", "ignore", "-m", "services.budget.verify"]

    def run(*words):
        return subprocess.run(
            [*command, *words],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    sound = run("--head", books["hash"])
    rewrite(CHANGES["one penny"])
    broken = run()

    assert (sound.returncode, sound.stderr) == (0, "")
    assert sound.stdout.startswith("Verified: ")
    assert books["hash"] in sound.stdout
    assert broken.returncode == 1
    assert "was changed" in broken.stdout
    assert broken.stdout.splitlines()[-1].startswith("BROKEN: ")
    assert run("--nonsense").returncode == 2


def test_without_a_database_it_says_so(monkeypatch, capsys):
    monkeypatch.delenv("COMMONPURSE_DATABASE_URL", raising=False)

    assert main([]) == 3
    assert capsys.readouterr().err.startswith("The ledger could not be read")
