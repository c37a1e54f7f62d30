"""What was to be said to somebody who has died is over: no task of anybody, and forgotten."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from types import SimpleNamespace
from uuid import uuid4

import pytest

from services.notifications.closing import handlers, queries
from services.notifications.delivery.commands import Fail, RecordSeenTo
from services.notifications.from_assessment import subscribers as assessment
from services.notifications.people.subscribers import (
    keep_contact_details,
    keep_death,
    keep_life,
    keep_merged,
    keep_representatives,
)
from services.notifications.safeguarding.commands import HoldForSafeguarding
from services.notifications.safeguarding.handlers import hold_for_safeguarding
from tests.factories import a_trace
from tests.integration.notifications import facts

NOW = timedelta(0)
DAY = timedelta(days=1)


@pytest.fixture
def close(timetable):
    """Close what is to be closed, twice; returns how many messages."""
    return partial(timetable, queries.of_the_dead, handlers.close_message)


@pytest.fixture
def fail_all(do, now):
    def fail(message):
        while now(message).state == "waiting":
            do(Fail(delivery_id=now(message).delivery_id, reason="temporary_failure"))
        return message

    return fail


@pytest.fixture
def hold(transaction):
    def hold_everything():
        command = HoldForSafeguarding(
            hold_id=uuid4(),
            person_id=facts.ALEX,
            channel=None,
            review_by=date(2026, 12, 8),
            set_by=uuid4(),
            reason="Somebody else reads what they get.",
        )
        with transaction() as session:
            hold_for_safeguarding(command, session=session, trace=a_trace())

    return hold_everything


@pytest.fixture
def scene(request):
    """All that these tests do again and again, by its name."""
    names = (
        *("known", "team", "waiting_message", "fail_all", "hear", "do", "close", "now", "tasks"),
        *("empty", "hold", "messages", "transaction"),
    )
    return SimpleNamespace(**{name: request.getfixturevalue(name) for name in names})


def of_messages(tasks):
    return [task for task in tasks() if task["kind"] == "message_undeliverable"]


def test_a_failed_message_is_nobodys_task_after_a_death(scene):
    message = scene.fail_all(scene.waiting_message())
    assert scene.close(NOW) == 0
    scene.hear((keep_death, facts.person_died()))

    assert scene.close(NOW) == 1

    assert (scene.now(message).state, scene.now(message).reason) == ("suppressed", "deceased")
    assert of_messages(scene.tasks) == []
    assert scene.close(NOW) == 0


def test_what_is_held_for_everybody_is_over_and_forgotten_after_a_week(scene):
    on_its_way = scene.waiting_message()
    scene.hold()
    held = scene.waiting_message()
    scene.hear((keep_death, facts.person_died()))

    assert scene.close(NOW) == 1
    assert (scene.now(held).state, scene.now(held).reason) == ("suppressed", "deceased")
    assert scene.now(held).facts is not None
    assert scene.empty(7 * DAY) == 1
    assert scene.now(held).facts is None
    assert scene.now(on_its_way).state == "waiting"  # its errand finds that nobody is told


def test_a_death_under_another_id_counts(scene):
    message, twin = scene.fail_all(scene.waiting_message()), uuid4()
    scene.hear(
        (keep_contact_details, facts.contact_details(person_id=twin)),
        (keep_merged, facts.people_merged(facts.ALEX, twin)),
        (keep_death, replace(facts.person_died(), person_id=twin)),
    )

    assert scene.close(NOW) == 1
    assert scene.now(message).state == "suppressed"


def test_what_somebody_has_seen_to_stays_as_they_left_it(scene):
    message = scene.fail_all(scene.waiting_message())
    scene.do(RecordSeenTo(message_id=message.message_id, seen_to_by=uuid4()))
    scene.hear((keep_death, facts.person_died()))

    assert scene.close(NOW) == 0
    assert scene.now(message).state == "failed"


def test_a_death_that_was_taken_back_closes_nothing(scene):
    message = scene.fail_all(scene.waiting_message())
    scene.hear((keep_death, facts.person_died()))
    with scene.transaction() as session:
        (command,) = queries.of_the_dead(None, session=session)
    scene.hear((keep_life, facts.death_corrected()))

    with scene.transaction() as session:
        handlers.close_message(command, session=session, trace=a_trace())

    assert scene.now(message).state == "failed"
    assert scene.close(NOW) == 0


def test_what_failed_to_reach_who_acts_for_them_is_over_and_what_colleagues_get_is_not(scene):
    scene.known()
    scene.team(("care_coordinator", "Jo Abu", "jo@trust.example"))
    scene.hear(
        (keep_representatives, facts.acted_for(facts.acting())),
        (assessment.tell_answer_late, facts.deadline_missed()),
    )
    for message in scene.messages():
        scene.fail_all(message)
    scene.hear((keep_death, facts.person_died()))

    assert scene.close(NOW) == 2

    ended = {(one.topic, one.audience): one.state for one in scene.messages()}
    assert ended["answer_late", "holder"] == "suppressed"
    assert ended["answer_late", "representative"] == "suppressed"
    assert ended["deadline_missed", "coordinator"] == "failed"
