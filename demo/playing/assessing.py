"""The trust and the council: a referral, one joint assessment, and an indicative budget."""

from collections.abc import Mapping
from typing import Any

from demo.playing.play import Play
from demo.progress import Stage
from demo.staff import CARE_TEAM

STREET = ("1 Example Street", "Exampleton")  # the case files hold no street
SOURCES = {"nhs-trust": "nhs", "council": "council", "voluntary-broker": "voluntary_sector"}
# The case files hold neither: invented, and the same for everybody.
HEARD_FROM = "A leaflet in the surgery"
ANSWERS = {"broker": "accepted", "peer_supporter": "perhaps_later", "advocate": "declined"}
QUESTIONNAIRE = "joint-2026-1"
USUAL_LOOK_BACK_MONTHS = 12
CHARGED_BASIS = "care_act"
KIND_FOR_WHO_DECLINES = "one_off_recovery"


def assess(play: Play) -> Mapping[str, Any]:
    """Play everything up to the offer of an indicative budget, and return the offer."""
    _refer(play)
    _name_care_team(play)
    _talk(play)
    _contribute(play)
    kind = KIND_FOR_WHO_DECLINES if play.case.budget is None else play.case.budget.type
    request = {
        "referral_id": play.known["referral_id"],
        "budget_kind": kind,
        "weekly_contribution_pence": _weekly_contribution_pence(play),
    }
    offer: Mapping[str, Any] = play.tell("assessment.offer_budget", request)
    return offer


def decline(play: Play) -> None:
    """Record that the person wants no budget: their services stay, and nothing is bought."""
    play.tell(
        "assessment.decline_budget",
        {
            "referral_id": play.known["referral_id"],
            "informed_by_role": "care_coordinator",
            "informed_on": play.case.referral["received_on"],
        },
    )
    play.advance(Stage.REFERRAL)


def _refer(play: Play) -> None:
    person = dict(play.case.person)
    person["address_lines"] = [*STREET, person.pop("postcode")]
    referral_id = play.note_id("referral_id", play.ids.text("referral"))
    answer = play.tell(
        "assessment.receive_referral",
        {
            "referral_id": referral_id,
            "source": SOURCES[play.case.referral["organisation"]],
            "relation": None,
            "heard_from": HEARD_FROM,
            **play.case.referral,
            "person": person,
        },
    )
    play.note_id("person_id", answer["person_id"])


def _name_care_team(play: Play) -> None:
    for colleague in CARE_TEAM:
        play.tell(
            "assessment.assign_team_member",
            {
                "person_id": play.known["person_id"],
                "role": colleague.role,
                "staff_id": colleague.staff_id,
                "name": colleague.name,
                "organisation": colleague.organisation,
                "employer": colleague.paid_by,
            },
            about=colleague.role,
        )


def _talk(play: Play) -> None:
    """Tell the person that there are budgets, and who could help with one."""
    about = {"referral_id": play.known["referral_id"]}
    received_on = play.case.referral["received_on"]
    play.tell(
        "assessment.record_discussion",
        {
            "discussion_id": play.ids.text("discussion"),
            **about,
            "outcome": "offered",
            "held_on": received_on,
            "by_role": "care_coordinator",
            "because": None,
            "person_words": None,
            "signposted_to": None,
        },
    )
    for support, answer in ANSWERS.items():
        play.tell(
            "assessment.record_offer",
            {
                "offer_id": play.ids.text(f"offer/{support}"),
                **about,
                "support": support,
                "offered_on": received_on,
                "offered_by_role": "care_coordinator",
                "answer": answer,
                "person_words": None,
            },
            about=support,
        )


def _contribute(play: Play) -> None:
    whole_life = play.case.assessment["whole_life"]
    for number, contribution in enumerate(play.case.assessment["contributions"]):
        play.tell(
            "assessment.contribute",
            {
                "contribution_id": play.ids.text(f"contribution/{number}"),
                "referral_id": play.known["referral_id"],
                **contribution,
                **_circumstances(play, contribution["author_role"]),
                "domains": [made_whole(domain) for domain in contribution["domains"]],
                "whole_life": whole_life if number == 0 else None,
            },
            about=str(number),
        )


def made_whole(domain: Mapping[str, Any]) -> dict[str, Any]:
    """Return a domain with what the case files do not hold: nobody was asked, nothing is known."""
    return {
        **domain,
        "look_back_months": USUAL_LOOK_BACK_MONTHS,
        "onset_speed": None,
        "unseen_by_others": None,
        "reliably": None,
        "present_support": [],
        "worker_words": None,
        "wants": None,
        "evidence": [],
    }


def _circumstances(play: Play, author_role: str) -> dict[str, Any]:
    """Return with what, when and with whom a side asked; the time and the room are invented."""
    return {
        "questionnaire": QUESTIONNAIRE,
        "as_of": f"{play.case.referral['received_on']}T12:00:00+00:00",
        "in_the_room": ["person", author_role],
    }


def _weekly_contribution_pence(play: Play) -> int:
    """Return what the council's financial assessment says: it charges under the Care Act alone."""
    budget = play.case.budget
    if budget is None or play.case.referral["basis"] != CHARGED_BASIS:
        return 0
    return budget.person_contribution_weekly_pence
