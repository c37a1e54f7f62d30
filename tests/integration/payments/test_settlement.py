from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from services.payments import reconcile
from services.payments.authorisations.commands import AdoptMoney, RecordPresentment
from services.payments.authorisations.handlers import adopt, record_nobodys, record_presentment
from services.payments.exceptions.handlers import raise_exception
from services.payments.holds import subscribers as holds
from services.payments.holds.commands import FinishPurchase
from services.payments.holds.handlers import finish_purchase
from services.payments.matching.commands import MatchMoney
from services.payments.matching.handlers import match_money
from services.payments.purchases.states import PurchaseState
from services.payments.receipts.commands import NoReceiptBecause
from services.payments.receipts.handlers import no_receipt_because
from services.payments.settlement import queries, rules
from services.payments.settlement.commands import ImportSettlement, OpenHoldsAsked
from services.payments.settlement.handlers import close_purchase, import_settlement
from services.payments.settlement.models import SettlementFile, SettlementRow
from services.payments.settlement.wire import COLUMNS
from shared import clock
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.payments import facts
from tests.integration.payments.network import created, takes, updated

DAY = TUESDAY_AT_TEN.date()


def a_row(card, transaction, *, amount=-35_00, processed_on=DAY, fee=0):
    kind = "capture" if amount < 0 else "refund"
    return f"{transaction},iauth_1,{card},{kind},{amount},gbp,{processed_on},{fee}"


def a_file(*rows, day=DAY, **changed):
    return ImportSettlement(
        **{"day": day, "file": "\r\n".join([",".join(COLUMNS), *rows, ""]), **changed}
    )


@pytest.fixture
def captured(with_card, carry_out, hear):
    """Buy something up to the ledger's booking; returns purchase, card and transaction."""

    def capture(*, is_booked=True, at=TUESDAY_AT_TEN):
        purchase_id, card = with_card()
        transaction = f"ipi_{uuid4().hex}"
        told = RecordPresentment(
            presentment_id=transaction,
            issuer_card_id=card,
            authorisation_id="iauth_1",
            is_refund=False,
            amount_pence=35_00,
        )
        carry_out(record_presentment, told, trace=a_trace(at=at))
        if is_booked:
            hear(holds.hold_captured, facts.captured(purchase_id))
        return purchase_id, card, transaction

    return capture


@pytest.fixture
def imported(carry_out):
    def take_in(command):
        return carry_out(import_settlement, command)

    return take_in


def test_a_purchase_is_reconciled_when_events_ledger_and_file_say_the_same(
    captured, imported, now, told
):
    purchase_id, card, transaction = captured()

    summary = imported(a_file(a_row(card, transaction, fee=3)))

    assert now(purchase_id).reconciled_at is not None
    assert summary["outcomes"]["matched"] == {"rows": 1, "amount_pence": -35_00}
    assert (summary["amount_pence"], summary["fees_pence"]) == (-35_00, 3)
    assert (summary["differences"], summary["processed_on_another_day"]) == ([], 0)
    assert told("exception_raised") == []


def test_a_purchase_that_is_shown_and_reconciled_is_closed_when_no_dispute_can_come(
    captured, imported, carry_out, now, transaction
):
    purchase_id, card, transaction_id = captured()
    imported(a_file(a_row(card, transaction_id)))
    assert now(purchase_id).state is PurchaseState.COMPLETED
    no_receipt = NoReceiptBecause(purchase_id=purchase_id, reason="A market stall")
    carry_out(no_receipt_because, no_receipt)
    assert now(purchase_id).state is PurchaseState.RECONCILED

    for days, state in ((119, PurchaseState.RECONCILED), (121, PurchaseState.CLOSED)):
        at = TUESDAY_AT_TEN + timedelta(days=days)
        with transaction() as session:
            for one in queries.to_close(at, session=session):
                close_purchase(one, session=session, trace=a_trace(at=at))
        assert now(purchase_id).state is state


def test_every_row_that_is_not_as_we_were_told_is_somebodys(captured, imported, told, now):
    wrong, twice = captured(), captured()
    rows = [
        a_row(wrong[1], wrong[2], amount=-35_01),
        a_row(twice[1], twice[2]),
        a_row(twice[1], twice[2]),
        a_row("ic_nobodys", "ipi_nobodys", amount=-9_99),
    ]

    summary = imported(a_file(*rows))

    assert {name: one["rows"] for name, one in summary["outcomes"].items()} == {
        "matched": 1,
        "wrong": 1,
        "duplicate": 1,
        "extra": 1,
    }
    raised = {one["kind"]: one for one in told("exception_raised")}
    assert set(raised) == {"settlement_wrong", "settlement_duplicate", "settlement_extra"}
    assert {one["role"] for one in raised.values()} == {"finance_officer"}
    assert raised["settlement_extra"]["amount_pence"] == 9_99
    assert raised["settlement_wrong"]["purchase_id"] == str(wrong[0])
    assert now(wrong[0]).reconciled_at is None
    assert [one["line"] for one in summary["differences"]] == [1, 3, 4]


def test_the_same_file_again_changes_nothing(captured, imported, told, count):
    _, card, transaction = captured()
    command = a_file(a_row(card, transaction, amount=-35_01))

    first, again = imported(command), imported(command)

    assert first == again
    assert (count(SettlementFile), count(SettlementRow)) == (1, 1)
    assert len(told("exception_raised")) == 1


def test_another_file_for_a_day_is_asked_about_and_replaces_only_when_that_is_said(
    captured, imported, transaction, now
):
    purchase_id, card, ipi = captured()
    first = imported(a_file(a_row(card, ipi, amount=-35_01)))
    right = a_file(a_row(card, ipi))

    with pytest.raises(rules.AnotherFileError) as refused:
        imported(right)
    with pytest.raises(rules.AnotherFileError):
        imported(replace(right, replaces="ab" * 32))
    assert refused.value.details["known_sha256"] == first["file"]["sha256"]
    assert now(purchase_id).reconciled_at is None

    summary = imported(replace(right, replaces=first["file"]["sha256"]))

    assert summary["outcomes"]["matched"]["rows"] == 1
    assert now(purchase_id).reconciled_at is not None
    with transaction() as session:
        replaced = session.scalars(select(SettlementFile.replaced_at)).all()
    assert len([at for at in replaced if at is None]) == 1


def test_yesterdays_file_under_todays_name_is_refused(captured, imported, count):
    _, card, transaction = captured()
    command = a_file(a_row(card, transaction))
    imported(command)

    with pytest.raises(rules.FileOfAnotherDayError):
        imported(replace(command, day=DAY + timedelta(days=1)))

    assert count(SettlementFile) == 1
    for number in (2, 3):  # days without money have the same empty file
        imported(a_file(day=DAY + timedelta(days=number)))


def test_a_transaction_that_a_file_held_before_is_a_duplicate(captured, imported, told):
    _, card, transaction = captured()
    imported(a_file(a_row(card, transaction)))

    imported(a_file(a_row(card, transaction, fee=1), day=DAY + timedelta(days=1)))

    assert [one["kind"] for one in told("exception_raised")] == ["settlement_duplicate"]


def test_what_no_file_holds_is_missed_when_it_is_late_and_found_if_its_file_comes_after_all(
    captured, imported, told, now
):
    purchase_id, card, transaction = captured()
    for number in (1, 2):
        imported(a_file(day=DAY + timedelta(days=number)))
    assert told("exception_raised") == []

    for number in (3, 4):
        imported(a_file(day=DAY + timedelta(days=number)))

    (raised,) = told("exception_raised")
    assert (raised["kind"], raised["amount_pence"]) == ("settlement_missing", 35_00)
    assert raised["purchase_id"] == str(purchase_id)

    imported(a_file(a_row(card, transaction)))  # the late day

    assert now(purchase_id).reconciled_at is not None


def test_an_event_that_comes_after_its_file_is_matched_with_the_next_one(
    with_card, imported, carry_out, hear, *, now, transaction
):
    purchase_id, card = with_card()
    imported(a_file(a_row(card, "ipi_late")))
    late = RecordPresentment(
        presentment_id="ipi_late",
        issuer_card_id=card,
        authorisation_id=None,
        is_refund=False,
        amount_pence=35_00,
    )
    carry_out(record_presentment, late)
    hear(holds.hold_captured, facts.captured(purchase_id))

    imported(a_file(day=DAY + timedelta(days=1)))

    with transaction() as session:
        assert session.scalars(select(SettlementRow.outcome)).all() == ["matched"]
    assert now(purchase_id).reconciled_at is not None


def test_where_the_ledger_booked_something_else_somebody_looks(captured, imported, told, now):
    purchase_id, card, transaction = captured(is_booked=False)

    imported(a_file(a_row(card, transaction)))

    (raised,) = told("exception_raised")
    assert (raised["kind"], raised["amount_pence"]) == ("ledger_differs", 35_00)
    assert now(purchase_id).reconciled_at is None


def test_more_money_on_a_reconciled_purchase_opens_it_again(captured, imported, carry_out, now):
    purchase_id, card, transaction = captured()
    imported(a_file(a_row(card, transaction)))
    again = RecordPresentment(
        presentment_id="ipi_again",
        issuer_card_id=card,
        authorisation_id=None,
        is_refund=True,
        amount_pence=5_00,
    )

    carry_out(record_presentment, again)

    assert now(purchase_id).reconciled_at is None


def test_an_unreadable_file_is_kept_in_no_part(captured, imported, count):
    _, card, transaction = captured()

    with pytest.raises(rules.UnreadableFileError):
        imported(a_file(a_row(card, transaction), "nonsense"))

    assert (count(SettlementFile), count(SettlementRow)) == (0, 0)


def test_a_day_whose_file_nobody_imported_is_somebodys(captured, imported, transaction):
    captured()

    def late(days):
        with transaction() as session:
            at = TUESDAY_AT_TEN + timedelta(days=days)
            return [one.about for one in queries.late_files(at, session=session)]

    assert (late(3), late(4)) == ([], [f"settlement/{DAY}"])
    imported(a_file())
    assert late(4) == []


def test_money_that_is_held_for_long_is_shown_by_age_and_looked_at_once(
    held, transaction, carry_out, told
):
    purchase_id = held()
    at = datetime.combine(DAY, TUESDAY_AT_TEN.timetz()) + rules.HOLD_IS_OLD_AFTER

    def old(at):
        with transaction() as session:
            return queries.old_holds(at, session=session)

    assert old(at - timedelta(seconds=1)) == []
    for command in old(at):
        carry_out(raise_exception, command)

    (raised,) = told("exception_raised")
    assert (raised["kind"], raised["purchase_id"]) == ("hold_too_old", str(purchase_id))
    assert old(at) == []


def test_open_holds_are_counted_by_age(held, transaction, monkeypatch):
    held()
    held()
    monkeypatch.setattr(clock, "now", lambda: TUESDAY_AT_TEN + timedelta(days=10))

    def ask(days):
        with transaction() as session:
            return queries.open_holds(OpenHoldsAsked(older_than_days=days), session=session)

    assert (ask(0)["holds"], ask(0)["held_pence"]) == (2, 70_00)
    assert ask(0)["ages"] == {"up to 14 days": {"holds": 2, "held_pence": 70_00}}
    assert [one["age_days"] for one in ask(10)["oldest"]] == [10, 10]
    assert ask(11)["holds"] == 0


def test_a_day_is_reconciled_from_a_file_by_one_command(
    captured, servers, monkeypatch, tmp_path, capsys
):
    _, card, transaction = captured()
    for name, value in servers.process_environment("payments").items():
        monkeypatch.setenv(name, value)
    path = tmp_path / "day.csv"
    path.write_text(a_file(a_row(card, transaction), a_row("ic_x", "ipi_x")).file)
    words = ["--day", DAY.isoformat(), "--file", str(path)]

    assert reconcile.main(words) == reconcile.DIFFERENT
    said = capsys.readouterr().out
    assert f"Settlement of {DAY}: 2 rows, -£70.00" in said
    assert "line 3: extra, ipi_x" in said

    path.write_text(a_file(a_row(card, transaction)).file)
    assert reconcile.main(words) == reconcile.NOT_TAKEN
    assert "replaces" in capsys.readouterr().err
    assert reconcile.main(["--day", str(date(2020, 1, 1)), "--file", "/none"]) == 2


def test_a_purchase_is_reconciled_when_the_ledger_follows_its_file(captured, imported, hear, now):
    purchase_id, card, transaction = captured(is_booked=False)
    imported(a_file(a_row(card, transaction)))
    assert now(purchase_id).reconciled_at is None

    hear(holds.hold_captured, facts.captured(purchase_id, posted_pence=34_00))
    assert now(purchase_id).reconciled_at is None
    hear(holds.hold_captured, facts.captured(purchase_id, version=3))

    assert now(purchase_id).reconciled_at is not None


def test_a_purchase_is_reconciled_when_its_last_authorisation_ends_after_its_file(
    network, imported, hear
):
    for step in (created(amount=20_00), takes(20_00, authorisation="iauth_2")):
        step(network)
    hear(holds.hold_captured, facts.captured(network.purchase_id, posted_pence=20_00))
    imported(a_file(a_row(network.card, network.name("ipi_1"), amount=-20_00)))
    assert network.now().held_pence > 0

    updated(amount=0, status="reversed")(network)
    finish = FinishPurchase(purchase_id=network.purchase_id, reason="No more")
    with network.transaction() as session:
        finish_purchase(finish, session=session, trace=a_trace())
    assert network.now().held_pence == 0
    hear(holds.hold_released, facts.released(network.purchase_id, version=3))

    assert network.now().reconciled_at is not None


@pytest.mark.parametrize("by", ["a person", "its card"])
def test_what_was_nobodys_when_its_file_came_is_reconciled_where_it_is_counted(
    *, by, held, with_card, imported, carry_out, hear, now, transaction
):
    purchase_id = held() if by == "its card" else with_card()[0]
    moved = RecordPresentment(
        presentment_id="ipi_nobodys",
        issuer_card_id="ic_nobodys",
        authorisation_id=None,
        is_refund=False,
        amount_pence=35_00,
    )
    carry_out(record_nobodys, [moved])
    imported(a_file(a_row("ic_nobodys", "ipi_nobodys")))

    if by == "its card":
        with transaction() as session:
            facts.record_card(session, purchase_id, "ic_nobodys")
        carry_out(adopt, AdoptMoney(issuer_card_id="ic_nobodys"))
    else:
        match = MatchMoney(
            presentment_id="ipi_nobodys",
            is_refund=False,
            purchase_id=purchase_id,
            matched_by=uuid4(),
            reason="The shop says so",
        )
        carry_out(match_money, match)
    hear(holds.hold_captured, facts.captured(purchase_id))

    assert now(purchase_id).reconciled_at is not None
