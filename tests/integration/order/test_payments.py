"""Whatever payments hears first, each purchase ends with the same money and is told the same."""

from uuid import UUID

import pytest
from hypothesis import given
from sqlalchemy import select, text

from services.payments.bank_events import handlers as bank_events
from services.payments.cards.handlers import ISSUE_CARD
from services.payments.cards.models import Card
from services.payments.decisions import handlers as decisions
from services.payments.decisions.commands import DecideAuthorisation
from services.payments.errands import kinds_with
from services.payments.issuer_events import handlers as issuer_events
from services.payments.payees.rules import folded
from services.payments.service import PaymentsService
from services.payments.transfers.rules import transfer_id_of
from tests.integration.order import recorded, wire
from tests.integration.order.programme import (
    AT_LENGTH,
    BRIEFLY,
    Message,
    Programme,
    commands_for,
    events_for,
    play,
    programmes,
)
from tests.integration.order.recorded import trace_of, without_instants
from tests.integration.order.stage import ALL, Ending, answered, told

READY, COMPLETED = "payments.purchase_ready.v1", "payments.purchase_completed.v1"
AMOUNTS = "payments.purchase_amounts_changed.v1"
# What somebody has seen of a purchase who asks for one of these.
WAITS_FOR = {"record_invoice": READY, "cancel_purchase": READY, "attach_receipt": COMPLETED}
KINDS = kinds_with(issuer=None, bank=None)  # nobody is called: the answers are recorded
KEPT_AS_THEY_CAME = {
    # Compared below: those that were told under two ids have two rows.
    "issuer_events": ALL,
    "bank_events": ALL,
    # The moment at which something was heard, or at which the last thing for it was there.
    "authorisations": ["look_at"],
    "presentments": ["heard_at"],
    "purchases": ["evidenced_at", "reconciled_at"],
    "payees": ["sealed_account"],  # never sealed to the same bytes
}
NOT_APPLIED = text(
    "SELECT event_id, state FROM issuer_events WHERE state <> 'applied'"
    " UNION ALL SELECT event_id, state FROM bank_events WHERE state <> 'applied'"
)


def purchase_of(issuer_card_id):
    (issued,) = (
        line
        for line in recorded.of("errand", kind="issue_card")
        if line["answer"]["issuer_card_id"] == issuer_card_id
    )
    return f"purchase/{issued['about']['purchase_id']}"


def before_a_command(line):
    request = line["request"]
    if line["operation"] in WAITS_FOR:
        yield told(WAITS_FOR[line["operation"]], f"purchase/{request['purchase_id']}")
    if line["operation"] == "confirm_payee":
        yield from map(answered, of_the_story(line, "add_payee", payee_id=request["payee_id"]))
    if line["operation"] == "request_purchase":
        yield from map(answered, of_the_story(line, "confirm_payee"))
    if request.get("is_not_a_repeat"):
        first = of_the_story(line, "request_purchase", is_not_a_repeat=False)
        yield from map(answered, first)


def of_the_story(line, operation, **asked):
    """Return the commands of one kind that belong to the same case as another one."""
    return [
        one
        for one in recorded.of("command", operation=operation)
        if one["correlationid"] == line["correlationid"] and asked.items() <= one["request"].items()
    ]


def before_an_event(line):
    """Name what budget answers: it has heard it, so it was said."""
    for said in recorded.of("event", id=line["causationid"], type=AMOUNTS):
        yield told(AMOUNTS, said["subject"], said["data"])


def decided(authorisation_id):
    return f"decided {authorisation_id}"


def shops_ask():
    """Let shops ask for money, on a card one after the other, as soon as there is a card."""
    asked = recorded.of("authorisation")
    for line in asked:
        card = line["issuer_card_id"]
        earlier = [one for one in asked if one["issuer_card_id"] == card and one["at"] < line["at"]]
        yield Message(
            name=f"authorisation {line['authorisation_id']}",
            tell=lambda stage, line=line: ask_for_money(stage, line),
            after=frozenset(
                {told(READY, purchase_of(card))}
                | {decided(one["authorisation_id"]) for one in earlier}
            ),
        )


def ask_for_money(stage, line):
    fields = DecideAuthorisation.__dataclass_fields__
    asked = DecideAuthorisation(**{name: line[name] for name in fields})
    with stage.transaction() as session:
        decisions.decide(asked, session=session, trace=trace_of(line), elapsed_ms=lambda: 0.0)
    stage.happened.add(decided(line["authorisation_id"]))


def issuer_tells():
    """Let the issuer tell what became of an authorisation; of a refund, once it is bought."""
    for line in recorded.of("issuer_event"):
        about = line["document"]["data"]["object"]
        after = {decided(about.get("authorisation", about["id"]))}
        if "authorisation" in about and about["amount"] > 0:
            after.add(told(COMPLETED, purchase_of(about["card"])))
        yield Message(
            name=f"{line['document']['type']} {about['id']}",
            tell=lambda stage, line=line: hear_issuer(stage, line),
            tell_anew=lambda stage, number, line=line: hear_issuer(stage, line, f"-{number}"),
            after=frozenset(after),
        )


def hear_issuer(stage, line, suffix=""):
    event_id = line["document"]["id"] + suffix
    with stage.transaction() as session:
        document = {**wire.as_told(line["document"]), "id": event_id}
        is_new = issuer_events.keep(document, session=session, trace=trace_of(line))
    if is_new:
        apply(stage, issuer_events.APPLY_ISSUER_EVENT, event_id, line)


def bank_tells():
    """Let the bank tell that it paid what it was ordered to pay."""
    for line in recorded.of("bank_event"):
        reference = line["document"]["data"]["reference"]
        invoices = recorded.of("command", operation="record_invoice")
        ordered = {answered(one) for one in invoices if reference_of(one) == reference}
        yield Message(
            name=f"{line['document']['type']} {reference}",
            tell=lambda stage, line=line: hear_bank(stage, line),
            tell_anew=lambda stage, number, line=line: hear_bank(stage, line, f"-{number}"),
            after=frozenset(ordered or {told(READY, f"purchase/{reference}")}),
        )


def reference_of(invoice):
    request = invoice["request"]
    key = folded(request["invoice_number"])
    return str(transfer_id_of(UUID(request["purchase_id"]), key))


def hear_bank(stage, line, suffix=""):
    event_id = line["id"] + suffix
    with stage.transaction() as session:
        is_new = bank_events.keep(event_id, line["document"], session=session, trace=trace_of(line))
    if is_new:
        apply(stage, bank_events.APPLY_BANK_EVENT, event_id, line)


def apply(stage, kind, event_id, line):
    errand = {**line, "kind": kind, "about": {"event_id": event_id}, "answer": event_id}
    stage.settle_errand(errand, KINDS[kind].record)


def errands_are_done():
    """Let the issuer and the bank do what they were asked."""
    for line in recorded.of("errand"):
        yield Message(
            name=f"{line['kind']} {line['about']}",
            tell=lambda stage, line=line: is_done(stage, line),
            is_repeated=False,
        )


def is_done(stage, line):
    stage.settle_errand(line, KINDS[line["kind"]].record)
    if line["kind"] == ISSUE_CARD:
        purchase_id = line["about"]["purchase_id"]
        issued = recorded.of("event", type="payments.card_issued.v1")
        (card_id,) = (
            one["data"]["card_id"] for one in issued if one["data"]["purchase_id"] == purchase_id
        )
        issued_here = select(Card.card_id).where(Card.purchase_id == purchase_id)
        stage.stands_for(card_id, str(stage.connection.scalar(issued_here)))


MESSAGES = [
    *commands_for(PaymentsService, after=before_a_command),
    *events_for(PaymentsService, after=before_an_event),
    *shops_ask(),
    *issuer_tells(),
    *bank_tells(),
    *errands_are_done(),
]


def ending(on_stage, programme):
    with on_stage(PaymentsService) as stage:
        play(stage, programme)
        assert stage.connection.execute(NOT_APPLIED).all() == []
        return Ending(*stage.rows(leaving_out=KEPT_AS_THEY_CAME), *stage.told())


@pytest.fixture
def in_order(on_stage):
    return ending(on_stage, Programme(order=MESSAGES))


def test_payments_tells_in_order_what_it_told_that_day(on_stage):
    with on_stage(PaymentsService) as stage:
        play(stage, Programme(order=MESSAGES))

        told_that_day = recorded.told_by(PaymentsService.name)
        assert without_instants(stage.newest()) == without_instants(told_that_day)


@BRIEFLY
@given(programme=programmes(MESSAGES))
def test_purchases_end_the_same_in_whatever_order_payments_hears(on_stage, in_order, programme):
    ending(on_stage, programme).see_that_it_is(in_order)


@pytest.mark.prove
@AT_LENGTH
@given(programme=programmes(MESSAGES))
def test_purchases_end_the_same_in_many_more_orders(on_stage, in_order, programme):
    ending(on_stage, programme).see_that_it_is(in_order)
