"""To what a person agreed, and what stops when they agree no longer."""

from datetime import datetime
from uuid import UUID, uuid4

import pytest

from access import relations
from tests.integration.assessment.desk import a_contribution, a_referral


def a_consent(person_id, /, **changes):
    return {
        "consent_id": str(uuid4()),
        "person_id": person_id,
        "purpose": "support_plan",
        "organisation": "council",
        "given_on": "2026-11-20",
        "ends_on": None,
        "evidence": "Said at the kitchen table; note of 20 November",
    } | changes


def a_withdrawal(person_id, /, **changes):
    return {
        "withdrawal_id": str(uuid4()),
        "person_id": person_id,
        "purpose": "assessment",
        "organisation": "council",
        "withdrawn_on": "2026-11-24",
        "evidence": "Rang us this morning",
    } | changes


@pytest.fixture
def referred(desk):
    return desk.ask("receive_referral", **a_referral())


def consents(desk, referred):
    return {
        (consent["purpose"], consent["organisation"]): consent
        for consent in desk.case(referred["referral_id"])["consents"]
    }


def test_a_referral_brings_the_consent_to_share_the_assessment(desk, referred):
    held = consents(desk, referred)

    assert set(held) == {("assessment", "council"), ("assessment", "nhs-trust")}
    assert held["assessment", "council"]["given_on"] == "2026-11-20"


def test_whoever_sends_a_referral_follows_the_assessment(desk):
    referred = desk.ask("receive_referral", **a_referral(organisation="voluntary-broker"))

    assert ("assessment", "voluntary-broker") in consents(desk, referred)


def test_consent_is_recorded_once_for_its_id(desk, referred):
    request = a_consent(referred["person_id"])
    for _ in range(2):
        desk.ask("record_consent", **request)

    assert len(consents(desk, referred)) == 3
    other = request | {"organisation": "nhs-trust"}
    assert desk.refused("record_consent", **other)["code"] == "id_reused"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"given_on": "2026-11-25"}, "date_in_future", "given_on"),
        ({"ends_on": "2026-11-19"}, "ends_before_start", "ends_on"),
        ({"purpose": "curiosity"}, "invalid_request", "purpose"),
        ({"evidence": " "}, "invalid_request", "evidence"),
        ({"person_id": str(uuid4())}, "not_found", "person_id"),
    ],
)
def test_a_consent_that_cannot_be_is_refused_by_field(desk, referred, changes, code, field):
    refusal = desk.refused("record_consent", **a_consent(referred["person_id"], **changes))

    assert refusal["code"] == code
    assert field in {refusal["details"].get("field"), *refusal["details"]}


def test_an_organisation_whose_consent_was_withdrawn_contributes_no_more(desk, referred):
    desk.ask("withdraw_consent", **a_withdrawal(referred["person_id"]))

    refusal = desk.refused("contribute", **a_contribution(referred["referral_id"], "council"))

    assert refusal["code"] == "consent_not_in_force"
    assert "ask the person" in refusal["next_step"]
    desk.ask("contribute", **a_contribution(referred["referral_id"], "nhs-trust"))


def test_a_withdrawal_is_told_once_and_shown(desk, referred):
    request = a_withdrawal(referred["person_id"])
    for _ in range(2):
        desk.ask("withdraw_consent", **request)

    (told,) = desk.told("consent_withdrawn")
    assert told == {
        "withdrawal_id": request["withdrawal_id"],
        "person_id": referred["person_id"],
        "purpose": "assessment",
        "organisation": "council",
        "withdrawn_on": "2026-11-24",
    }
    *_, sharing = desk.told("sharing_changed")
    assert {one["organisation"]: one["ends_on"] for one in sharing["shared"]} == {
        "council": "2026-11-23",
        "nhs-trust": None,
    }
    held = consents(desk, referred)
    assert held["assessment", "council"]["withdrawn_on"] == "2026-11-24"
    assert held["assessment", "nhs-trust"]["withdrawn_on"] is None


def test_consent_may_be_given_again(desk, referred):
    desk.ask("withdraw_consent", **a_withdrawal(referred["person_id"]))
    again = a_consent(referred["person_id"], purpose="assessment", given_on="2026-11-24")
    desk.ask("record_consent", **again)

    desk.ask("contribute", **a_contribution(referred["referral_id"], "council"))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"organisation": "somebody-else"}, "nothing_to_withdraw"),
        ({"purpose": "quote"}, "nothing_to_withdraw"),
        ({"withdrawn_on": "2026-11-25"}, "date_in_future"),
        ({"person_id": str(uuid4())}, "not_found"),
    ],
)
def test_what_cannot_be_withdrawn_is_refused(desk, referred, changes, code):
    request = a_withdrawal(referred["person_id"], **changes)

    assert desk.refused("withdraw_consent", **request)["code"] == code


def test_a_withdrawal_id_used_for_another_is_refused(desk, referred):
    request = a_withdrawal(referred["person_id"])
    desk.ask("withdraw_consent", **request)

    other = request | {"organisation": "nhs-trust"}
    assert desk.refused("withdraw_consent", **other)["code"] == "id_reused"


def sees(desk, referred, organisation, day="2026-11-24"):
    """Tell whether a body may see the record on a day, by what the person agreed to."""
    with desk.transaction() as session:
        held = relations.held_by(
            [organisation],
            [UUID(referred["person_id"])],
            datetime.fromisoformat(f"{day}T12:00:00+00:00"),
            session=session,
        )
    return relations.ORGANISATION in held


def test_a_referral_lets_both_sides_and_whoever_sent_it_see_the_record(desk):
    referred = desk.ask("receive_referral", **a_referral(organisation="voluntary-broker"))

    for organisation in ("nhs-trust", "council", "voluntary-broker"):
        assert sees(desk, referred, organisation)
    assert not sees(desk, referred, "a-hospice")


def test_a_body_sees_the_record_until_the_last_day_of_a_consent(desk, referred):
    consent = a_consent(referred["person_id"], organisation="a-hospice", ends_on="2026-12-01")
    desk.ask("record_consent", **consent)

    days = ("2026-11-19", "2026-11-20", "2026-12-01", "2026-12-02")
    assert [sees(desk, referred, "a-hospice", day) for day in days] == [False, True, True, False]


def test_a_body_sees_nothing_from_the_day_of_the_withdrawal_until_they_agree_again(desk, referred):
    given, ended = a_consent(referred["person_id"]), a_withdrawal(referred["person_id"])
    desk.ask("withdraw_consent", **ended)
    assert not sees(desk, referred, "council")
    assert sees(desk, referred, "council", "2026-11-23")

    desk.ask("record_consent", **given | {"given_on": "2026-11-24"})

    assert sees(desk, referred, "council")


def test_who_may_quote_the_person_does_not_see_the_record_for_that(desk, referred):
    consent = a_consent(referred["person_id"], organisation="a-paper", purpose="quote")
    desk.ask("record_consent", **consent)

    assert not sees(desk, referred, "a-paper")
