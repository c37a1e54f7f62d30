"""A sign-in comes back once, to its provider, in its browser and in time: by our own record alone.

Behind it stand other guards: a code is good for one client, one verifier and once.
"""

from datetime import timedelta

import pytest

from services.gateway.signing_in import handlers
from services.gateway.signing_in.commands import BeginSignIn
from tests.factories import TUESDAY_AT_TEN

BEGUN = BeginSignIn(
    provider="cis2", state="a-state", browser="a-browser", return_to="/v1/me", app=None
)
RIGHT = {"state": "a-state", "provider": "cis2", "browser": "a-browser"}


@pytest.fixture
def take(gateway):
    """Take back a sign-in that has begun, with some of it changed."""
    with gateway.transactions.begin() as session:
        handlers.begin(BEGUN, session=session, at=TUESDAY_AT_TEN)

    def take_back(*, after=timedelta(minutes=1), **changed):
        told = {**RIGHT, **changed}
        with gateway.transactions.begin() as session:
            return handlers.take(
                told["state"],
                provider=told["provider"],
                browser=told["browser"],
                session=session,
                at=TUESDAY_AT_TEN + after,
            )

    return take_back


def test_it_comes_back_once(take):
    assert take().return_to == "/v1/me"
    assert take() is None


@pytest.mark.parametrize(
    "changed",
    [
        {"provider": "nhs-login"},
        {"browser": "another-browser"},
        {"browser": ""},
        {"after": timedelta(minutes=10)},
    ],
    ids=str,
)
def test_what_is_not_as_it_was_is_refused_and_used_up(take, changed):
    assert take(**changed) is None
    assert take() is None


def test_a_state_that_was_never_given_out_takes_nothing(take):
    assert take(state="another-state") is None
    assert take() is not None
