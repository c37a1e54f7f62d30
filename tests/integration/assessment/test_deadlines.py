"""Who has to do what by when, and what is told when it was not done."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from services.assessment.deadlines import handlers, queries
from services.assessment.deadlines.rules import Stage
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.assessment.desk import a_referral

WEDNESDAY = date(2026, 11, 25)
TOMORROW = TUESDAY_AT_TEN + timedelta(days=1)


@pytest.fixture
def referral_id(desk):
    return desk.ask("receive_referral", **a_referral())["referral_id"]


@pytest.fixture
def plan_id():
    return uuid4()


@pytest.fixture
def start(desk, referral_id, plan_id):
    def started(**changes):
        with desk.transaction() as session:
            asked = {
                "referral_id": UUID(referral_id),
                "stage": Stage.DECISION,
                "about_id": plan_id,
                "role": "care_coordinator",
                "due_on": WEDNESDAY,
                "trace": a_trace(at=desk.at),
            }
            handlers.start(session, **asked | changes)

    return started


@pytest.fixture
def where(desk, referral_id):
    def is_it(stage=Stage.DECISION):
        found = desk.ask("where_is_it", referral_id=referral_id)
        return [one for one in found if one["stage"] == stage]

    return is_it


def test_somebody_on_the_case_reads_who_decides_since_when_and_by_when(start, where):
    start()

    assert [(one["role"], one["since"], one["due_on"]) for one in where()] == [
        ("care_coordinator", TUESDAY_AT_TEN.isoformat(), "2026-11-25")
    ]


def test_the_most_urgent_comes_first(desk, start, referral_id):
    start(due_on=date(2026, 12, 3))
    start(stage=Stage.APPEAL, due_on=date(2026, 12, 1))

    found = [one["stage"] for one in desk.ask("where_is_it", referral_id=referral_id)]
    assert found.index("appeal") < found.index("decision")


def test_it_goes_to_another_role_and_that_role_has_it_since_then(desk, start, where):
    start()
    desk.at = TOMORROW
    start(role="team_manager", due_on=date(2026, 12, 2))

    assert [(one["role"], one["since"], one["due_on"]) for one in where()] == [
        ("team_manager", TOMORROW.isoformat(), "2026-12-02")
    ]


def test_what_was_done_waits_for_nobody(desk, start, where, plan_id):
    start()

    for _ in range(2):  # the second time nothing is open, and nothing happens
        with desk.transaction() as session:
            handlers.meet(session, stage=Stage.DECISION, about_id=plan_id, trace=a_trace())

    assert where() == []


def test_the_same_can_be_asked_for_again_after_it_was_done(desk, start, where, plan_id):
    start()
    with desk.transaction() as session:
        handlers.meet(session, stage=Stage.DECISION, about_id=plan_id, trace=a_trace())
    start(role="team_manager")

    assert [one["role"] for one in where()] == ["team_manager"]


def test_a_missed_deadline_is_told_once(desk, start, referral_id):
    start()
    desk.at = TUESDAY_AT_TEN + timedelta(days=2)

    for _ in range(2):
        desk.strike(queries.missed, handlers.tell_missed)

    (missed,) = desk.told("deadline_missed")
    assert (missed["stage"], missed["role"], missed["referral_id"], missed["due_on"]) == (
        "decision",
        "care_coordinator",
        referral_id,
        "2026-11-25",
    )


def test_two_processes_that_look_at_once_tell_of_it_once(desk, start):
    start()
    desk.at = TUESDAY_AT_TEN + timedelta(days=2)
    with desk.transaction() as session:
        found_by_both = queries.missed(desk.at, session=session)

    for _ in range(2):
        for command in found_by_both:
            with desk.transaction() as session:
                handlers.tell_missed(command, session=session, trace=a_trace(at=desk.at))

    assert len(desk.told("deadline_missed")) == 1


def test_nothing_is_missed_on_the_day_itself_nor_after_it_was_done(desk, start, plan_id):
    start()
    desk.at = TOMORROW
    desk.strike(queries.missed, handlers.tell_missed)
    with desk.transaction() as session:
        handlers.meet(session, stage=Stage.DECISION, about_id=plan_id, trace=a_trace(at=TOMORROW))
    desk.at = TUESDAY_AT_TEN + timedelta(days=2)
    desk.strike(queries.missed, handlers.tell_missed)

    assert desk.told("deadline_missed") == []


def test_a_deadline_that_is_moved_can_be_missed_again(desk, start):
    start()
    desk.at = TUESDAY_AT_TEN + timedelta(days=2)
    desk.strike(queries.missed, handlers.tell_missed)
    start(due_on=date(2026, 12, 1))
    desk.strike(queries.missed, handlers.tell_missed)
    desk.at = TUESDAY_AT_TEN + timedelta(days=8)
    desk.strike(queries.missed, handlers.tell_missed)

    assert [one["due_on"] for one in desk.told("deadline_missed")] == ["2026-11-25", "2026-12-01"]


def test_open_tasks_are_those_of_the_role_asked_for(desk, start, referral_id):
    start()

    tasks = desk.ask("open_tasks", role="care_coordinator")
    assert [task["kind"] for task in tasks] == ["decision", "referral_answer"]
    task = tasks[0]
    assert (task["kind"], task["about"]) == ("decision", f"referral/{referral_id}")
    assert task["due_at"] == "2026-11-26T00:00:00+00:00"  # the end of the day in London
    assert desk.ask("open_tasks", role="broker") == []
    assert task in desk.ask("open_tasks")


def test_nobody_knows_where_a_case_is_that_does_not_exist(desk):
    assert desk.refused("where_is_it", referral_id=str(uuid4()))["code"] == "not_found"
