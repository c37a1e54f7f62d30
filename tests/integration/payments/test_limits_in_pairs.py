"""How limits are asked for in JSON, and what keeps two people two when they come at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from services.payments.access import ACCESS
from services.payments.limits.handlers import confirm_spending_limit, limits_on, set_spending_limit
from services.payments.limits.models import SpendingLimit
from services.payments.limits.rules import LimitCountsError
from services.payments.limits.schemas import ConfirmSpendingLimitForm, SetSpendingLimitForm
from shared.contracts.actor import system
from shared.messaging.answering import Call, answer_command
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.payments import facts

TODAY = TUESDAY_AT_TEN.date()
TOMORROW = TODAY + timedelta(days=1)
FORMS = {
    set_spending_limit: SetSpendingLimitForm,
    confirm_spending_limit: ConfirmSpendingLimitForm,
}


@pytest.fixture
def call(transaction):
    """Send a command's JSON, as the edge does; returns the answer's JSON."""

    def send(handler, request):
        asked = Call(
            operation=handler.__name__,
            request=request,
            actor=system("tests"),
            command_id=uuid4(),
        )
        return answer_command(
            asked,
            schema=FORMS[handler](),
            handler=handler,
            transaction=transaction,
            access=ACCESS,
            trace=a_trace(),
        )

    return send


def in_json(command):
    return {
        name: value if isinstance(value, int) else str(value)
        for name, value in ((name, getattr(command, name)) for name in command.__slots__)
    }


def test_a_limit_is_set_and_confirmed_in_json(call):
    limit = facts.a_limit(asks_up_to_pence=600_00, counts_for_days=7)
    alone = facts.confirming(limit, by=limit.set_by)

    kept = call(set_spending_limit, in_json(limit))
    refused = call(confirm_spending_limit, in_json(alone))
    confirmed = call(confirm_spending_limit, in_json(facts.confirming(limit)))

    answer = {
        "role": "broker",
        "from_on": TODAY.isoformat(),
        "counts": False,
        "loosens": ["asks_up_to_pence", "counts_for_days"],
    }
    assert kept == {"result": answer}
    assert refused["refusal"]["code"] == "same_person"
    assert confirmed == {"result": answer | {"counts": True}}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("role", ""),
        ("role", "r" * 51),
        ("role", "4242 4242 4242 4242"),
        ("from_on", "tomorrow"),
        ("from_on", None),
        ("confirmed_by", "somebody"),
        ("confirmed_by", None),
        ("counts", True),
    ],
)
def test_a_confirmation_that_is_not_as_it_must_be_lets_nothing_count(
    *, call, carry_out, transaction, name, value
):
    limit = facts.a_limit()
    carry_out(set_spending_limit, limit)
    with transaction() as session:
        before = limits_on(session, TODAY)

    answer = call(confirm_spending_limit, in_json(facts.confirming(limit)) | {name: value})

    assert answer["refusal"]["details"].keys() == {name}
    with transaction() as session:
        assert limits_on(session, TODAY) == before


def test_the_tables_themselves_take_one_person_for_no_two(carry_out, transaction):
    limit = facts.a_limit()
    carry_out(set_spending_limit, limit)
    alone = {"counts": True, "confirmed_by": limit.set_by, "confirmed_at": TUESDAY_AT_TEN}

    for values, check in ((alone, "two_people"), ({"counts": True}, "counts_when_confirmed")):
        with transaction() as session, pytest.raises(IntegrityError, match=check):
            session.execute(update(SpendingLimit).values(values))


def test_of_those_who_confirm_at_once_one_has(carry_out, transaction):
    limit = facts.a_limit()
    carry_out(set_spending_limit, limit)

    def confirm(_number):
        try:
            return carry_out(confirm_spending_limit, facts.confirming(limit))["counts"]
        except LimitCountsError as refusal:
            return refusal.code

    with ThreadPoolExecutor(3) as people:
        answers = list(people.map(confirm, range(3)))

    assert sorted(map(str, answers)) == ["True", "limit_counts_already", "limit_counts_already"]
    with transaction() as session:
        assert limits_on(session, TODAY)["broker"].asks_up_to_pence == 1_000_00


@pytest.mark.parametrize("handler", [set_spending_limit, confirm_spending_limit])
def test_whoever_comes_at_once_waits_until_the_first_is_kept(carry_out, transaction, handler):
    limit, of_others = facts.a_limit(), facts.a_limit(role="team_manager")
    for one in (limit, of_others):
        carry_out(set_spending_limit, one)
    commands = {
        set_spending_limit: facts.a_limit(role="team_manager", from_on=TOMORROW),
        confirm_spending_limit: facts.confirming(of_others),
    }

    with transaction() as first:
        confirm_spending_limit(facts.confirming(limit), session=first, trace=a_trace())
        with transaction() as session:
            session.execute(text("SET LOCAL lock_timeout = 50"))
            with pytest.raises(DBAPIError, match="lock timeout"):
                handler(commands[handler], session=session, trace=a_trace())
