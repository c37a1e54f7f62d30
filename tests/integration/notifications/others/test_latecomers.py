"""Who becomes known after an event hears of it all the same, for two weeks."""

from datetime import date, timedelta
from functools import partial
from itertools import count
from uuid import uuid4

import pytest
from sqlalchemy import select

from services.notifications.delivery.commands import CancelMessage
from services.notifications.from_assessment import subscribers as assessment
from services.notifications.from_budget import subscribers as budget
from services.notifications.from_payments import subscribers as payments
from services.notifications.latecomers import handlers, queries
from services.notifications.latecomers.subscribers import keep_merged
from services.notifications.messages import queries as message_queries
from services.notifications.messages.models import Message
from services.notifications.people import subscribers as people
from services.notifications.people.models import CareTeam
from services.notifications.people.rules import Channel
from services.notifications.people.subscribers import keep_contact_details, keep_death
from services.notifications.retrying.commands import RetryByOtherChannel
from services.notifications.retrying.handlers import NotToBeRetriedError, retry_by_other_channel
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.notifications import facts

DECLINED = (payments.tell_payment_declined, facts.authorisation_declined)
RECEIPT = (payments.tell_receipt_wanted, facts.receipt_missing)
LATE = (assessment.tell_answer_late, facts.deadline_missed)
ESCALATED = (assessment.tell_plan_with_decider, facts.plan_escalated)
REFUND = (budget.tell_refund, facts.refund_posted)
KIM = ("broker", "Kim Ng", "kim@brokerage.example")
DAY = timedelta(days=1)


def heard(told):
    return told[0], told[1]()


@pytest.fixture
def waiting(transaction):
    """Return what waits for a colleague, as audience, state and reason."""

    def all_of():
        with transaction() as session:
            found = select(Message).where(Message.recipient_id == Message.person_id)
            found = found.where(Message.audience != "holder").order_by(Message.audience)
            return [(one.audience, one.state, one.reason) for one in session.scalars(found)]

    return all_of


@pytest.fixture
def look(timetable):
    return partial(timetable, queries.due, handlers.look_again)


@pytest.mark.parametrize(
    ("told", "colleague"),
    [
        (DECLINED, KIM),
        (RECEIPT, KIM),
        (LATE, ("care_coordinator", "Jo Abu", "jo@trust.example")),
        (ESCALATED, ("multidisciplinary_team", "Lee Roe", "lee@trust.example")),
    ],
)
def test_a_colleague_who_becomes_known_hears_what_waited_once(scene, waiting, told, colleague):
    scene.known()
    event = told[1]()
    scene.hear(*[(told[0], event)] * 2)
    assert [state for _, state, _ in waiting()] == ["held"]

    scene.team(("team_manager", "Ash Roe", "ash@council.example"), version=1)
    assert scene.others() == {}
    scene.team(colleague, version=2)
    scene.team(colleague, ("broker", "Pat Ng"), version=3)

    (email,) = scene.others().values()
    assert (email.state, email.event_id) == ("waiting", event.event_id)
    assert f"Dear {colleague[1]}," in email.body
    assert waiting() == []


def test_every_colleague_of_a_role_hears_what_waited(scene):
    scene.known()
    scene.hear(heard(DECLINED))

    scene.team(KIM, ("broker", "Pat Ng", "pat@brokerage.example"))

    assert [one.audience for one in scene.messages()].count("broker") == 2


def test_a_work_address_that_becomes_known_is_enough(scene, waiting):
    scene.known()
    scene.team(("broker", "Kim Ng"))
    scene.hear(heard(DECLINED))
    assert waiting() == [("broker", "held", "not_known_yet")]

    scene.team(KIM, version=2)

    assert scene.others()["broker"].state == "waiting"


def test_who_works_with_the_surviving_record_hears_what_waited_under_the_other_id(scene, waiting):
    twin = uuid4()
    scene.hear((keep_contact_details, facts.contact_details(person_id=twin)))
    scene.hear((RECEIPT[0], facts.receipt_missing(person_id=twin)))
    scene.known()
    scene.team(KIM)
    assert waiting() == [("broker", "held", "not_known_yet")]

    scene.hear((keep_merged, facts.people_merged(twin, facts.ALEX)))

    assert scene.others()["broker"].person_id == twin
    assert waiting() == []


@pytest.mark.parametrize(
    ("told", "ends", "count_of_tasks"),
    [
        (RECEIPT, [("broker", "failed", "nobody_named")], 1),
        (ESCALATED, [("decider", "suppressed", "nobody_named")], 0),
        (LATE, [("coordinator", "suppressed", "nobody_named")], 0),
    ],
)
def test_after_two_weeks_it_is_over_or_somebodys_task(  # noqa: PLR0917 - fixtures and cases
    scene, waiting, look, told, ends, count_of_tasks
):
    scene.known()
    scene.hear(heard(told))

    for day in range(1, 14):
        assert look(day * DAY) == 1
    assert [state for _, state, _ in waiting()] == ["held"]
    assert look(14 * DAY - timedelta(seconds=1)) == 0
    look(14 * DAY)

    assert waiting() == ends
    assert [task["kind"] for task in scene.tasks()] == ["message_undeliverable"] * count_of_tasks
    assert all("named" in task["words"] for task in scene.tasks())
    scene.team(KIM)
    assert waiting() == ends
    assert look(15 * DAY) == 0


def test_what_nobody_heard_cannot_be_sent_by_another_channel(scene, look, transaction):
    scene.known()
    scene.hear(heard(RECEIPT))
    look(14 * DAY)
    (task,) = scene.tasks()
    asked = RetryByOtherChannel(message_id=task["task_id"], channel=Channel.EMAIL, asked_by=uuid4())

    with pytest.raises(NotToBeRetriedError) as refusal, transaction() as session:
        retry_by_other_channel(asked, session=session, trace=a_trace())

    assert refusal.value.details["reason"] == "not_involved"


def test_what_waits_for_a_colleague_is_not_due_by_the_clock_of_others(scene, transaction):
    scene.known()
    scene.hear(heard(RECEIPT))

    with transaction() as session:
        assert message_queries.due(TUESDAY_AT_TEN + 20 * DAY, session=session) == []


def test_a_colleague_whom_an_event_just_missed_is_found_within_a_day(scene, waiting, look):
    """The care team was kept in the same moment, by another process, which saw nothing wait."""
    scene.known()
    scene.hear(heard(RECEIPT))
    scene.hear((people.keep_care_team, facts.care_team(KIM)))
    assert waiting() == [("broker", "held", "not_known_yet")]

    assert look(DAY) == 1

    assert waiting() == []
    assert scene.others()["broker"].state == "waiting"


# Representatives


@pytest.fixture
def appointed(scene):
    """Let it be told who acts for Alex, as assessment does."""
    versions = count(1)

    def tell(*representatives, at=TUESDAY_AT_TEN, version=None):
        event = facts.acted_for(*representatives, version=version or next(versions))
        scene.hear((assessment.tell_representative_changed, event), at=at)

    return tell


def copies(scene):
    return [one.topic for one in scene.messages() if one.audience == "representative"]


def test_who_acts_for_a_person_hears_what_was_told_before_they_were_known(scene, appointed):
    scene.known()
    scene.hear(heard(REFUND))

    for version in (1, 2):
        appointed(facts.acting(), version=version)

    assert copies(scene) == ["refund"]
    assert scene.others()["representative"].state == "waiting"


def test_they_hear_nothing_of_before_they_acted_or_that_is_too_old(scene, appointed):
    scene.known()
    scene.hear(heard(REFUND), at=TUESDAY_AT_TEN - 14 * DAY)
    scene.hear(heard(REFUND), at=TUESDAY_AT_TEN - 2 * DAY)

    appointed(facts.acting(starts_on=date(2026, 11, 23)))
    assert copies(scene) == []
    appointed(facts.acting(), facts.acting(representative_id=uuid4(), email="pat@x.example"))

    assert copies(scene) == ["refund"]  # Pat alone is new


def test_they_hear_nothing_that_a_yes_or_a_scope_would_have_to_allow(scene, appointed):
    scene.known()
    scene.hear(heard(REFUND))

    appointed(facts.acting(kind="nominee"))
    appointed(facts.acting(representative_id=uuid4(), scopes=["sign_plan"]))
    appointed(facts.acting(representative_id=uuid4(), ends_on=date(2026, 11, 23)))

    assert copies(scene) == []


def test_they_hear_nothing_that_was_taken_back_or_forgotten_or_is_the_persons_own(scene, appointed):
    scene.known()
    scene.hear(
        heard(REFUND), heard(REFUND), (assessment.tell_complaint_received, facts.complaint_made())
    )
    taken_back, forgotten = (one for one in scene.messages() if one.topic == "refund")
    scene.do(CancelMessage(message_id=taken_back.message_id, cancelled_by=uuid4()))
    with scene.transaction() as session:
        session.get_one(Message, forgotten.message_id).facts = None

    appointed(facts.acting())

    assert copies(scene) == []


def test_facts_that_fit_no_words_keep_nobody_from_becoming_known(scene):
    scene.known()
    scene.hear(heard(RECEIPT))
    with scene.transaction() as session:
        session.scalars(select(Message)).one().facts = {"of_an_earlier_release": "1"}

    scene.team(KIM)

    email = scene.others()["broker"]
    assert (email.state, email.reason) == ("failed", "cannot_be_said")
    with scene.transaction() as session:
        assert session.get(CareTeam, facts.ALEX) is not None


def test_of_somebody_who_has_died_they_hear_nothing(scene, appointed):
    scene.known()
    scene.hear(heard(REFUND), (keep_death, facts.person_died()))

    appointed(facts.acting())

    assert copies(scene) == []
