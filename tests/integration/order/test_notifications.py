"""Whatever notifications hears first, everybody is told the same, once."""

import re
from uuid import uuid5

import pytest
from hypothesis import given
from sqlalchemy import select

from services.notifications import errands
from services.notifications.choices.models import Choice
from services.notifications.delivery.claims import claim
from services.notifications.delivery.handlers import keep_receipt
from services.notifications.delivery.rules import Accepted
from services.notifications.delivery.wire import PROVIDER, NotifyReceipt
from services.notifications.messages.handlers import SEND_DELIVERY
from services.notifications.messages.models import Delivery
from services.notifications.messages.models import Message as ToldMessage
from services.notifications.people.models import ActingFor, CareTeam, NamedContact, Person
from services.notifications.reaching.rules import Reason
from services.notifications.service import NotificationsService
from shared.errors import NotKnownYetError
from tests.integration.order import recorded
from tests.integration.order.programme import (
    AT_LENGTH,
    BRIEFLY,
    Message,
    Programme,
    events_for,
    play,
    programmes,
)
from tests.integration.order.recorded import trace_of, without_instants
from tests.integration.order.stage import ALL, Ending

# Facts about people. Any other event is something to tell a person, each event once.
KEPT = ("assessment.contact_details_changed.v1", "assessment.care_team_changed.v1")
SEALED = {
    Person: ("given_name", "family_name", "nhs_number", "mobile", "email", "address_lines"),
    CareTeam: ("members",),
    ActingFor: ("acting",),
    NamedContact: ("name",),
    Choice: ("reason",),
    ToldMessage: ("facts",),
    Delivery: ("subject", "body"),
}
# Whether it was called, or was known to be taken before, depends on the order.
LEFT_OUT = {
    "receipts": ["receipt_id"],
    "attempts": ALL,
    # Sealed, each time in another way: they are compared opened.
    "people": [*SEALED[Person]],
    "care_teams": [*SEALED[CareTeam]],
    "representatives": [*SEALED[ActingFor]],
    "named_contacts": [*SEALED[NamedContact]],
    "choices": [*SEALED[Choice]],
    "messages": [*SEALED[ToldMessage]],
    "deliveries": [*SEALED[Delivery]],
}
# A message names whoever could be asked when it was written, as far as that was known.
WHOM_TO_ASK = re.compile(r"Do you have a question\?[^\n]*")


def facts_alone(line):
    return line if line["type"] in KEPT else None


def delivery_about(stage, line):
    """Return the id of the delivery that a line is about. Before it is planned, nobody has it."""
    found = stage.connection.execute(
        select(ToldMessage.message_id, Delivery.delivery_id)
        .join(Delivery, Delivery.message_id == ToldMessage.message_id)
        .where(ToldMessage.event_id == line["event_id"])
        .where(ToldMessage.topic == line["topic"], Delivery.ordinal == line["ordinal"])
    ).one_or_none()
    if found is None:
        raise NotKnownYetError("This delivery is not planned yet.")
    stage.stands_for(line["message_id"], str(found.message_id))
    stage.stands_for(line["delivery_id"], str(found.delivery_id))
    return found.delivery_id


def is_taken(stage, line):
    """Let Notify take a delivery."""
    delivery_id = delivery_about(stage, line)
    trace = trace_of(line, causation_id=delivery_id)
    with stage.transaction() as session:
        claim(
            delivery_id,
            provider_of=lambda *_whom, **_how: PROVIDER,
            called_at=trace.at,
            session=session,
            trace=trace,
        )
    answer = Accepted(provider_id=line["provider_id"])
    about = {"delivery_id": str(delivery_id)}
    asked = {**line, "kind": SEND_DELIVERY, "about": about, "answer": answer}
    stage.settle_errand(asked, errands.record)


def is_received(stage, line):
    """Let Notify tell what became of a delivery; it may do so before we noted that it took it."""
    delivery_id = delivery_about(stage, line)
    told = {"id": line["provider_id"], "reference": str(delivery_id)}
    receipt = NotifyReceipt().load(
        {**told, "status": line["status"], "completed_at": line["completed_at"]}
    )
    with stage.transaction() as session:
        trace = trace_of(line, causation_id=delivery_id)
        keep_receipt(receipt, session=session, trace=trace)


def from_notify(what, tell, **how):
    return [
        Message(
            name=f"{what} {line['topic']} {line['provider_id']}",
            tell=lambda stage, line=line: tell(stage, line),
            **how,
        )
        for line in recorded.of(what)
    ]


MESSAGES = [
    *events_for(NotificationsService, anew=facts_alone),
    *from_notify("acceptance", is_taken, is_repeated=False),
    *from_notify("receipt", is_received),
]


def opened(stage):
    """Return what is sealed in the rows, as lines of an ending."""
    with stage.transaction() as session:
        return [
            f"{model.__tablename__} {name} {getattr(row, name)}"
            for model, names in SEALED.items()
            for row in session.scalars(select(model))
            for name in names
        ]


def name_what_waits(stage):
    """What waits for a colleague has an id that nobody outside has heard of."""
    with stage.transaction() as session:
        waiting = select(ToldMessage).where(ToldMessage.reason == Reason.NOT_KNOWN_YET)
        for one in session.scalars(waiting):
            name = uuid5(one.event_id, f"{one.topic} {one.audience}")
            stage.stands_for(str(name), str(one.message_id))


def ending(on_stage, programme):
    with on_stage(NotificationsService) as stage:
        play(stage, programme)
        name_what_waits(stage)
        # By which of its channels it went last depends on the order; all of them are in the rows.
        lines = [
            *stage.rows(leaving_out=LEFT_OUT),
            *opened(stage),
            *stage.told(leaving_out=("channel",)),
        ]
        return Ending(*(WHOM_TO_ASK.sub("", line) for line in lines))


@pytest.fixture
def in_order(on_stage):
    return ending(on_stage, Programme(order=MESSAGES))


def test_notifications_tells_in_order_what_it_told_that_day(on_stage):
    with on_stage(NotificationsService) as stage:
        play(stage, Programme(order=MESSAGES))

        told_that_day = recorded.told_by(NotificationsService.name)
        assert without_instants(stage.newest()) == without_instants(told_that_day)


@BRIEFLY
@given(programme=programmes(MESSAGES))
def test_people_are_told_the_same_in_whatever_order_notifications_hears(
    on_stage, in_order, programme
):
    ending(on_stage, programme).see_that_it_is(in_order)


@pytest.mark.prove
@AT_LENGTH
@given(programme=programmes(MESSAGES))
def test_people_are_told_the_same_in_many_more_orders(on_stage, in_order, programme):
    ending(on_stage, programme).see_that_it_is(in_order)
