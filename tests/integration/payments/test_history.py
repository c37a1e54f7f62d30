"""A holder's whole history, written to files and read back."""

import csv
import json
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from services.payments import export
from services.payments.approvals.models import ApprovalDecision
from services.payments.approvals.rules import Decision as Approval
from services.payments.authorisations.handlers import record_presentment
from services.payments.cards import handlers as cards
from services.payments.cards.commands import ChangeCard
from services.payments.cards.models import Card, CardChange
from services.payments.decisions.models import Decision
from services.payments.direct_payments import subscribers as direct_payments
from services.payments.direct_payments.models import DirectPayment
from services.payments.disputes.commands import OpenDispute
from services.payments.disputes.handlers import open_dispute
from services.payments.disputes.models import Dispute
from services.payments.disputes.rules import Reason
from services.payments.entitlements.rules import Rail
from services.payments.exceptions.models import RaisedException
from services.payments.history import queries, rules
from services.payments.history.commands import HistoryAsked
from services.payments.holds import subscribers as holds
from services.payments.observed_cards.commands import RegisterObservedCard
from services.payments.observed_cards.handlers import keep_observed, register_observed_card
from services.payments.observed_cards.models import ObservedTransaction
from services.payments.presentments.commands import RecordPresentment
from services.payments.presentments.models import Presentment
from services.payments.purchases.models import Purchase
from services.payments.rails.commands import UseSecondRail
from services.payments.rails.handlers import use_second_rail
from services.payments.rails.models import RailChange
from services.payments.receipts.commands import AttachReceipt, Line, NoReceiptBecause
from services.payments.receipts.handlers import attach_receipt, no_receipt_because
from services.payments.receipts.models import NoReceipt, Receipt, ReceiptLine
from services.payments.requesting import handlers as asking
from services.payments.series import handlers as series
from services.payments.series.commands import ApproveSeries, AskForOccurrence, StartSeries
from services.payments.series.models import Series
from services.payments.series.rules import Every, Period
from services.payments.transfers.models import Transfer
from services.payments.wages.models import Wage
from shared.contracts.budget.direct_payments import DirectPaymentMade
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.payments import facts

TABLES = {
    "purchases": Purchase,
    "approvals": ApprovalDecision,
    "wages": Wage,
    "series": Series,
    "cards": Card,
    "card_changes": CardChange,
    "decisions": Decision,
    "presentments": Presentment,
    "disputes": Dispute,
    "transfers": Transfer,
    "direct_payments": DirectPayment,
    "observed_transactions": ObservedTransaction,
    "receipts": Receipt,
    "receipt_lines": ReceiptLine,
    "no_receipts": NoReceipt,
    "exceptions": RaisedException,
    "rail_changes": RailChange,
}


def an_approval(purchase_id):
    return ApprovalDecision(
        purchase_id=purchase_id,
        number=1,
        decision=Approval.APPROVED,
        decided_by=uuid4(),
        reason="It is what the plan says",
        amount_pence=35_00,
        counted_pence=35_00,
        decided_at=TUESDAY_AT_TEN,
    )


def a_wage(purchase_id):
    return Wage(
        purchase_id=purchase_id,
        minutes=90,
        hourly_rate_pence=12_60,
        worked_from_on=TUESDAY_AT_TEN.date(),
        worked_until_on=TUESDAY_AT_TEN.date(),
    )


@pytest.fixture
def coordinator_id():
    return uuid4()


@pytest.fixture
def lived(known_plan, ask, carry_out, coordinator_id):
    """Let one person buy by card and by transfer, with all that can happen; returns their id."""

    def live(purchases_made=3):
        plan = known_plan(
            facts.an_item(occurrences=200),
            colleagues=[facts.a_member(coordinator_id, role="care_coordinator")],
        )
        ids = []
        for number in range(purchases_made):
            command = ask(plan, instruction="=SUM(A1) é 🦊")
            trace = a_trace(at=TUESDAY_AT_TEN + timedelta(minutes=number // 2))
            carry_out(asking.request_purchase, command, trace=trace)
            ids.append(command.purchase_id)
        return plan, ids

    return live


@pytest.fixture
def in_a_series(broker_id, coordinator_id, carry_out):
    def bought(plan):
        command = StartSeries(
            series_id=uuid4(),
            budget_id=plan.budget_id,
            item_id=plan.items[0].item_id,
            amount_pence=35_00,
            every=Every.WEEK,
            period=Period.MONTH,
            period_cap_pence=200_00,
            starts_on=TUESDAY_AT_TEN.date(),
            ends_on=TUESDAY_AT_TEN.date() + timedelta(days=30),
            requested_by=broker_id,
            instruction="A lesson each Tuesday",
        )
        carry_out(series.start_series, command)
        approval = ApproveSeries(series_id=command.series_id, approved_by=coordinator_id)
        carry_out(series.approve_series, approval)
        due = AskForOccurrence(series_id=command.series_id, due_on=command.starts_on)
        carry_out(series.ask_for_occurrence, due)

    return bought


@pytest.fixture
def with_everything(
    *, lived, in_a_series, carry_out, hear, transaction, client, a_payee_is_known, broker_id
):
    plan, (first, second, third) = lived()
    a_payee_is_known(plan.person_id)
    in_a_series(plan)
    for purchase_id in (first, second, third):
        hear(holds.hold_placed, facts.placed(purchase_id))
    card = f"ic_{uuid4().hex}"
    with transaction() as session:
        facts.record_card(session, first, card)
        card_id = session.scalars(select(Card.card_id)).one()
    request = facts.of_the_issuer(
        facts.a_request(card), secret=facts.SETTINGS.issuer_authorisations_secret
    )
    client.post("/webhooks/issuer/authorizations", **request)
    taken = RecordPresentment(
        presentment_id="ipi_1",
        issuer_card_id=card,
        authorisation_id="iauth_1",
        is_refund=False,
        amount_pence=40_00,
    )
    carry_out(record_presentment, taken)
    dispute = OpenDispute(
        dispute_id=uuid4(),
        purchase_id=first,
        presentment_id="ipi_1",
        reason=Reason.DUPLICATE,
        words="It was taken twice",
        evidence=[],
        opened_by=uuid4(),
    )
    carry_out(open_dispute, dispute)
    line = Line(description="-Wine", quantity=1, total_pence=40_00)
    receipt = AttachReceipt(
        purchase_id=first, receipt_id=uuid4(), sha256="ab" * 32, amount_pence=40_00, lines=[line]
    )
    carry_out(attach_receipt, receipt)
    change = UseSecondRail(
        purchase_id=second, rail=Rail.BACS, decided_by=uuid4(), reason="An outage"
    )
    carry_out(use_second_rail, change)
    with transaction() as session:
        facts.record_card(session, third, f"ic_{uuid4().hex}")
        budget_id = session.get_one(Purchase, third).budget_id
        session.add_all([an_approval(third), a_wage(third)])
    carry_out(no_receipt_because, NoReceiptBecause(purchase_id=third, reason="A market stall"))
    made = DirectPaymentMade(
        occurred_at=TUESDAY_AT_TEN,
        payment_id=uuid4(),
        budget_id=budget_id,
        item_id=uuid4(),
        amount_pence=120_00,
        period_starts_on=TUESDAY_AT_TEN.date(),
    )
    hear(direct_payments.direct_payment_made, made)
    observed = RegisterObservedCard(
        card_id=uuid4(),
        issuer_card_id="ic_of_another",
        budget_id=budget_id,
        item_id=plan.items[0].item_id,
        registered_by=broker_id,
    )
    carry_out(register_observed_card, observed)
    seen = replace(taken, issuer_card_id=observed.issuer_card_id)
    with transaction() as session:
        assert keep_observed(seen.issuer_card_id, [seen], session=session, trace=a_trace())
    frozen = ChangeCard(card_id=card_id, changed_by=uuid4(), reason="It was mislaid")
    carry_out(cards.freeze_card, frozen)
    return plan.person_id


@pytest.fixture
def exported(servers, monkeypatch, tmp_path):
    for name, value in servers.process_environment("payments").items():
        monkeypatch.setenv(name, value)

    def write(person_id):
        folder = tmp_path / str(uuid4())
        assert export.main(["--person", str(person_id), "--to", str(folder)]) == 0
        return folder

    return write


def read_back(folder):
    whole = json.loads((folder / export.JSON_NAME).read_text("utf-8"))
    sheets = {}
    for section in rules.SECTIONS:
        with (folder / f"{section}.csv").open(newline="", encoding="utf-8") as file:
            sheets[section] = list(csv.DictReader(file))
    return whole, sheets


def test_every_row_of_a_person_is_found_again_in_both_forms(with_everything, exported, count):
    whole, sheets = read_back(exported(with_everything))

    assert (whole["format"], whole["person_id"]) == (rules.FORMAT, str(with_everything))
    for section, table in TABLES.items():
        assert count(table) > 0, section
        assert len(whole["sections"][section]) == len(sheets[section]) == count(table), section
    for section, columns in rules.SECTIONS.items():
        rows = whole["sections"][section]
        assert {tuple(row) for row in rows} == {tuple(columns)}
        assert [tuple(row) for row in sheets[section]] == [tuple(columns)] * len(rows)
        for row, cells in zip(rows, sheets[section], strict=True):
            for name in columns:
                plain = cells[name].removeprefix("'")
                value = row[name]
                assert plain == ("" if value is None else str(value)) or plain == json.dumps(value)


def test_a_history_is_told_in_order_with_whole_pence_and_no_formula(with_everything, exported):
    whole, sheets = read_back(exported(with_everything))
    timeline = whole["sections"]["timeline"]

    assert [one["at"] for one in timeline] == sorted(one["at"] for one in timeline)
    assert {one["what"] for one in timeline} >= {
        "asked for",
        "card issued",
        "card changed",
        "card decision",
        "card money moved",
        "transfer ordered",
        "receipt attached",
        "said why no receipt",
        "exception raised",
        "other rail decided",
    }
    pence = [
        value
        for rows in whole["sections"].values()
        for row in rows
        for name, value in row.items()
        if name.endswith("_pence")
    ]
    assert {type(value) for value in pence} <= {int, type(None)}
    written = {row["instruction"] for row in sheets["purchases"]}
    assert written == {"'=SUM(A1) é 🦊", "A lesson each Tuesday"}
    assert sheets["receipt_lines"][0]["description"] == "'-Wine"


def test_the_same_history_is_the_same_bytes(with_everything, exported):
    first, again = (exported(with_everything) for _ in range(2))

    for path in first.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes()
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_long_history_comes_in_pages_that_miss_and_repeat_nothing(lived, transaction, exported):
    plan, ids = lived(queries.PURCHASES_OF_A_PAGE + 3)
    person_id = plan.person_id
    lived(2)  # of somebody else

    with transaction() as session:
        first = queries.history(HistoryAsked(person_id=person_id), session=session)
        asked = HistoryAsked(person_id=person_id, after=first["next"])
        second = queries.history(asked, session=session)

    pages = [
        [row["purchase_id"] for row in page["sections"]["purchases"]] for page in (first, second)
    ]
    assert ([len(page) for page in pages], second["next"]) == ([100, 3], None)
    assert sorted(pages[0] + pages[1]) == sorted(ids)
    whole, _ = read_back(exported(person_id))
    assert [UUID(row["purchase_id"]) for row in whole["sections"]["purchases"]] == [
        *pages[0],
        *pages[1],
    ]


def test_of_somebody_unknown_the_history_is_empty(exported, lived):
    whole, sheets = read_back(exported(uuid4()))

    assert set(map(len, whole["sections"].values())) == {0}
    assert set(map(len, sheets.values())) == {0}


def test_every_table_that_names_a_purchase_is_in_the_history():
    named = {
        table.name for table in Purchase.metadata.sorted_tables if "purchase_id" in table.columns
    }
    inside = {
        "authorisations",
        "receipt_addresses",
        "receipt_chases",
        "series_occurrences",
        "settlement_rows",
    }
    of_those = {
        "receipt_lines",
        "card_changes",
        "series",
        "direct_payments",
        "observed_transactions",
    }

    assert named - inside == {TABLES[name].__tablename__ for name in TABLES} - of_those
