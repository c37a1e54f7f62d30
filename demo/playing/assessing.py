"""The trust and the council: a referral, one joint assessment, and an indicative budget."""

from collections.abc import Iterator, Mapping
from typing import Any

from demo.case import AlongTheWay
from demo.playing import consenting, identifying, referring, refusing, team
from demo.playing.play import Play
from demo.progress import Stage
from demo.staff import CARE_COORDINATOR

# The case files hold no offers: invented, and the same for everybody.
ANSWERS = {"broker": "accepted", "peer_supporter": "perhaps_later", "advocate": "declined"}
QUESTIONNAIRE = "joint-2026-1"
USUAL_LOOK_BACK_MONTHS = 12
ASSESSED_AFTER_WEEKS = 1
CONTRIBUTE = "assessment.contribute.v1"
CHARGED_BASIS = "care_act"
KIND_FOR_WHO_DECLINES = "one_off_recovery"


def assess(play: Play) -> Mapping[str, Any]:
    """Play everything up to the offer of an indicative budget, and return the offer."""
    case = play.case
    referring.refer(play)
    team.name_all(play)
    if case.has(AlongTheWay.REFERRED_BY_BOTH):
        identifying.be_referred_again(play)
    if case.has(AlongTheWay.REFERRAL_REFUSED):
        refusing.refuse_referral(play)
    _talk(play)
    if case.has(AlongTheWay.WORKER_CHANGED):
        team.change_broker(play)
    _book(play)
    for number, (organisation, contribution) in enumerate(contributions(play)):
        is_councils = organisation == consenting.ORGANISATION
        if is_councils and case.has(AlongTheWay.CONSENT_WITHDRAWN):
            consenting.withdraw_and_give_again(play, contribution=contribution)
        contribute(play, contribution, by=organisation, about=str(number))
    return offer(play)


def offer(play: Play, *, about: str = "") -> Mapping[str, Any]:
    """Have the indicative amount worked out; ``about`` tells one time from another."""
    budget = play.case.budget
    request = {
        "referral_id": play.known["referral_id"],
        "budget_kind": KIND_FOR_WHO_DECLINES if budget is None else budget.type,
        "weekly_contribution_pence": _weekly_contribution_pence(play),
    }
    offered: Mapping[str, Any] = play.tell(
        "assessment.offer_budget", request, by=CARE_COORDINATOR, about=about
    )
    return offered


def decline(play: Play) -> None:
    """Record that the person wants no budget: their services stay, and nothing is bought."""
    play.tell(
        "assessment.decline_budget",
        {
            "referral_id": play.known["referral_id"],
            "informed_by_role": "care_coordinator",
            "informed_on": play.case.referral["received_on"],
        },
        by=play.holder,
    )
    play.advance(Stage.REFERRAL)


def _talk(play: Play) -> None:
    """Tell the person that there are budgets, and who could help with one."""
    about = {"referral_id": play.known["referral_id"]}
    received_on = play.case.referral["received_on"]
    play.tell(
        "assessment.record_discussion",
        {
            **about,
            "outcome": "offered",
            "held_on": received_on,
            "because": None,
            "person_words": None,
            "signposted_to": None,
        },
        by=CARE_COORDINATOR,
    )
    for support, answer in ANSWERS.items():
        play.tell(
            "assessment.record_offer",
            {
                **about,
                "support": support,
                "offered_on": received_on,
                "answer": answer,
                "person_words": None,
            },
            by=CARE_COORDINATOR,
            about=support,
        )


def _book(play: Play) -> None:
    """Tell the person when and where they are assessed, and who comes.

    The files hold the assessment and no day of it: what was seen is told at once all the same.
    """
    play.tell(
        "assessment.book_assessment",
        {
            "referral_id": play.known["referral_id"],
            "starts_at": f"{play.weeks_from_now(ASSESSED_AFTER_WEEKS)}T10:30:00+00:00",
            "way": "at_home",
            "place": None,
            "coming": [
                {"name": colleague.name, "role": colleague.role}
                for colleague in (CARE_COORDINATOR, team.broker(play))
            ],
        },
        by=CARE_COORDINATOR,
    )


def contribute(play: Play, contribution: Mapping[str, Any], *, by: str, about: str) -> None:
    """Have a side's own system send what was seen."""
    play.send(CONTRIBUTE, contribution, by=by, about=about)


def contributions(play: Play) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return each side, and what it brings to the assessment, as its system sends it."""
    whole_life = play.case.assessment["whole_life"]
    for number, contribution in enumerate(play.case.assessment["contributions"]):
        yield (
            contribution["organisation"],
            {
                "referral_id": play.known["referral_id"],
                "author_role": contribution["author_role"],
                **_circumstances(play, contribution["author_role"]),
                "domains": [made_whole(domain) for domain in contribution["domains"]],
                "whole_life": whole_life if number == 0 else None,
            },
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
