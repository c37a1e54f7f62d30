"""A record is opened in an emergency: with a second person, for a day, to read, and told of."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from shared.contracts import catalogue
from shared.messaging.tables import OutboxMessage
from tests.factories import TUESDAY_AT_TEN
from tests.integration.assessment import desk
from tests.integration.gateway.assessment.visits import a_visitor, without

FOR_US = ("referral_id", "source", "organisation")  # who sends it, the door says
WHY = {"reason": "nobody_reachable", "words": "Found at night, could not say who cares for them."}


class Night:
    """The nurse of another trust, the colleague there, and who reviews what they do."""

    def __init__(self, gateway, case):
        self.gateway = gateway
        self.case = case.refer().staff()
        self.nurse = a_visitor("practitioner", organisation="another-trust")
        self.colleague = a_visitor("team_manager", organisation="another-trust")
        self.officer = a_visitor("information_officer", organisation="another-trust")
        self.know_colleague()

    def know_colleague(self):
        """Let the colleague be in the care team of somebody else, of whom they are no concern."""
        person = desk.a_person(
            nhs_number="9990000026",
            council_client_id=None,
            given_name="Robin",
            birth_date="1970-01-01",
        )
        other = self.gateway.do(
            a_visitor("care_coordinator", organisation="another-trust"),
            "/referrals",
            without(desk.a_referral(person=person), *FOR_US),
        )
        self.gateway.do(
            a_visitor("care_coordinator", organisation="another-trust"),
            f"/people/{other['person_id']}/care-team",
            {
                "role": "team_manager",
                "staff_id": self.colleague.actor_id,
                "name": "Ffion Night",
                "organisation": "another-trust",
                "employer": "another-trust",
                "email": "ffion@trust.example",
            },
        )

    @property
    def person_id(self):
        return self.case.person.actor_id

    def request(self, **changes):
        asked = {"person_id": self.person_id, "second_id": self.colleague.actor_id, **WHY}
        return asked | changes

    def open(self, **changes):
        return self.gateway.do(self.nurse, "/emergency-accesses", self.request(**changes))

    def refused(self, visitor=None, **changes):
        answer = self.gateway.send(
            visitor or self.nurse, "/emergency-accesses", self.request(**changes)
        )
        assert answer.status_code >= 400, answer.json
        return answer.json["code"]

    def told(self, event):
        with self.gateway.callers.transaction() as session:
            bodies = session.scalars(
                select(OutboxMessage.body)
                .where(OutboxMessage.event_type == f"assessment.{event}.v1")
                .order_by(OutboxMessage.position)
            )
            return [catalogue.data_of(body) for body in bodies]

    def reads(self):
        return self.gateway.get(self.nurse, self.case.case).status_code


@pytest.fixture
def night(gateway, case):
    return Night(gateway, case)


def test_it_is_opened_read_and_told(night):
    assert night.reads() == 404

    opened = night.open(person_id=None, nhs_number=desk.ALEX_NHS_NUMBER)

    assert opened["person_id"] == night.person_id
    assert opened["referral_ids"] == [night.case.case.rpartition("/")[2]]
    assert opened["ends_at"] == "2026-11-25T10:00:00+00:00"
    assert night.reads() == 200
    (told,) = night.told("emergency_access_opened")
    assert told["staff_id"] == night.nurse.actor_id
    assert (told["role"], told["organisation"]) == ("practitioner", "another-trust")
    assert WHY["words"] not in str(told)
    (wanted,) = night.told("emergency_answer_wanted")
    assert wanted["second_email"] == "ffion@trust.example"


def test_it_ends_by_itself_after_a_day(night):
    night.open()

    night.gateway.callers.at = TUESDAY_AT_TEN + timedelta(hours=24)

    assert night.reads() == 404


def test_nothing_is_written_by_it(night):
    night.open()
    admission = {"admitted_on": "2026-11-23", "expected_discharge_on": None}

    where = f"/people/{night.person_id}/admissions"
    answer = night.gateway.send(night.nurse, where, admission)

    assert (answer.status_code, answer.json["code"]) == (404, "not_known_yet")


def test_the_person_sees_in_the_access_log_who_it_was_and_that_it_was_an_emergency(night):
    night.open()
    night.reads()

    log = night.gateway.get(night.case.person, "/me/access-log")

    seen = [(one["operation"], one["purpose"]) for one in log.json["items"]]
    assert seen[:2] == [("case", "break_glass"), ("open_record_in_emergency", "direct_care")]
    reading, opening, *_ = log.json["items"]
    assert reading["actor_id"] == opening["actor_id"] == night.nurse.actor_id
    assert reading["organisation"] == "another-trust"
    assert reading["roles"] == ["practitioner"]
    assert {"reason", "second_id"} <= set(opening["fields"])


@pytest.mark.parametrize(
    "role", ["broker", "finance_officer", "administrator", "budget_holder", "auditor", "advocate"]
)
def test_who_has_no_business_in_a_crisis_opens_nothing(night, role):
    visitor = a_visitor(role, organisation="another-trust")

    assert night.refused(visitor) == "not_allowed"


def test_the_second_person_is_another_one_of_the_same_body(night):
    of_elsewhere = night.case.coordinator.actor_id

    for second_id in (night.nurse.actor_id, of_elsewhere, str(uuid4())):
        assert night.refused(second_id=second_id) == "second_person_unfit"
    assert night.told("emergency_access_opened") == []
    assert night.reads() == 404


def test_whom_nobody_knows_is_not_found_and_that_too_is_written_down(night):
    unknown = night.refused(person_id=None, nhs_number="9990000034")

    assert unknown == night.refused(person_id=str(uuid4())) == "not_found"


@pytest.mark.parametrize("changes", [{"nhs_number": desk.ALEX_NHS_NUMBER}, {"person_id": None}])
def test_one_identifier_is_given(night, changes):
    assert night.refused(**changes) == "invalid_request"


def test_who_works_with_the_person_opens_it_as_usual(night):
    member = night.case.coordinator
    mate = night.case.team["team_manager"].actor_id

    assert night.refused(member, second_id=mate) == "works_with_them"


def test_what_is_open_is_not_opened_again_and_a_repeat_is_one(night):
    answers = [
        night.gateway.send(night.nurse, "/emergency-accesses", night.request(), key="the-same-key")
        for _ in range(2)
    ]

    assert answers[0].json == answers[1].json
    assert night.refused() == "already_open"
    assert len(night.told("emergency_access_opened")) == 1


def test_the_second_person_confirms_and_it_goes_on(night):
    opened = night.open()
    address = f"/emergency-accesses/{opened['access_id']}/answer"

    (waiting,) = night.gateway.read(night.colleague, "/me/emergency-accesses")["items"]
    assert (waiting["access_id"], waiting["words"]) == (opened["access_id"], WHY["words"])
    night.gateway.do(night.colleague, address, {"answer": "confirmed", "words": "I was there."})

    assert night.gateway.read(night.colleague, "/me/emergency-accesses")["items"] == []
    assert night.reads() == 200
    changed = {"answer": "objected", "words": "I was not."}
    again = night.gateway.send(night.colleague, address, changed)
    assert again.json["code"] == "emergency_answered"


def test_an_objection_ends_it_at_once_and_it_is_not_opened_again_before_a_review(night):
    opened = night.open()
    address = f"/emergency-accesses/{opened['access_id']}"
    objection = {"answer": "objected", "words": "Nobody asked me."}

    night.gateway.do(night.colleague, f"{address}/answer", objection)

    assert night.reads() == 404
    (ended,) = night.told("emergency_access_ended")
    assert (ended["access_id"], ended["person_id"]) == (opened["access_id"], night.person_id)
    assert night.refused() == "objected"
    finding = {"finding": "not_justified", "words": "They knew each other."}
    night.gateway.do(night.officer, f"{address}/review", finding)
    assert night.open()["access_id"] != opened["access_id"]


def test_nobody_but_the_second_person_answers(night):
    opened = night.open()
    address = f"/emergency-accesses/{opened['access_id']}/answer"
    said = {"answer": "confirmed", "words": "It was right."}

    for stranger in (night.nurse, a_visitor("team_manager", organisation="another-trust")):
        assert night.gateway.send(stranger, address, said).status_code == 404
    coordinator = night.case.coordinator
    assert night.gateway.read(coordinator, "/me/emergency-accesses")["items"] == []


def test_the_officer_of_that_body_reviews_what_was_opened_for_it(night):
    opened = night.open()
    address = f"/emergency-accesses/{opened['access_id']}/review"
    elsewhere = a_visitor("information_officer", organisation="nhs-trust")
    assert night.gateway.read(elsewhere, "/emergency-accesses")["items"] == []
    finding = {"finding": "justified", "words": "The night book says the same."}
    assert night.gateway.send(elsewhere, address, finding).status_code == 404

    (listed,) = night.gateway.read(night.officer, "/emergency-accesses")["items"]
    assert (listed["second_id"], listed["answer"]) == (night.colleague.actor_id, None)
    night.gateway.do(night.officer, address, finding)

    assert night.gateway.read(night.officer, "/emergency-accesses")["items"] == []
    reviewed = night.gateway.read(night.officer, "/emergency-accesses?is_reviewed=true")["items"]
    assert [one["finding"] for one in reviewed] == ["justified"]
    other = {"finding": "not_justified", "words": "No."}
    answer = night.gateway.send(night.officer, address, other)
    assert answer.json["code"] == "emergency_reviewed"


def test_nobody_reviews_their_own(night):
    opened = night.open()
    address = f"/emergency-accesses/{opened['access_id']}/review"
    finding = {"finding": "justified", "words": "I say so."}

    for one in (night.nurse, night.colleague):
        themselves = a_visitor(
            "information_officer", actor_id=one.actor_id, organisation="another-trust"
        )
        refused = night.gateway.send(themselves, address, finding)
        assert refused.json["code"] == "reviewer_involved"


def test_nobody_holds_more_records_open_than_an_emergency_needs(night):
    night.open()
    for number in range(4):
        person = desk.a_person(
            nhs_number=None, council_client_id=f"LAS200000{number}", given_name=f"One{number}"
        )
        received = night.gateway.do(
            night.case.coordinator,
            "/referrals",
            without(desk.a_referral(person=person), *FOR_US),
        )
        night.open(person_id=received["person_id"])

    assert night.refused(person_id=str(uuid4())) == "too_many_open"
