"""A council that joined by a file takes part as the first one does, and only where it belongs."""

import pytest
import yaml

from deploy.local.environments import PARTNERS_FILES
from shared import organisations
from tests.integration.assessment.desk import ALEX_DOMAINS, a_contribution, a_domain, a_referral

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


def test_the_local_council_does_not_take_part_in_that(desk):
    referral_id = referred(desk)["referral_id"]

    refusal = desk.refused("contribute", **seen_by(referral_id, "council"))

    assert refusal["code"] == "consent_not_in_force"


def test_two_councils_are_one_side(desk):
    """The person agreed that both take part: what was seen last counts; the trust is missing."""
    said = referred(desk)
    desk.ask(
        "record_consent",
        consent_id="3e2a9df0-7a53-4b1d-8ab2-30a86ac4b1ad",
        person_id=said["person_id"],
        purpose="assessment",
        organisation="council",
        given_on="2026-11-24",
        ends_on=None,
        evidence="They moved, and both helped.",
    )
    desk.ask("contribute", **seen_by(said["referral_id"], THORNBY))
    later = seen_by(said["referral_id"], "council", as_of="2026-11-23T10:00:00+00:00")

    assert not desk.ask("contribute", **later)["is_agreed"]
    (counts,) = desk.case(said["referral_id"])["assessment"]["contributions"]
    assert counts["organisation"] == "council"


def test_what_came_before_its_referral_waits_for_the_persons_word(desk):
    """The trust refers, so that nobody asked about Thornby: the referral is not held up by that."""
    referral = a_referral()
    early = seen_by(referral["referral_id"], THORNBY)
    assert desk.ask("contribute", **early)["is_waiting_for_referral"]

    said = desk.ask("receive_referral", **referral)
    (task,) = desk.ask("open_tasks", role="information_officer")
    assert "has not agreed" in task["words"]

    desk.ask(
        "record_consent",
        consent_id="0d4d3a83-53ba-4f0f-95b4-f5ec38d2a9f6",
        person_id=said["person_id"],
        purpose="assessment",
        organisation=THORNBY,
        given_on="2026-11-24",
        ends_on=None,
        evidence="They said so at the first meeting.",
    )
    assert desk.ask("open_tasks", role="information_officer") == []
    assert desk.ask("contribute", **seen_by(said["referral_id"], "nhs-trust"))["is_agreed"]


@pytest.mark.parametrize("organisation", ["nowhere-council", "voluntary-broker"])
def test_who_takes_no_side_contributes_nothing(desk, organisation):
    referral_id = referred(desk)["referral_id"]

    refusal = desk.refused("contribute", **seen_by(referral_id, organisation))

    assert (refusal["code"], list(refusal["details"])) == ("invalid_request", ["organisation"])
