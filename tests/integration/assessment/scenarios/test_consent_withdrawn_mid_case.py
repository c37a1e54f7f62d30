"""He no longer wants the council to know, in the middle of his case."""

from uuid import uuid4

from tests.integration.assessment.desk import Desk, a_contribution, a_referral


def withdraw(desk, person_id):
    return desk.ask(
        "withdraw_consent",
        withdrawal_id=str(uuid4()),
        person_id=person_id,
        purpose="assessment",
        organisation="council",
        withdrawn_on="2026-11-24",
        evidence="Rang the care coordinator this morning",
    )


def councils(desk, referral_id):
    return [
        (consent["given_on"], consent["withdrawn_on"])
        for consent in desk.case(referral_id)["consents"]
        if consent["organisation"] == "council"
    ]


def test_the_council_stops_and_starts_again_when_he_says_so(transaction):
    desk = Desk(transaction)
    received = desk.ask("receive_referral", **a_referral())
    referral_id, person_id = received["referral_id"], received["person_id"]
    desk.ask("contribute", **a_contribution(referral_id, "nhs-trust"))

    # He withdraws. Whoever listens hears which organisation is told nothing more, and for what.
    withdraw(desk, person_id)
    (told,) = desk.told("consent_withdrawn")
    assert (told["organisation"], told["purpose"]) == ("council", "assessment")
    assert councils(desk, referral_id) == [("2026-11-20", "2026-11-24")]

    # What the council had under way is refused and not kept; the trust's part stands.
    late = a_contribution(referral_id, "council")
    refusal = desk.refused("contribute", **late)
    assert refusal["code"] == "consent_not_in_force"
    (contribution,) = desk.case(referral_id)["assessment"]["contributions"]
    assert contribution["organisation"] == "nhs-trust"
    assert desk.case(referral_id)["referral"]["outcome"] == "open"

    # A week on somebody he trusts explains what the council would see, and he agrees again.
    desk.ask(
        "record_consent",
        consent_id=str(uuid4()),
        person_id=person_id,
        purpose="assessment",
        organisation="council",
        given_on="2026-11-24",
        ends_on="2027-11-23",
        evidence="In writing, with his advocate",
    )
    desk.ask("contribute", **a_contribution(referral_id, "council"))
    assert len(desk.told("assessment_agreed")) == 1


def test_what_was_agreed_before_he_withdrew_stands(transaction):
    desk = Desk(transaction)
    case = desk.submitted()

    withdraw(desk, case.team["person"])

    for role in ("person", "broker", "care_coordinator"):
        desk.sign(case, role)
    assert [one["role"] for one in desk.case(case.referral_id)["plan"]["signatures"]]
    assert len(desk.told("assessment_agreed")) == 1
