"""Which events may be replayed at any age: those of which every listener knows a repeat."""

from dataclasses import fields

from shared.contracts import catalogue
from shared.contracts.listeners import LISTENERS

EVENTS = [schema.event_class for schema in catalogue.SCHEMAS.values()]
# Wherever money is planned, held, spent or given back, and what both sides of it rely on.
KNOWN_FOR_EVER = {
    "assessment.care_team_changed.v1": "version",
    "assessment.contact_details_changed.v1": "version",
    "assessment.crisis_plan_activated.v1": "version",
    "assessment.crisis_plan_stood_down.v1": "version",
    "assessment.death_corrected.v1": "version",
    "assessment.emergency_access_ended.v1": "access_id",
    "assessment.emergency_access_opened.v1": "access_id",
    "assessment.person_died.v1": "version",
    "assessment.plan_approved.v1": "version",
    "assessment.representative_changed.v1": "version",
    "assessment.sharing_changed.v1": "version",
    "budget.budget_activated.v1": "version",
    "budget.budget_ended.v1": "budget_id",
    "budget.budget_revised.v1": "version",
    "budget.direct_payment_made.v1": "payment_id",
    "budget.funder_contact_named.v1": "version",
    "budget.hold_captured.v1": "version",
    "budget.hold_expired.v1": "version",
    "budget.hold_placed.v1": "version",
    "budget.hold_refused.v1": "purchase_id",
    "budget.hold_released.v1": "version",
    "budget.refund_posted.v1": "version",
    "budget.return_overdue.v1": "since_on",
    "payments.direct_payment_failed.v1": "payment_id",
    "payments.direct_payment_paid.v1": "payment_id",
    "payments.purchase_amounts_changed.v1": "version",
    "payments.purchase_requested.v1": "purchase_id",
    "payments.unmatched_money_changed.v1": "version",
}


def test_a_business_key_is_a_field_of_its_event():
    for event in EVENTS:
        assert event.business_key in {"", *(field.name for field in fields(event))}, event


def test_only_events_are_known_for_ever_whose_listeners_were_looked_at():
    assert {
        event.event_type: event.business_key for event in EVENTS if event.business_key
    } == KNOWN_FOR_EVER


def test_whatever_budget_and_payments_hear_of_one_another_is_known_for_ever():
    money = {
        noun
        for noun, listeners in LISTENERS.items()
        if noun.split(".")[0] in {"budget", "payments"} and {"budget", "payments"} & set(listeners)
    }

    assert money <= {event_type.rpartition(".")[0] for event_type in KNOWN_FOR_EVER}
