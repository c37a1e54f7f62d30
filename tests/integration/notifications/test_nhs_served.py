"""Who is served by NHS Notify gets a message by it once, whatever becomes of the calls."""

import threading
from uuid import uuid4

import pytest
import requests
from sqlalchemy import select, text
from werkzeug.serving import make_server

from operations.errand_runner import ErrandRunner
from services.notifications import errands
from services.notifications.delivery import claims
from services.notifications.delivery.rules import Outgoing
from services.notifications.from_assessment import subscribers as assessment
from services.notifications.from_budget import subscribers as budget
from services.notifications.messages.models import Delivery, Message
from services.notifications.people.models import CareTeam, Person
from services.notifications.people.subscribers import (
    keep_care_team,
    keep_contact_details,
    keep_merged,
    keep_representatives,
)
from services.notifications.provider_settings import NhsCallbackSettings
from services.notifications.serving import Serving
from services.notifications.settings import CallbackSettings
from services.notifications.web import application
from shared.database import open_sessions
from shared.settings import ServiceSettings
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.notifications import facts
from tests.simulators import nhs_notify_server as server
from tests.simulators.listener import running

NUMBER = "9990000018"
TRUST = "nhs-trust"
COORDINATOR = ("care_coordinator", "Jo Abu", "jo@trust.example")
NHS = "nhs-notify"
CHOICE = f'[organisations.{TRUST}];sms = "{NHS}";email = "{NHS}"'
SETTINGS = {
    "NOTIFICATIONS_PROVIDERS": CHOICE,
    "NOTIFICATIONS_NOTIFY_URL": "http://127.0.0.1:1",  # nobody is there
    "NOTIFICATIONS_NHS_API_KEY": server.API_KEY,
    "NOTIFICATIONS_NHS_KEY_ID": server.KEY_ID,
    "NOTIFICATIONS_NHS_PRIVATE_KEY": server.PRIVATE_KEY_SETTING,
    "NOTIFICATIONS_NHS_TIMEOUT_SECONDS": "0.5",
    "COMMONPURSE_WAKE_DIR": "",
}


@pytest.fixture
def served(known, team):
    """Have Alex's care led by an organisation, and their NHS number known or not."""

    def be_served(organisation=TRUST, *, role="care_coordinator", **changed):
        known(**{"nhs_number": NUMBER, **changed})
        team((role, *COORDINATOR[1:]), organisation=organisation)

    return be_served


@pytest.fixture
def nhs_url(transaction, engines):
    """Serve NHS Notify, with our own door for its callbacks."""
    nhs = NhsCallbackSettings(application_id=server.APPLICATION_ID, api_key=server.CALLBACK_KEY)
    door = application(
        sessions=open_sessions(engines("notifications")),
        settings=CallbackSettings(token="a-token-for-receipts"),
        nhs=nhs,
    )
    with (
        running(make_server("127.0.0.1", 0, door, threaded=True)) as web_url,
        server.nhs_notify_server(
            f"{web_url}/callbacks/nhs", NHS_NOTIFY_CALLBACK_RETRY_SECONDS="0.05"
        ) as url,
    ):
        yield url


@pytest.fixture
def plan(nhs_url):
    def plan_fault(fault, **details):
        body = {"fault": fault, **details}
        assert requests.post(f"{nhs_url}/_sim/faults", json=body, timeout=5).status_code == 201

    return plan_fault


@pytest.fixture
def running_errands(servers, transaction, nhs_url, monkeypatch, suite_clock):
    environment = servers.process_environment("notifications-errands") | SETTINGS
    for name, value in {**environment, "NOTIFICATIONS_NHS_URL": nhs_url}.items():
        monkeypatch.setenv(name, value)
    runner = ErrandRunner(
        service="notifications", settings=ServiceSettings.from_environment(), kinds=errands.kinds()
    )
    thread = threading.Thread(target=runner.run)
    thread.start()
    yield
    runner.stop()
    thread.join()


def accepted(nhs_url):
    return requests.get(f"{nhs_url}/_inbox.json", timeout=5).json()


UNTOLD = {"fault": "lose_callback", "times": 3}


@pytest.mark.parametrize(
    ("faults", "state"),
    [
        ([], "delivered"),
        ([{"fault": "drop_after_store"}], "delivered"),
        ([{"fault": "drop_after_store"}, UNTOLD], "accepted"),
        ([{"fault": "slow", "seconds": 1.5}], "delivered"),
        ([{"fault": "slow", "seconds": 1.5}, UNTOLD], "accepted"),
        ([{"fault": "slow", "seconds": 1.5}, {"fault": "drop_after_store"}], "delivered"),
        ([{"fault": "error_504_then_sent"}, {"fault": "rate_limit", "nth": 2}], "delivered"),
    ],
)
@pytest.mark.usefixtures("running_errands")
def test_it_has_each_message_once(  # noqa: PLR0917 - what a test needs
    served, hear, plan, ended, nhs_url, faults, state
):
    served()
    for fault in faults:
        plan(**fault)

    hear((budget.tell_refund, facts.refund_posted()))

    message = ended(state)
    [taken] = accepted(nhs_url)
    assert (taken["reference"], taken["nhs_number"]) == (str(message.delivery_id), NUMBER)
    assert taken["personalisation"] == {"sms_body": message.body}
    assert [(one.channel, one.provider) for one in message.deliveries] == [("sms", NHS)]


# By which provider, and with which number


@pytest.fixture
def claimed(servers, transaction, monkeypatch, engines):
    """Claim each delivery that is ready; returns its provider and what it would be sent."""
    environment = {**servers.process_environment("notifications-errands"), **SETTINGS}
    serving = Serving.from_environment({**environment, "NOTIFICATIONS_NHS_URL": "http://nowhere"})

    def claim_each():
        found = {}
        with transaction() as session:
            rows = select(Delivery, Message).join(Message).order_by(Message.created_at)
            for delivery, message in session.execute(rows).all():
                outgoing = claims.claim(
                    delivery.delivery_id,
                    provider_of=serving.provider_of,
                    called_at=TUESDAY_AT_TEN,
                    session=session,
                    trace=a_trace(at=TUESDAY_AT_TEN),
                )
                assert isinstance(outgoing, Outgoing)
                found[message.audience] = (delivery.provider, outgoing.nhs_number)
        return found

    return claim_each


def test_the_organisation_is_that_of_the_care_coordinator(served, hear, claimed):
    served()

    hear((budget.tell_refund, facts.refund_posted()))

    assert claimed() == {"holder": (NHS, NUMBER)}


@pytest.mark.parametrize(
    "how",
    [
        {"organisation": "council"},
        {"role": "broker"},
        {"nhs_number": None},
        {"preferred_channel": "letter"},
    ],
)
def test_others_people_and_whom_it_cannot_find_it_does_not_serve(served, hear, claimed, how):
    served(**how)

    hear((budget.tell_refund, facts.refund_posted()))

    assert claimed() == {"holder": ("govuk-notify", None)}


def test_of_a_person_whose_care_nobody_is_known_to_lead_it_knows_nothing(known, hear, claimed):
    known(nhs_number=NUMBER)

    hear((budget.tell_refund, facts.refund_posted()))

    assert claimed() == {"holder": ("govuk-notify", None)}


def test_a_team_that_an_earlier_release_kept_has_no_organisation(
    served, hear, claimed, transaction
):
    served()
    with transaction() as session:
        team = session.get_one(CareTeam, facts.ALEX)
        team.members = [
            {name: value for name, value in one.items() if name != "organisation"}
            for one in team.members
        ]

    hear((budget.tell_refund, facts.refund_posted()))

    assert claimed() == {"holder": ("govuk-notify", None)}


def test_it_never_serves_who_acts_for_the_person_or_works_with_them(served, hear, claimed):
    served()
    hear((keep_representatives, facts.acted_for(facts.acting())))

    hear((assessment.tell_answer_late, facts.deadline_missed()))

    found = claimed()
    assert found["holder"] == (NHS, NUMBER)
    assert len(found) > 1
    beside = {how for audience, how in found.items() if audience != "holder"}
    assert beside == {("govuk-notify", None)}


def test_a_merged_person_is_found_as_the_surviving_record_says(served, hear, claimed, known):
    other = uuid4()
    served(nhs_number=None)
    hear(
        (keep_contact_details, facts.contact_details(person_id=other, nhs_number=NUMBER)),
        (keep_care_team, facts.care_team(COORDINATOR, person_id=other, organisation=TRUST)),
        (keep_merged, facts.people_merged(facts.ALEX, other)),
    )

    hear((budget.tell_refund, facts.refund_posted()))

    assert claimed() == {"holder": (NHS, NUMBER)}


def test_the_number_is_sealed_in_the_database(known, transaction):
    known(nhs_number=NUMBER)

    with transaction() as session:
        (kept,) = session.scalars(text("SELECT nhs_number FROM people"))
        assert NUMBER.encode() not in bytes(kept)
        assert session.get_one(Person, facts.ALEX).nhs_number == NUMBER


def test_a_later_version_takes_a_number_back(known, transaction):
    known(nhs_number=NUMBER)
    known(nhs_number=None, version=2)
    known(nhs_number=NUMBER, version=1)

    with transaction() as session:
        assert session.get_one(Person, facts.ALEX).nhs_number is None
