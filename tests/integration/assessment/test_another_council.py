"""A council that joined by a file takes part as the first one does, and only where it belongs."""

from uuid import uuid4

import pytest
import yaml

from deploy.local.environments import PARTNERS_FILES
from shared.contracts import organisations
from tests.integration.assessment.desk import (
    ALEX_DOMAINS,
    a_contribution,
    a_domain,
    a_person,
    a_referral,
)

THORNBY = "thornby-council"


@pytest.fixture(autouse=True)
def thornby(tmp_path, monkeypatch):
    """Thornby's file beside those of the demo: nothing else says that there is such a council."""
    for file in PARTNERS_FILES.glob("*.yml"):
        (tmp_path / file.name).write_text(file.read_text())
    said = {"code": THORNBY, "name": "Thornby Council", "organisation": THORNBY, "kind": "council"}
    (tmp_path / f"{THORNBY}.yml").write_text(yaml.safe_dump(said))
    found = organisations.read(tmp_path)
    monkeypatch.setattr(organisations, "current", lambda: found)


def seen_by(referral_id, organisation, **changes):
    levels = ALEX_DOMAINS["nhs-trust" if organisation == "nhs-trust" else "council"]
    domains = [a_domain(*one) for one in levels]
    return a_contribution(referral_id, "council", domains=domains, **changes) | {
        "organisation": organisation
    }


def referred(desk, organisation=THORNBY):
    referral = a_referral(source="council", organisation=organisation)
    return desk.ask("receive_referral", **referral)


def a_consent(person_id):
    return {
        "consent_id": "3e2a9df0-7a53-4b1d-8ab2-30a86ac4b1ad",
        "person_id": person_id,
        "purpose": "assessment",
        "organisation": "council",
        "given_on": "2026-11-24",
        "ends_on": None,
        "evidence": "They moved, and both helped.",
    }


def a_dispute(referral_id):
    return {
        "dispute_id": str(uuid4()),
        "referral_id": referral_id,
        "domain": "A9",
        "party": "council",
        "said_by_role": "social_worker",
        "reasons": "Getting lost comes from the stroke, so it is health.",
    }


def consents(desk, referral_id):
    return {one["organisation"] for one in desk.case(referral_id)["consents"]}


def test_it_assesses_whom_it_refers_together_with_the_trust(desk):
    referral_id = referred(desk)["referral_id"]
    assert consents(desk, referral_id) == {THORNBY, "nhs-trust"}

    one = desk.ask("contribute", **seen_by(referral_id, THORNBY))
    both = desk.ask("contribute", **seen_by(referral_id, "nhs-trust"))

    assert (one["is_agreed"], both["is_agreed"]) == (False, True)
    shown = desk.case(referral_id)["assessment"]
    assert [said["organisation"] for said in shown["contributions"]] == [THORNBY, "nhs-trust"]


@pytest.mark.parametrize("is_agreed_to", [False, True])
def test_the_local_council_does_not_take_part_in_that(desk, is_agreed_to):
    """Nor may it say who pays, even where the person agreed that it knows of it."""
    said = referred(desk)
    if is_agreed_to:
        desk.ask("record_consent", **a_consent(said["person_id"]))
    for organisation in (THORNBY, "nhs-trust"):
        desk.ask("contribute", **seen_by(said["referral_id"], organisation))

    refusal = desk.refused("contribute", **seen_by(said["referral_id"], "council"))

    assert refusal["code"] == "not_of_this_case"


def test_what_came_before_a_referral_of_others_holds_that_up_for_nobody(desk):
    """The trust refers, so that the local council assesses, and not Thornby."""
    referral = a_referral()
    early = seen_by(referral["referral_id"], THORNBY)
    assert desk.ask("contribute", **early)["is_waiting_for_referral"]

    said = desk.ask("receive_referral", **referral)

    (task,) = desk.ask("open_tasks", role="information_officer")
    assert "does not assess on this case" in task["words"]
    desk.ask("contribute", **seen_by(said["referral_id"], "council"))
    assert desk.ask("contribute", **seen_by(said["referral_id"], "nhs-trust"))["is_agreed"]


def test_two_councils_may_call_two_people_by_one_number(desk):
    """What another area's council calls somebody finds nobody here, and overwrites nothing."""
    known = a_referral(organisation="council", person=a_person(council_client_id="LAS12345"))
    ours = desk.ask("receive_referral", **known)
    other = a_person(nhs_number=None, council_client_id="LAS12345", family_name="Other")

    theirs = desk.ask("receive_referral", **a_referral(organisation=THORNBY, person=other))

    assert theirs["person_id"] != ours["person_id"]
    again = a_person(nhs_number=None, council_client_id="LAS12345")
    found = desk.ask("receive_referral", **a_referral(organisation="council", person=again))
    assert found["person_id"] == ours["person_id"]


@pytest.mark.parametrize("organisation", ["nowhere-council", "voluntary-broker"])
def test_who_takes_no_side_contributes_nothing(desk, organisation):
    referral_id = referred(desk)["referral_id"]

    refusal = desk.refused("contribute", **seen_by(referral_id, organisation))

    assert (refusal["code"], list(refusal["details"])) == ("invalid_request", ["organisation"])


@pytest.mark.parametrize(("referring", "stranger"), [(THORNBY, "council"), ("council", THORNBY)])
def test_a_council_that_does_not_assess_on_a_case_disputes_nothing_of_it(desk, referring, stranger):
    """Not even in the side's name, which is the same: who pays is for those who assess."""
    referral_id = referred(desk, referring)["referral_id"]
    for organisation in (referring, "nhs-trust"):
        desk.ask("contribute", **seen_by(referral_id, organisation))

    desk.organisation = stranger
    refusal = desk.refused("dispute_domain", **a_dispute(referral_id))

    assert refusal["code"] == "not_of_this_case"
    assert refusal["next_step"]
    desk.organisation = referring
    desk.ask("dispute_domain", **a_dispute(referral_id))
    (dispute,) = desk.case(referral_id)["disputes"]["disputes"]
    assert (dispute["domain"], dispute["state"]) == ("A9", "open")
