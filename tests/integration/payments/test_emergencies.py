"""A record that was opened in an emergency is read for a day elsewhere, too, and never changed."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from sqlalchemy import select

from access import relations
from access.tables import AuditEntry
from services.payments.service import PaymentsService
from shared.contracts.actor import Actor
from shared.contracts.assessment.emergencies import EmergencyAccessEnded, EmergencyAccessOpened
from shared.messaging.answering import Call
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.payments import facts

NIGHT_NURSE = uuid4()
ENOUGH = frozenset({"organisation", "break_glass"})


def opened(person_id, access_id):
    return EmergencyAccessOpened(
        occurred_at=TUESDAY_AT_TEN,
        access_id=access_id,
        person_id=person_id,
        staff_id=NIGHT_NURSE,
        role="practitioner",
        organisation="another-trust",
        reason="cannot_wait",
        opened_at=TUESDAY_AT_TEN,
        ends_at=TUESDAY_AT_TEN + timedelta(hours=24),
    )


def ended(person_id, access_id):
    return EmergencyAccessEnded(
        occurred_at=TUESDAY_AT_TEN, access_id=access_id, person_id=person_id
    )


@pytest.fixture
def ask(transaction):
    def ask_as_nurse(operation, *, after=timedelta(), command_id=None, **request):
        worker = SimpleNamespace(
            name=PaymentsService.name,
            transaction=transaction,
            access=PaymentsService.access,
            trace=a_trace(at=TUESDAY_AT_TEN + after),
        )
        nurse = Actor(
            actor_id=str(NIGHT_NURSE),
            roles=("practitioner",),
            organisation="another-trust",
            relations=ENOUGH,
            purpose="direct_care",
        )
        call = Call(operation=operation, request=request, actor=nurse, command_id=command_id)
        return getattr(PaymentsService, operation)(worker, call)

    return ask_as_nurse


def test_it_is_read_until_its_instant_and_no_longer(ask, known_plan, hear):
    plan = known_plan()
    reading = {"budget_id": str(plan.budget_id)}
    assert ask("purchases", **reading)["refusal"]["code"] == "not_found"

    hear(relations.keep_emergency, opened(plan.person_id, uuid4()))

    almost = timedelta(hours=24) - timedelta(seconds=1)
    assert ask("purchases", after=almost, **reading)["result"] == []
    for late in (timedelta(hours=24), timedelta(days=30)):
        assert ask("purchases", after=late, **reading)["refusal"]["code"] == "not_found"


def test_nothing_is_written_by_it(ask, known_plan, hear):
    plan = known_plan()
    hear(relations.keep_emergency, opened(plan.person_id, uuid4()))

    answer = ask(
        "request_purchase",
        command_id=uuid4(),
        purchase_id=str(uuid4()),
        budget_id=str(plan.budget_id),
        item_id=str(plan.items[0].item_id),
        amount_pence=1_00,
        requested_by=str(NIGHT_NURSE),
        instruction="A lesson",
    )

    assert answer["refusal"]["code"] == "not_known_yet"


def test_it_stands_in_the_access_log_as_what_it_was(ask, known_plan, hear, transaction):
    plan = known_plan()
    hear(relations.keep_emergency, opened(plan.person_id, uuid4()))

    ask("purchases", budget_id=str(plan.budget_id))

    with transaction() as session:
        entry = session.scalars(select(AuditEntry)).one()
    assert (entry.purpose, entry.outcome) == ("break_glass", "done")
    assert (entry.person_id, entry.organisation) == (plan.person_id, "another-trust")


def test_who_may_read_anyway_reads_for_what_they_said(ask, known_plan, hear, transaction):
    plan = known_plan()
    member = replace(facts.a_member(uuid4()), organisation="another-trust")
    hear(relations.keep_care_team, facts.a_care_team(plan.person_id, member))
    hear(relations.keep_emergency, opened(plan.person_id, uuid4()))

    ask("purchases", budget_id=str(plan.budget_id))

    with transaction() as session:
        assert session.scalars(select(AuditEntry.purpose)).all() == ["direct_care"]


@pytest.mark.parametrize("order", ["opened first", "ended first", "opened again"])
def test_what_was_objected_to_is_over_in_any_order(ask, known_plan, hear, order):
    plan, access_id = known_plan(), uuid4()
    told = {
        "opened first": "oe",
        "ended first": "eo",
        "opened again": "oeo",
    }[order]
    hearing = {
        "o": (relations.keep_emergency, opened(plan.person_id, access_id)),
        "e": (relations.keep_emergency_ended, ended(plan.person_id, access_id)),
    }

    for one in told:
        hear(*hearing[one])

    answer = ask("purchases", budget_id=str(plan.budget_id))
    assert answer["refusal"]["code"] == "not_found"


def test_one_opening_that_ended_ends_no_other(ask, known_plan, hear):
    plan, access_id = known_plan(), uuid4()
    hear(relations.keep_emergency, opened(plan.person_id, uuid4()))
    hear(relations.keep_emergency, opened(plan.person_id, access_id))

    hear(relations.keep_emergency_ended, ended(plan.person_id, access_id))

    assert "result" in ask("purchases", budget_id=str(plan.budget_id))
