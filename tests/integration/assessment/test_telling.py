"""Whether the person knows the amount, and that nothing is planned before."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.assessment.telling import subscribers
from shared.contracts.notifications import MessageDelivered, MessageUndeliverable
from shared.errors import NotKnownYetError
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.assessment.desk import a_person, a_plan, a_talk


def a_delivery(received, *, topic="indicative_budget", at=TUESDAY_AT_TEN, channel="letter"):
    return MessageDelivered(
        occurred_at=at,
        message_id=uuid4(),
        person_id=UUID(received["person_id"]),
        topic=topic,
        channel=channel,
    )


def no_delivery(received, *, topic="indicative_budget", at=TUESDAY_AT_TEN):
    return MessageUndeliverable(
        occurred_at=at,
        message_id=uuid4(),
        person_id=UUID(received["person_id"]),
        topic=topic,
        channel="letter",
        reason="permanent_failure",
    )


def hear(desk, event):
    listener = {
        MessageDelivered: subscribers.record_delivered,
        MessageUndeliverable: subscribers.record_undeliverable,
    }[type(event)]
    with desk.transaction() as session:
        listener(event, session=session, trace=a_trace())


def test_that_the_person_was_told_is_kept_in_any_order_of_what_we_hear(desk):
    later, hours = TUESDAY_AT_TEN + timedelta(hours=2), timedelta(hours=1)
    seen = []
    for number in range(2):
        person = a_person(nhs_number=None, council_client_id=f"LAS{number}")
        received = desk.offered(person=person, is_told=False)
        events = [
            a_delivery(received, at=later),
            a_delivery(received, at=later - hours, channel="email"),
            no_delivery(received, at=later),
            no_delivery(received, at=later - hours),
        ]
        for event in events if number else reversed(events):
            hear(desk, event)
            hear(desk, event)
        shown = desk.case(received["referral_id"])["indicative_budget"]
        seen.append([shown[name] for name in ("told_at", "told_by_channel", "undeliverable_at")])

    assert seen[0] == seen[1]
    assert seen[0][1] == "email"
    assert seen[0][0].startswith("2026-11-24T11:00")


def test_a_message_tells_of_the_budget_that_was_newest_then(desk):
    received = desk.offered(is_told=False)
    desk.at = TUESDAY_AT_TEN + timedelta(days=2)
    desk.ask(
        "offer_budget",
        referral_id=received["referral_id"],
        budget_kind="one_off_recovery",
        weekly_contribution_pence=0,
    )

    hear(desk, a_delivery(received, at=TUESDAY_AT_TEN + timedelta(days=1)))

    assert desk.case(received["referral_id"])["indicative_budget"]["told_at"] is None


@pytest.mark.parametrize("event", [a_delivery, no_delivery])
def test_messages_about_something_else_are_not_ours(desk, event):
    received = desk.offered(is_told=False)
    before = desk.everything()

    hear(desk, event(received, topic="plan_submitted"))

    assert desk.everything() == before


@pytest.mark.parametrize("event", [a_delivery, no_delivery])
def test_a_message_about_an_amount_nobody_knows_yet_waits(desk, event):
    with pytest.raises(NotKnownYetError):
        hear(desk, event({"person_id": str(uuid4())}))


def test_a_plan_waits_until_the_person_knows_the_amount(desk):
    received = desk.offered(is_told=False)
    plan = a_plan(received["referral_id"])

    refusal = desk.refused("draft_plan", **plan)
    assert refusal["code"] == "amount_not_told"
    assert "record that" in refusal["next_step"]

    hear(desk, a_delivery(received, channel="email"))
    assert desk.ask("draft_plan", **plan)["version"] == 1


def test_a_text_only_announces_the_amount(desk):
    received = desk.offered(is_told=False)

    hear(desk, a_delivery(received, channel="sms"))

    assert not desk.ask("amount_told", referral_id=received["referral_id"])["is_told"]
    refusal = desk.refused("draft_plan", **a_plan(received["referral_id"]))
    assert refusal["code"] == "amount_not_told"


def test_who_told_the_person_and_how_they_understood_is_kept(desk):
    received = desk.offered(is_told=False)
    talk = a_talk(received["referral_id"])

    first, again = (desk.ask("record_told_in_person", **talk) for _ in range(2))

    assert first == again
    case = desk.case(received["referral_id"])
    assert case["indicative_budget"]["told_by_channel"] == "in_person"
    (told,) = case["told_in_person"]
    assert told["how_understood"] == talk["how_understood"]
    assert desk.ask("draft_plan", **a_plan(received["referral_id"]))["version"] == 1


def test_another_amount_is_told_anew_before_anything_is_planned_with_it(desk):
    received = desk.offered()
    asked = {"referral_id": received["referral_id"]}
    desk.offer(received["referral_id"], budget_kind="one_off_recovery")

    assert not desk.ask("amount_told", **asked)["is_told"]
    refusal = desk.refused("draft_plan", **a_plan(received["referral_id"]))
    assert refusal["code"] == "amount_not_told"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"version": 2}, "amount_outdated", "version"),
        ({"told_on": "2026-11-25"}, "told_on_impossible_day", "told_on"),
        ({"told_on": "2026-11-23"}, "told_on_impossible_day", "told_on"),
        ({"how_understood": " "}, "invalid_request", None),
        ({"interpreter": ""}, "invalid_request", None),
    ],
)
def test_a_talk_that_cannot_have_been_one_is_refused(desk, changes, code, field):
    received = desk.offered(is_told=False)

    refusal = desk.refused("record_told_in_person", **a_talk(received["referral_id"], **changes))

    assert refusal["code"] == code
    assert refusal["details"].get("field") == field


def test_who_needs_an_interpreter_was_not_told_without_one(desk):
    received = desk.offered(is_told=False, person=a_person(interpreter_required=True))
    talk = a_talk(received["referral_id"])

    refusal = desk.refused("record_told_in_person", **talk)
    assert refusal["code"] == "interpreter_missing"

    interpreted = {"telling_id": str(uuid4()), "interpreter": "Ms Example, Polish"}
    assert desk.ask("record_told_in_person", **talk | interpreted)["is_told"]


def test_the_id_of_a_talk_is_of_one_talk(desk):
    received = desk.offered(is_told=False)
    talk = a_talk(received["referral_id"])
    desk.ask("record_told_in_person", **talk)

    refusal = desk.refused("record_told_in_person", **talk | {"how_understood": "They nodded."})

    assert refusal["code"] == "id_reused"


def test_nobody_was_told_an_amount_that_is_not_there(desk):
    received = desk.agreed()

    refusal = desk.refused("record_told_in_person", **a_talk(received["referral_id"]))

    assert refusal["code"] == "not_known_yet"
    refusal = desk.refused("amount_told", referral_id=received["referral_id"])
    assert refusal["code"] == "not_found"


def test_who_is_not_told_in_three_working_days_is_a_task_of_the_care_coordinator(desk):
    received = desk.offered(is_told=False)
    asked = {"referral_id": received["referral_id"]}

    (waiting,) = desk.ask("where_is_it", **asked)
    assert (waiting["stage"], waiting["role"]) == ("amount_told", "care_coordinator")
    assert waiting["due_on"] == "2026-11-27"

    hear(desk, a_delivery(received, channel="sms"))
    assert desk.ask("where_is_it", **asked) != []
    hear(desk, a_delivery(received))
    assert desk.ask("where_is_it", **asked) == []
