"""Partners hear what their agreements list, of those of whom they may hear, once and in order."""

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from clients.edge import RefusedError
from services.partners import partnership
from services.partners.errands import PassingOn, record
from services.partners.outbound import replaying, subscribers
from services.partners.outbound.commands import Replay
from services.partners.outbound.replaying import TooMuchAtOnceError, replay
from services.partners.outgoing import OUTGOING
from services.partners.partnership import Partnership
from services.partners.service import PartnersService
from shared.contracts.assessment.consent import Shared, SharingChanged
from shared.contracts.assessment.people import CareTeamChanged, PeopleMerged, TeamMember
from shared.contracts.assessment.referrals import ReferralReceived
from shared.contracts.assessment.reviews import ReviewDue
from shared.contracts.budget.budgets import BudgetActivated
from shared.contracts.budget.contributions import ContributionCalled
from shared.contracts.budget.holds import HoldCaptured
from shared.database import open_sessions
from shared.messaging.answering import Call
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.partners.conftest import a_message

PERSON_ID = uuid4()
GATEWAY = "https://purse.example"
LATER = TUESDAY_AT_TEN + timedelta(hours=1)


@pytest.fixture(autouse=True)
def known(register, monkeypatch):
    here = Partnership(register=register, outgoing=OUTGOING, gateway_url=GATEWAY)
    monkeypatch.setattr(partnership, "current", lambda: here)


@pytest.fixture
def hear(transaction):
    def hear_it(event, subscriber=subscribers.hear):
        with transaction() as session:
            subscriber(event, session=session, trace=a_trace())

    return hear_it


@pytest.fixture
def work_with(hear):
    """Let organisations work with the person, from a version of the team on."""

    def team(*organisations, version=1, at=TUESDAY_AT_TEN):
        members = [
            TeamMember(staff_id=uuid4(), role="practitioner", name="A", organisation=one)
            for one in organisations
        ]
        event = CareTeamChanged(
            occurred_at=at, person_id=PERSON_ID, version=version, members=members
        )
        hear(event, subscribers.keep_care_team)

    return team


def review_due(**changed):
    event = ReviewDue(
        occurred_at=TUESDAY_AT_TEN,
        review_id=uuid4(),
        referral_id=uuid4(),
        person_id=PERSON_ID,
        kind="planned",
        due_on=date(2026, 12, 1),
    )
    return replace(event, **changed)


def called(agreement, **changed):
    event = ContributionCalled(
        occurred_at=TUESDAY_AT_TEN,
        contribution_id=uuid4(),
        budget_id=uuid4(),
        funder_id=agreement.funder_id,
        amount_pence=100_00,
        due_on=date(2026, 12, 1),
    )
    return replace(event, **changed)


def test_who_works_with_the_person_hears_what_was_agreed_and_no_more(
    hear, work_with, replies, trust, council
):
    work_with("nhs-trust")
    event = review_due()

    hear(event)

    (message,) = replies(trust)
    assert message["type"] == "uk.commonpurse.assessment.review_due.v1"
    assert set(message["data"]) == {"review_id", "referral_id", "kind", "due_on"}
    assert message["dataref"] == f"{GATEWAY}/v1/cases/{event.referral_id}"
    assert replies(council) == []


def test_who_does_not_work_with_the_person_hears_nothing(hear, work_with, replies, trust, council):
    work_with("other-council")

    hear(review_due())

    assert replies(trust) == []
    assert replies(council) == []


def test_what_was_heard_before_the_team_was_known_is_told_then_once(
    hear, work_with, replies, trust
):
    hear(review_due(occurred_at=LATER))

    work_with("nhs-trust")
    work_with("nhs-trust", "council", version=2)

    assert len(replies(trust)) == 1


def test_who_comes_later_does_not_hear_what_was_before(hear, work_with, replies, council):
    work_with("nhs-trust")
    hear(review_due())

    work_with("nhs-trust", "council", version=2, at=LATER)

    assert replies(council) == []


def test_who_left_hears_no_more(hear, work_with, replies, trust):
    work_with("nhs-trust")
    work_with("council", version=2)

    hear(review_due())

    assert replies(trust) == []


def test_each_funder_hears_of_its_own_money_alone(hear, replies, trust, council):
    hear(called(trust))

    assert [one["data"]["amount_pence"] for one in replies(trust)] == [100_00]
    assert replies(council) == []


def test_a_funder_hears_of_what_its_budget_spends_by_a_signal(hear, replies, trust, council):
    first = called(trust)
    hear(first)

    hear(
        HoldCaptured(
            occurred_at=LATER,
            purchase_id=uuid4(),
            version=1,
            budget_id=first.budget_id,
            posted_pence=35_00,
            held_pence=0,
            available_pence=65_00,
        )
    )

    signal = replies(trust)[-1]
    assert signal["data"] == {}
    assert signal["dataref"] == f"{GATEWAY}/v1/budgets/{first.budget_id}"
    assert replies(council) == []


def test_a_budgets_events_in_any_order_are_told(hear, work_with, replies, council):
    work_with("council")
    budget_id = uuid4()
    captured = HoldCaptured(
        occurred_at=LATER,
        purchase_id=uuid4(),
        version=1,
        budget_id=budget_id,
        posted_pence=1,
        held_pence=0,
        available_pence=1,
    )
    activated = BudgetActivated(
        occurred_at=TUESDAY_AT_TEN,
        budget_id=budget_id,
        version=1,
        plan_id=uuid4(),
        person_id=PERSON_ID,
        available_pence=1,
    )

    hear(captured)
    hear(activated)

    assert {one["type"].split(".")[3] for one in replies(council)} == {
        "hold_captured",
        "budget_activated",
    }


def referral(organisation="nhs-trust"):
    return ReferralReceived(
        occurred_at=TUESDAY_AT_TEN,
        referral_id=uuid4(),
        person_id=PERSON_ID,
        source="nhs",
        organisation=organisation,
        answer_due_on=date(2026, 12, 1),
    )


@pytest.fixture
def share_with(hear):
    """Let the person share with organisations until a day, from a version of it on."""

    def sharing(*organisations, version=1, at=TUESDAY_AT_TEN, ends_on=None, person_id=PERSON_ID):
        began = TUESDAY_AT_TEN.date() - timedelta(days=1)
        shared = [
            Shared(organisation=one, starts_on=began, ends_on=ends_on) for one in organisations
        ]
        event = SharingChanged(occurred_at=at, person_id=person_id, version=version, shared=shared)
        hear(event, subscribers.keep_sharing)

    return sharing


def heard(messages):
    return [one["type"].split(".")[3] for one in messages]


def test_with_whom_a_person_shares_hears_of_them_until_they_agree_no_longer(
    hear, share_with, replies, trust, council
):
    hear(referral())
    share_with("nhs-trust")
    hear(review_due())
    share_with("nhs-trust", version=2, ends_on=TUESDAY_AT_TEN.date() - timedelta(days=1))

    hear(review_due())

    assert heard(replies(trust)) == ["referral_received", "review_due"]
    assert replies(council) == []


def test_who_is_agreed_to_again_hears_again_and_not_of_what_was_between(
    hear, share_with, replies, trust
):
    share_with(version=1)
    hear(review_due())
    share_with("nhs-trust", version=2, at=LATER)

    hear(review_due(occurred_at=LATER))

    assert heard(replies(trust)) == ["review_due"]


def test_a_consent_heard_of_late_opens_nothing_that_was_closed_since(
    hear, share_with, replies, trust
):
    share_with(version=2)
    hear(review_due(occurred_at=LATER))
    share_with("nhs-trust", version=1)

    hear(review_due())

    assert replies(trust) == []


def test_a_consent_heard_of_late_tells_nothing_of_the_time_in_which_there_was_none(
    hear, share_with, replies, trust
):
    share_with(version=2)
    hear(review_due(occurred_at=LATER))
    share_with("nhs-trust", version=3, at=LATER + timedelta(hours=1))
    share_with("nhs-trust", version=1)

    assert replies(trust) == []


def test_sharing_that_ended_before_two_records_became_one_stays_ended(
    hear, share_with, replies, trust
):
    other_id = uuid4()
    share_with("nhs-trust", person_id=other_id)
    hear(
        PeopleMerged(occurred_at=LATER, person_id=PERSON_ID, merged_person_id=other_id, version=2),
        subscribers.keep_merged,
    )
    told_before = len(replies(trust))
    for person_id in (PERSON_ID, other_id):
        share_with(version=3, person_id=person_id, at=LATER)

    hear(review_due(person_id=other_id))

    assert len(replies(trust)) == told_before


def test_two_records_of_one_person_are_one_person(hear, work_with, replies, trust):
    work_with("nhs-trust")
    other_id = uuid4()
    hear(
        PeopleMerged(occurred_at=LATER, person_id=PERSON_ID, merged_person_id=other_id, version=2),
        subscribers.keep_merged,
    )

    hear(review_due(person_id=other_id))

    assert replies(trust)[-1]["type"].endswith("review_due.v1")


def test_a_partner_that_lost_everything_is_told_again_under_the_same_ids(
    hear, work_with, replies, transaction, trust
):
    work_with("nhs-trust")
    for _ in range(3):
        hear(review_due())
    before = replies(trust)
    command = Replay(
        replay_id=uuid4(), partner=trust.code, person_id=PERSON_ID, since=None, until=None
    )

    with transaction() as session:
        answer = replay(command, session=session, trace=a_trace())

    assert answer["sent"] == 3
    assert replies(trust) == [*before, *before]


def test_a_replay_tells_nothing_that_a_partner_may_not_hear_any_more(
    hear, work_with, replies, transaction, trust
):
    work_with("nhs-trust")
    hear(review_due())
    work_with("council", version=2)
    command = Replay(
        replay_id=uuid4(), partner=trust.code, person_id=None, since=TUESDAY_AT_TEN, until=None
    )

    with transaction() as session:
        answer = replay(command, session=session, trace=a_trace())

    assert answer["sent"] == 0
    assert len(replies(trust)) == 1


@pytest.fixture
def ask_again(  # noqa: PLR0917 - what a test needs
    receive, errands, register, engines, transaction, replies
):
    """Ask, by the partner's own message, to be told again; returns what it is told then."""

    class Asked:
        """The service as it is called, without a broker between."""

        def command(self, actor, incoming, told, _correlation_id):
            worker = SimpleNamespace(
                name=PartnersService.name,
                transaction=transaction,
                access=PartnersService.access,
                trace=a_trace(at=LATER),
            )
            service, _, operation = incoming.operation.partition(".")
            assert service == worker.name
            call = Call(
                operation=operation,
                request=incoming.as_request(told),
                actor=actor,
                command_id=incoming.command_id(told),
            )
            answer = getattr(PartnersService, operation)(worker, call)
            if "refusal" in answer:
                raise RefusedError(answer["refusal"])
            return answer["result"]

    passing_on = PassingOn(
        sessions=open_sessions(engines("partners")), register=register, caller=Asked()
    )

    def asked(partner, **of_what):
        before = len(replies(partner))
        receive(a_message(partner, "replay.request.v1", data=of_what), partner)
        (arguments,) = errands()
        answer = passing_on.call(uuid4(), arguments)
        with transaction() as session:
            record(answer, arguments, session=session, trace=a_trace(at=LATER))
        return replies(partner)[before:]

    return asked


OF_WHAT = {
    "of a person": {"person_id": str(PERSON_ID)},
    "of a period": {"since": TUESDAY_AT_TEN.isoformat()},
}


@pytest.mark.parametrize("of_what", OF_WHAT.values(), ids=OF_WHAT)
def test_a_partner_that_asks_by_message_is_told_again_in_order_and_then_answered(  # noqa: PLR0917
    hear, work_with, replies, ask_again, trust, of_what
):
    work_with("nhs-trust")
    for hours in (2, 0, 1):  # in the order in which they came to us, whenever they happened
        hear(review_due(occurred_at=TUESDAY_AT_TEN + timedelta(hours=hours)))
    before = replies(trust)

    *told, answer = ask_again(trust, **of_what)

    assert len(before) == 3
    assert told == before
    assert answer["type"] == "uk.commonpurse.reply.accepted.v1"
    assert answer["data"]["ids"].keys() == {"replay_id"}


@pytest.mark.parametrize("heard", [2, 3])
def test_more_than_is_told_again_in_one_go_is_refused_and_none_of_it_is_told(  # noqa: PLR0917
    hear, work_with, replies, ask_again, trust, monkeypatch, heard
):
    monkeypatch.setattr(replaying, "MOST", 2)
    work_with("nhs-trust")
    for _ in range(heard):
        hear(review_due())

    *told, answer = ask_again(trust, **OF_WHAT["of a period"])

    if heard > replaying.MOST:
        assert told == []
        assert answer["type"] == "uk.commonpurse.reply.rejected.v1"
        assert answer["data"]["code"] == "too_much_at_once"
        assert answer["data"]["next_step"] == TooMuchAtOnceError.next_step
    else:
        assert len(told) == heard
        assert answer["type"] == "uk.commonpurse.reply.accepted.v1"


def test_too_much_at_once_puts_nothing_on_its_way(  # noqa: PLR0917 - what a test needs
    hear, work_with, replies, transaction, trust, monkeypatch
):
    monkeypatch.setattr(replaying, "MOST", 2)
    work_with("nhs-trust")
    for _ in range(3):
        hear(review_due())
    command = Replay(
        replay_id=uuid4(), partner=trust.code, person_id=None, since=TUESDAY_AT_TEN, until=None
    )

    with pytest.raises(TooMuchAtOnceError), transaction() as session:
        replay(command, session=session, trace=a_trace())

    assert len(replies(trust)) == 3
