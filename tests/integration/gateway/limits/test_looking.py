"""How many people's records one reader sees within an hour, at the door."""

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from uuid import uuid4

import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from services.gateway.app import app_on
from services.gateway.limits import limiter as limiter_module
from services.gateway.limits.limiter import Limiter
from services.gateway.limits.rules import Limits
from services.gateway.visitors import Visitor
from tests.integration.gateway.visiting import Direct

AWAY = 503  # no service stands behind this door: who got so far was let through
MOST = 3


def a_reader(role="finance_officer", name="officer-1"):
    return Visitor(
        client=name, actor_id=name, roles=(role,), organisation="council", purpose="finance"
    )


@pytest.fixture
def door(transactions, clock):
    """A door with nothing behind it, at which three people an hour are enough."""
    limiter = Limiter(transactions=transactions, now=clock.now, limits=Limits(people_per_hour=MOST))
    asks = SimpleNamespace(who=a_reader())
    app = app_on(Direct({}), who_asks=lambda: asks.who, take_look=limiter.take_look)

    def read(path, *, who=None, method="GET", **more):
        asks.who = who or a_reader()
        return app.test_client().open(f"/v1{path}", method=method, **more)

    return read


def a_budget():
    return f"/budgets/{uuid4()}/repayments"


def statuses(answers):
    return [answer.status_code for answer in answers]


def test_who_has_looked_at_enough_people_sees_no_more_and_an_operator_hears_of_it(door):
    seen = [a_budget() for _ in range(MOST)]
    assert statuses(map(door, seen)) == [AWAY] * MOST

    with capture_logs([merge_contextvars]) as lines:
        answer = door(a_budget())

    assert (answer.status_code, answer.json["code"]) == (429, "too_many_people")
    assert int(answer.headers["Retry-After"]) > 0
    (line,) = [line for line in lines if line["event"] == "too_many_people"]
    assert line == {
        "event": "too_many_people",
        "log_level": "warning",
        "reader": "officer-1",
        "kind": "budget_id",
        "request_id": answer.json["request_id"],
    }


def test_those_who_were_looked_at_can_be_looked_at_again(door):
    seen = [a_budget() for _ in range(MOST)]
    for path in (*seen, a_budget()):
        door(path)

    assert statuses(map(door, seen * 3)) == [AWAY] * 3 * MOST


def test_an_hour_later_there_is_room_for_others(door, clock):
    for _ in range(MOST):
        door(a_budget())
        clock.wait(minutes=10)

    clock.wait(minutes=29)
    assert door(a_budget()).status_code == 429
    clock.wait(minutes=1)
    assert statuses([door(a_budget()), door(a_budget())]) == [AWAY, 429]


def test_a_look_counts_an_hour_from_the_last_time(door, clock):
    first = a_budget()
    door(first)
    clock.wait(minutes=50)
    door(first)
    for _ in range(MOST - 1):
        door(a_budget())

    clock.wait(minutes=50)

    assert door(a_budget()).status_code == 429


def test_everybody_is_counted_by_themselves(door):
    for _ in range(MOST + 1):
        door(a_budget())

    assert door(a_budget(), who=a_reader(name="officer-2")).status_code == AWAY


def test_a_holder_is_never_counted(door):
    holder = a_reader("budget_holder", "person-1")

    assert statuses(door(a_budget(), who=holder) for _ in range(MOST + 2)) == [AWAY] * (MOST + 2)


def test_whoever_may_not_at_all_is_told_that_and_not_counted(door):
    administrator = a_reader("administrator")

    answers = [door(a_budget(), who=administrator) for _ in range(MOST + 1)]

    assert statuses(answers) == [403] * (MOST + 1)
    assert door(a_budget()).status_code == AWAY


def test_a_person_their_case_and_their_plan_are_one_of_each(door):
    coordinator = a_reader("care_coordinator", "coordinator-1")
    paths = [
        path
        for _ in range(MOST)
        for path in (
            f"/cases/{uuid4()}",
            f"/people/{uuid4()}/messages",
            f"/plans/{uuid4()}/differences?from=1&to=2",
        )
    ]

    assert 429 not in statuses(door(path, who=coordinator) for path in paths)
    assert door(f"/cases/{uuid4()}", who=coordinator).status_code == 429
    assert door(f"/people/{uuid4()}/messages", who=coordinator).status_code == 429


def test_every_search_for_a_person_counts_as_one_whomever_it_finds(door):
    coordinator = a_reader("care_coordinator", "coordinator-1")
    asked = {"method": "POST", "who": coordinator, "json": {"nhs_number": "9434765919"}}

    answers = [door("/people/search", **asked) for _ in range(MOST + 1)]

    assert statuses(answers) == [AWAY] * MOST + [429]


def test_no_more_are_let_through_however_many_ask_at_once(transactions, clock):
    limiter = Limiter(transactions=transactions, now=clock.now, limits=Limits(people_per_hour=MOST))
    route = SimpleNamespace(is_search=False)

    def look(_):
        try:
            limiter.take_look(a_reader(), route, {"budget_id": uuid4()})
        except limiter_module.ProblemError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(look, range(24))) == MOST
