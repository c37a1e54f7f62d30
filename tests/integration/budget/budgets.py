"""Budgets in every state, and what can be asked and told of them."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy import select, text

from services.budget.tables import Table
from shared.contracts import catalogue
from shared.contracts.actor import system
from shared.contracts.assessment.sign_off import (
    ApprovedItem,
    ItemGoal,
    PlanApproved,
)
from shared.contracts.payments.purchases import PurchaseAmountsChanged, PurchaseRequested
from shared.messaging import inbox
from shared.messaging.answering import Call
from shared.messaging.inbox import Delivery
from shared.messaging.tables import MessagingTable, OutboxMessage
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.budget.operations import OPERATIONS, SUBSCRIBERS, TIMETABLE

NHS = UUID("22222222-0000-4000-8000-000000000002")
COUNCIL = UUID("11111111-0000-4000-8000-000000000001")
POOL = UUID("33333333-0000-4000-8000-000000000003")
FUNDERS = {"nhs": NHS, "council": COUNCIL}


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A budget that a plan asked for."""

    budget_id: UUID
    item_ids: dict[str, UUID]  # by who pays for it


def tell(transaction, event, *, at=TUESDAY_AT_TEN):
    """Give the service an event as its inbox does."""
    delivery = Delivery(
        consumer=SUBSCRIBERS[type(event)].__name__,
        message_id=event.event_id,
        event=event,
        envelope={},
        subscriber=SUBSCRIBERS[type(event)],
        trace=a_trace(at=at),
    )
    return inbox.process(delivery, transaction=transaction)


def ask(
    transaction,
    operation,
    *,
    command_id=None,
    at=TUESDAY_AT_TEN,
    actor="tests/system",
    **request,
):
    """Ask the service as the edge does, and return its whole answer."""
    offered = OPERATIONS[operation]
    command_id = (command_id or uuid4()) if offered.is_command else None
    call = Call(operation=operation, request=request, actor=system("tests"), command_id=command_id)
    return offered.answer(call, transaction=transaction, trace=a_trace(at=at, actor=actor))


def do_what_is_due(transaction, name, *, at=TUESDAY_AT_TEN):
    """Do what a line of the service's timetable does by itself, and return what was due."""
    with transaction() as session:
        commands = TIMETABLE[name].due(at, session=session)
    for command in commands:
        with transaction() as session:
            TIMETABLE[name].handler(command, session=session, trace=a_trace(at=at))
    return commands


GOALS = ("See people again", "Sleep at night")


def a_plan(*, version=1, legal_basis="care_act", budget_id=None, person_id=None, **pence_by_payer):
    items = [
        ApprovedItem(
            item_id=uuid4(),
            description=f"Something that {payer} pays",
            category="course",
            unit_cost_pence=amount_pence,
            occurrences=1,
            rail="card",
            payee="A shop",
            merchant_category_code="5999",
            payer=payer,
            goals=[ItemGoal(goal_id=uuid4(), words=words) for words in GOALS],
        )
        for payer, amount_pence in pence_by_payer.items()
    ]
    return PlanApproved(
        occurred_at=TUESDAY_AT_TEN,
        plan_id=uuid4(),
        person_id=person_id or uuid4(),
        version=version,
        budget_id=budget_id or uuid4(),
        legal_basis=legal_basis,
        total_pence=sum(item.total_pence for item in items),
        decided_by_rung="care_coordinator",
        items=items,
    )


def a_planned_budget(transaction, *, legal_basis="care_act", person_id=None, **pence_by_payer):
    plan = a_plan(legal_basis=legal_basis, person_id=person_id, **pence_by_payer)
    tell(transaction, plan)
    item_ids = {item.payer: item.item_id for item in plan.items}
    return Planned(budget_id=plan.budget_id, item_ids=item_ids)


# Whose staff see which side of the money.
STAFF = {NHS: "nhs-trust", COUNCIL: "council"}


def a_pool(transaction, *, host_id=COUNCIL, **changes):
    """Have an NHS body and a council work together, as often as it is asked for."""
    organisations = (
        (NHS, "nhs", "QHM01", "An integrated care board"),
        (COUNCIL, "council", "E06000001", "A council"),
    )
    for funder_id, kind, code, name in organisations:
        ask(
            transaction,
            "register_funder",
            funder_id=str(funder_id),
            kind=kind,
            code=code,
            name=name,
            organisation=STAFF[funder_id],
        )
    given = {
        "pool_id": str(POOL),
        "name": "Mental health",
        "agreement_reference": "S75 2026",
        "host_id": str(host_id),
        "partner_ids": [str(NHS), str(COUNCIL)],
        "starts_on": "2026-04-01",
        "ends_on": None,
    }
    return ask(transaction, "open_pool", **(given | changes))


def agree(transaction, planned, *, nhs_share=5_000, **request):
    """Agree the shares of a budget and return the answer."""
    a_pool(transaction)
    given = an_agreement(planned.budget_id, nhs_share=nhs_share)
    return ask(transaction, "record_agreement", **(given | request))


def an_agreement(budget_id, *, nhs_share=5_000, purpose="joint", starts_on=TUESDAY_AT_TEN):
    """Return the fields of an agreement that both partners signed."""
    shares = {NHS: nhs_share, COUNCIL: 10_000 - nhs_share}
    return {
        "agreement_id": str(uuid4()),
        "budget_id": str(budget_id),
        "pool_id": str(POOL),
        "purpose": purpose,
        "starts_on": starts_on.date().isoformat(),
        "shares": [
            {"funder_id": str(funder_id), "numerator": share} for funder_id, share in shares.items()
        ],
        "signatures": [
            {
                "funder_id": str(funder_id),
                "role": "head_of_joint_commissioning",
                "signed_on": "2026-04-01",
            }
            for funder_id in shares
        ],
    }


def called_by(answer):
    """Return what was called for, by the kind of funder."""
    return {call["funder_kind"]: call for call in answer["result"]["called"]}


def pay_in(transaction, planned, call, **changes):
    request = {
        "contribution_id": call["contribution_id"],
        "budget_id": str(planned.budget_id),
        "funder_id": call["funder_id"],
        "amount_pence": call["amount_pence"],
        "bank_reference": f"BACS {call['funder_kind']}",
    }
    return ask(transaction, "receive_contribution", **(request | changes))


def commit(transaction, planned, call, **changes):
    request = {
        "contribution_id": call["contribution_id"],
        "budget_id": str(planned.budget_id),
        "funder_id": call["funder_id"],
        "amount_pence": call["amount_pence"],
    }
    return ask(transaction, "commit_contribution", **(request | changes))


def an_active_budget(transaction, *, nhs_share=5_000, first=None, **pence_by_payer):
    planned = a_planned_budget(transaction, **pence_by_payer)
    agreement_id = an_agreement_id(first=first) if first else str(uuid4())
    answer = agree(transaction, planned, nhs_share=nhs_share, agreement_id=agreement_id)
    for call in called_by(answer).values():
        pay_in(transaction, planned, call)
    return planned


def an_agreement_id(*, first):
    """Return an id under which, of two equals, this funder pays the first odd penny."""
    return str(UUID(int=uuid4().int >> 4 | FUNDERS[first].int >> 124 << 124))


def a_purchase(planned, amount_pence, *, payer="joint", **changes):
    fields = {
        "occurred_at": TUESDAY_AT_TEN,
        "purchase_id": uuid4(),
        "budget_id": planned.budget_id,
        "item_id": planned.item_ids[payer],
        "amount_pence": amount_pence,
    }
    return PurchaseRequested(**(fields | changes))


def amounts_of(purchase, *, version, held_pence=0, posted_pence=0, unmatched_pence=0):
    return PurchaseAmountsChanged(
        occurred_at=TUESDAY_AT_TEN,
        purchase_id=purchase.purchase_id,
        budget_id=purchase.budget_id,
        version=version,
        held_pence=held_pence,
        posted_pence=posted_pence,
        unmatched_pence=unmatched_pence,
    )


def buy(transaction, planned, amount_pence, *, payer="joint", at=TUESDAY_AT_TEN):
    """Ask for a purchase, and return it with the kind of answer that it got."""
    purchase = a_purchase(planned, amount_pence, payer=payer)
    tell(transaction, purchase, at=at)
    return purchase, told_about(transaction, purchase)[-1]["type"]


def spend(transaction, purchase, posted_pence, *, held_pence=0, version=1):
    event = amounts_of(purchase, version=version, held_pence=held_pence, posted_pence=posted_pence)
    tell(transaction, event)


def told_about(transaction, purchase):
    """Return what the service told of a purchase, in order: type and data."""
    return told(transaction, subject=f"purchase/{purchase.purchase_id}")


def told(transaction, **columns):
    with transaction() as session:
        messages = session.scalars(
            select(OutboxMessage).filter_by(**columns).order_by(OutboxMessage.position)
        )
        return [
            {"type": message.event_type.split(".")[1], **catalogue.data_of(message.body)}
            for message in messages
        ]


def statement_of(transaction, planned):
    return ask(transaction, "statement", budget_id=str(planned.budget_id))["result"]


def left_of(transaction, planned):
    """Return what each funder has left, in pence."""
    funders = statement_of(transaction, planned)["funders"]
    return {funder["funder_kind"]: funder["left_pence"] for funder in funders}


def paid_by(transaction, planned, *, payer="joint"):
    """Return what each funder has held and spent of an item, in pence."""
    (item,) = (
        item for item in statement_of(transaction, planned)["items"] if item["payer"] == payer
    )
    return {
        part["funder_kind"]: (part["held_pence"], part["spent_pence"]) for part in item["paid_by"]
    }


def totals(transaction):
    return ask(transaction, "totals")["result"]


def rows(transaction, sql, **parameters):
    with transaction() as session:
        return [tuple(row) for row in session.execute(text(sql), parameters)]


def everything(transaction, *, apart_from=()):
    """Return every row of every table, to see what changed."""
    tables = [*Table.metadata.sorted_tables, *MessagingTable.metadata.sorted_tables]
    with transaction() as session:
        return {
            table.name: sorted(map(repr, session.execute(table.select())))
            for table in tables
            if table.name not in apart_from
        }


unanswered = partial(everything, apart_from=("answered_commands",))
