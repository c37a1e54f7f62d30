"""Payments shows a record to whoever may see it, to nobody else, and writes down who looked."""

from dataclasses import replace
from types import SimpleNamespace
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from access import audit, relations
from access.tables import AuditEntry, AuditSeal
from services.payments.purchases.models import Purchase
from services.payments.service import PaymentsService
from shared.contracts.actor import Actor
from shared.contracts.assessment.people import PeopleMerged
from shared.messaging.answering import Call
from tests.factories import TUESDAY_AT_TEN, a_system, a_trace
from tests.integration.payments import facts


def an_actor(actor_id, relation, *, organisation="voluntary-broker", role="broker"):
    return Actor(
        actor_id=str(actor_id),
        roles=(role,),
        organisation=organisation,
        relations=frozenset({relation}),
        purpose="direct_care",
        request_id="r-1",
    )


@pytest.fixture
def ask(transaction):
    """Ask the service as the edge does, as somebody."""

    def ask_as(actor, operation, *, command_id=None, **request):
        line = getattr(PaymentsService, operation)
        worker = SimpleNamespace(
            name=PaymentsService.name,
            transaction=transaction,
            access=PaymentsService.access,
            trace=a_trace(),
        )
        call = Call(operation=operation, request=request, actor=actor, command_id=command_id)
        return line(worker, call)

    return ask_as


@pytest.fixture
def bought(known_plan, hear, broker_id, ask):
    """Have a purchase asked for by the person's broker, and return its plan and its id."""
    plan = known_plan()
    member = facts.a_member(broker_id)
    hear(relations.keep_care_team, facts.a_care_team(plan.person_id, member))
    purchase_id = uuid4()
    answer = ask(
        an_actor(broker_id, "team:broker"),
        "request_purchase",
        command_id=uuid4(),
        purchase_id=str(purchase_id),
        budget_id=str(plan.budget_id),
        item_id=str(plan.items[0].item_id),
        amount_pence=35_00,
        requested_by=str(broker_id),
        instruction="A lesson",
    )
    assert "result" in answer, answer
    return plan, str(purchase_id)


def test_a_broker_sees_what_was_bought_for_whom_they_work(ask, bought, broker_id):
    _, purchase_id = bought

    answer = ask(an_actor(broker_id, "team:broker"), "purchase", purchase_id=purchase_id)

    assert answer["result"]["purchase_id"] == purchase_id


def test_a_person_sees_what_was_bought_for_them_under_each_of_their_ids(ask, bought, hear):
    plan, purchase_id = bought
    merged_id = uuid4()
    hear(
        relations.keep_merged,
        PeopleMerged(
            occurred_at=TUESDAY_AT_TEN,
            person_id=merged_id,
            merged_person_id=plan.person_id,
            version=2,
        ),
    )

    for person_id in (plan.person_id, merged_id):
        answer = ask(
            an_actor(person_id, "self", role="holder"), "purchase", purchase_id=purchase_id
        )
        assert answer["result"]["purchase_id"] == purchase_id


def test_what_is_not_theirs_and_what_is_not_there_are_answered_alike(ask, bought, broker_id):
    _, purchase_id = bought
    stranger = an_actor(uuid4(), "team:broker", organisation="another-broker")
    wrong_relation = an_actor(broker_id, "team:care_coordinator", organisation="nhs-trust")

    answers = [
        ask(stranger, "purchase", purchase_id=purchase_id),
        ask(wrong_relation, "purchase", purchase_id=purchase_id),
        ask(stranger, "purchase", purchase_id=str(uuid4())),
    ]

    assert answers[0]["refusal"]["code"] == "not_found"
    assert answers[0] == answers[1] == answers[2]


def test_ids_of_two_people_in_one_request_lead_nowhere(ask, bought, known_plan, hear, broker_id):
    plan, _ = bought
    other = known_plan(facts.an_item())
    hear(relations.keep_care_team, facts.a_care_team(other.person_id, facts.a_member(broker_id)))

    answer = ask(
        an_actor(broker_id, "team:broker"),
        "request_purchase",
        command_id=uuid4(),
        purchase_id=str(uuid4()),
        budget_id=str(plan.budget_id),
        item_id=str(other.items[0].item_id),
        amount_pence=1_00,
        requested_by=str(broker_id),
        instruction="A lesson",
    )

    assert answer["refusal"]["code"] == "not_known_yet"


def test_nobody_acts_in_anothers_name(ask, bought, broker_id, transaction):
    plan, _ = bought
    command_id = uuid4()

    answer = ask(
        an_actor(broker_id, "team:broker"),
        "request_purchase",
        command_id=command_id,
        purchase_id=str(uuid4()),
        budget_id=str(plan.budget_id),
        item_id=str(plan.items[0].item_id),
        amount_pence=1_00,
        requested_by=str(uuid4()),
        instruction="A lesson",
    )

    assert answer["refusal"]["code"] == "not_you"
    with transaction() as session:
        assert len(session.scalars(select(Purchase)).all()) == 1


def test_a_list_holds_only_what_is_theirs(ask, bought, transaction, broker_id):
    _, purchase_id = bought
    with transaction() as session:
        session.execute(
            text(
                "INSERT INTO exceptions (exception_id, kind, about, purchase_id, amount_pence,"
                " role, raised_at, due_at) SELECT gen_random_uuid(), 'over_capture', 'p' || n,"
                " CASE n WHEN 1 THEN CAST(:mine AS uuid) END, 1, 'broker', now(), now()"
                " FROM generate_series(1, 2) AS n"
            ),
            {"mine": purchase_id},
        )

    mine = ask(an_actor(broker_id, "team:broker"), "open_tasks", role="broker")["result"]
    strangers = ask(an_actor(uuid4(), "team:broker"), "open_tasks", role="broker")["result"]

    assert len(mine) == 2  # theirs, and the one of which nobody knows whose it is
    assert len(strangers) == 1


def test_each_read_write_and_refusal_is_written_down(ask, bought, transaction, broker_id):
    plan, purchase_id = bought
    ask(an_actor(broker_id, "team:broker"), "purchase", purchase_id=purchase_id)
    ask(an_actor(uuid4(), "team:broker"), "purchase", purchase_id=purchase_id)

    with transaction() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
    seen = [(one.act, one.operation, one.outcome, one.person_id) for one in entries]
    assert seen == [
        ("write", "request_purchase", "done", plan.person_id),
        ("read", "purchase", "done", plan.person_id),
        ("read", "purchase", "not_found", None),
    ]
    assert {"amount_pence", "budget_id"} <= set(entries[0].fields)
    assert "state" in entries[1].fields
    assert entries[1].actor_id == str(broker_id)
    assert entries[1].organisation == "voluntary-broker"


def test_a_person_sees_who_looked(ask, bought, broker_id):
    plan, purchase_id = bought
    ask(an_actor(broker_id, "team:broker"), "purchase", purchase_id=purchase_id)

    person = an_actor(plan.person_id, "self", role="holder")
    log = ask(person, "access_log", person_id=str(plan.person_id))["result"]

    assert [(one["act"], one["operation"]) for one in log] == [
        ("read", "purchase"),
        ("write", "request_purchase"),
    ]


def test_who_looked_cannot_be_changed_and_a_change_is_seen(
    ask, bought, transaction, owners, broker_id
):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction() as session:
        session.execute(text("UPDATE audit_entries SET actor_id = 'nobody'"))
    with transaction() as session:
        for due in audit.to_seal(TUESDAY_AT_TEN, session=session):
            audit.seal_entries(due, session=session, trace=a_trace())
    with transaction() as session:
        assert len(session.scalars(select(AuditSeal)).all()) == 1
        assert audit.broken_seal(session) is None

    with owners("payments").begin() as connection:
        connection.execute(text("UPDATE audit_entries SET actor_id = 'nobody'"))

    with transaction() as session:
        assert audit.broken_seal(session) == 1


def test_a_system_of_the_suite_is_written_down_as_well(ask, bought, transaction):
    _, purchase_id = bought

    ask(a_system(), "purchase", purchase_id=purchase_id)

    with transaction() as session:
        newest = select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)
        assert session.scalar(newest).roles == ["system"]


def test_a_repeat_by_somebody_else_does_not_get_the_answer(ask, bought, broker_id):
    plan, _ = bought
    command_id = uuid4()
    request = {
        "purchase_id": str(uuid4()),
        "budget_id": str(plan.budget_id),
        "item_id": str(plan.items[0].item_id),
        "amount_pence": 1_00,
        "instruction": "A lesson",
        "is_not_a_repeat": True,
        "not_a_repeat_because": "Another week",
    }
    mine = an_actor(broker_id, "team:broker")
    first = ask(
        mine, "request_purchase", command_id=command_id, requested_by=str(broker_id), **request
    )
    again = ask(
        mine, "request_purchase", command_id=command_id, requested_by=str(broker_id), **request
    )
    stranger = replace(mine, actor_id=str(uuid4()), organisation="another-broker")
    theirs = ask(
        stranger,
        "request_purchase",
        command_id=command_id,
        requested_by=stranger.actor_id,
        **request,
    )

    assert first == again
    assert theirs["refusal"]["code"] == "not_known_yet"


def test_the_same_query_without_a_scope_returns_no_rows(bought, transaction):
    plan, _ = bought
    counted = text("SELECT count(*) FROM purchases")
    people = text("SELECT set_config('commonpurse.people', :people, true)")

    with transaction() as session:
        assert session.scalar(counted) == 1
        session.execute(text("SET LOCAL ROLE payments_reader"))
        assert session.scalar(counted) == 0
        session.execute(people, {"people": f"{{{uuid4()}}}"})
        assert session.scalar(counted) == 0
        session.execute(people, {"people": f"{{{plan.person_id}}}"})
        assert session.scalar(counted) == 1
