from uuid import uuid4

import pytest

from services.payments.exceptions import queries
from services.payments.exceptions.commands import (
    ExceptionsAsked,
    RaiseException,
    ResolveException,
)
from services.payments.exceptions.handlers import raise_exception, resolve_exception
from services.payments.exceptions.rules import (
    HANDLING,
    OF_PURCHASES,
    AlreadyResolvedError,
    ExceptionKind,
    Resolution,
    ResolutionNotPossibleError,
)
from shared.errors import NotFoundError

AN_OVER_CAPTURE = RaiseException(
    kind=ExceptionKind.OVER_CAPTURE, about=f"purchase/{uuid4()}", amount_pence=5_00
)


@pytest.fixture
def listed(transaction):
    def ask(*, role=None, is_open=True):
        asked = ExceptionsAsked(role=role, purchase_id=None, is_open=is_open)
        with transaction() as session:
            return queries.exceptions(asked, session=session)

    return ask


def resolution_of(exception_id, **changed):
    return ResolveException(
        **{
            "exception_id": exception_id,
            "resolved_by": uuid4(),
            "resolution": Resolution.ACCEPTED,
            "reason": "The shop had raised its price; the person agreed.",
            **changed,
        }
    )


def test_what_went_wrong_is_raised_and_told_once(carry_out, listed, told):
    first = carry_out(raise_exception, AN_OVER_CAPTURE)
    again = carry_out(raise_exception, AN_OVER_CAPTURE)

    (one,) = listed()
    (event,) = told("exception_raised")
    assert (first, again) == (one["exception_id"], None)
    assert event["exception_id"] == str(first)
    assert (event["amount_pence"], event["role"]) == (5_00, "broker")


def test_an_open_exception_is_a_task_of_its_role_until_somebody_ends_it(
    carry_out, transaction, listed, told
):
    exception_id = carry_out(raise_exception, AN_OVER_CAPTURE)

    def tasks(role):
        with transaction() as session:
            return queries.open_tasks({"role": role}, session=session)

    (task,) = tasks("broker")
    assert (task["task_id"], task["kind"]) == (exception_id, "over_capture")
    assert tasks("finance_officer") == []

    command = resolution_of(exception_id)
    answers = [carry_out(resolve_exception, command) for _ in range(2)]

    assert answers == [{"exception_id": exception_id, "resolution": "accepted"}] * 2
    assert (tasks("broker"), listed()) == ([], [])
    (ended,) = listed(is_open=False)
    assert (ended["resolved_by"], ended["reason"]) == (command.resolved_by, command.reason)
    assert [event["resolution"] for event in told("exception_resolved")] == ["accepted"]


def test_it_ends_once_and_only_in_a_way_that_its_kind_can_end(carry_out, listed):
    exception_id = carry_out(raise_exception, AN_OVER_CAPTURE)

    with pytest.raises(ResolutionNotPossibleError) as refused:
        carry_out(resolve_exception, resolution_of(exception_id, resolution=Resolution.NOT_OURS))
    assert refused.value.details == {"possible": "accepted, disputed, refund_asked"}
    assert listed()[0]["resolution"] is None

    carry_out(resolve_exception, resolution_of(exception_id))
    with pytest.raises(AlreadyResolvedError):
        carry_out(resolve_exception, resolution_of(exception_id, resolution=Resolution.DISPUTED))
    with pytest.raises(NotFoundError):
        carry_out(resolve_exception, resolution_of(uuid4()))

    assert listed(is_open=False)[0]["resolution"] == "accepted"


def test_every_kind_has_somebody_whose_it_is_and_a_way_to_end():
    assert set(HANDLING) == set(ExceptionKind)
    assert all(handling.role for handling in HANDLING.values())
    by_hand = {kind for kind, handling in HANDLING.items() if handling.resolutions}
    assert by_hand | OF_PURCHASES == set(ExceptionKind)
