"""What the tests of those beside the person do again and again."""

from types import SimpleNamespace
from uuid import uuid4

import pytest

from services.notifications.latecomers.subscribers import keep_representatives
from services.notifications.messages import queries
from services.notifications.preferences.handlers import set_preferences
from services.notifications.preferences.schemas import SetPreferencesForm
from services.notifications.safeguarding.handlers import (
    hold_for_safeguarding,
    release_safeguarding_hold,
)
from services.notifications.safeguarding.schemas import (
    HoldForSafeguardingForm,
    ReleaseSafeguardingHoldForm,
)
from services.notifications.unsubscribe.addresses import KEY, WEB_ADDRESS
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.notifications import facts

HOLD_ID = str(uuid4())


@pytest.fixture
def transaction(emptied):
    """Transactions on the database of notifications, emptied first."""
    return emptied("notifications")


@pytest.fixture
def unsubscribing(monkeypatch):
    """Have an address at which e-mails end by one click."""
    monkeypatch.setenv(WEB_ADDRESS, "https://messages.example")
    monkeypatch.setenv(KEY, "the key of this test")


@pytest.fixture
def acted(hear):
    """Let it be known who acts for Alex."""

    def arrive(*representatives, **changed):
        hear((keep_representatives, facts.acted_for(*representatives, **changed)))

    return arrive


@pytest.fixture
def staffed(team):
    team(
        ("broker", "Kim Ng", "kim@brokerage.example"),
        ("care_coordinator", "Jo Abu", "jo@trust.example"),
        ("multidisciplinary_team", "Lee Roe", "lee@trust.example"),
        ("team_manager", "Ash Roe", "ash@council.example"),
    )


@pytest.fixture
def others(messages):
    """Return the messages to those beside the person, by audience."""

    def by_audience():
        return {one.audience: one for one in messages() if one.audience != "holder"}

    return by_audience


@pytest.fixture
def choose(transaction):
    def choose_it(*copied, **changed):
        chosen = {
            "person_id": str(facts.ALEX),
            "channels": ["email"],
            "copied": [str(one) for one in copied],
            "set_by": str(uuid4()),
            "reason": "They said so on the phone.",
        }
        with transaction() as session:
            command = SetPreferencesForm().load({**chosen, **changed})
            set_preferences(command, session=session, trace=a_trace())

    return choose_it


@pytest.fixture
def hold(transaction):
    def hold_it(channel=None):
        asked = {
            "hold_id": HOLD_ID,
            "person_id": str(facts.ALEX),
            "channel": channel,
            "review_by": "2026-12-08",
            "set_by": str(uuid4()),
            "reason": "Somebody else reads what they get.",
        }
        with transaction() as session:
            command = HoldForSafeguardingForm().load(asked)
            hold_for_safeguarding(command, session=session, trace=a_trace())

    return hold_it


@pytest.fixture
def release(transaction, do):
    def release_it():
        asked = {"hold_id": HOLD_ID, "released_by": str(uuid4()), "reason": "It is over."}
        with transaction() as session:
            command = ReleaseSafeguardingHoldForm().load(asked)
            release_safeguarding_hold(command, session=session, trace=a_trace())
        with transaction() as session:
            due = queries.due(TUESDAY_AT_TEN, session=session)
        do(*due)

    return release_it


@pytest.fixture
def scene(request):
    """All that these tests do again and again, by its name."""
    names = (
        *("known", "acted", "team", "hear", "messages", "others", "claim", "accept", "do", "now"),
        *("tasks", "events", "choose", "hold", "release", "transaction"),
    )
    return SimpleNamespace(**{name: request.getfixturevalue(name) for name in names})
