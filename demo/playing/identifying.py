"""Both organisations refer the same person, and neither knows it: a human finds out."""

from demo.playing import referring
from demo.playing.play import CaseFailedError, Play
from demo.staff import CARE_COORDINATOR, INFORMATION_OFFICER

OTHER_SIDE = {"nhs-trust": "council", "council": "nhs-trust", "voluntary-broker": "council"}


def be_referred_again(play: Play) -> None:
    """Refer the person once more, without a number that would tell who they are; then merge.

    Nobody waits for the answer: the second referral has a record of its own until then. It is
    answered with what there is: the budget that is on its way.
    """
    other_id = _refer(play)
    _merge(play)
    play.tell(
        "assessment.refuse_referral",
        {
            "refusal_id": play.ids.text("refusal/other"),
            "referral_id": other_id,
            "decider_id": CARE_COORDINATOR.staff_id,
            "reason": "has_a_budget",
            "because": "Another referral of yours is already on its way to a budget.",
            "evidence": ["Both referrals are about the same person"],
            "alternatives": ["One assessment and one budget, on the first referral"],
            "appeal_route": "Tell your care coordinator; an advocate can help you.",
        },
        about="other",
    )


def _refer(play: Play) -> str:
    first = referring.request(play)
    organisation = OTHER_SIDE[first["organisation"]]
    second = {
        **first,
        "referral_id": play.note_id("other_referral_id", play.ids.text("referral/other")),
        "source": referring.SOURCES[organisation],
        "organisation": organisation,
        "person": {**first["person"], "nhs_number": None, "council_client_id": None},
    }
    answer = play.tell("assessment.receive_referral", second, about="other")
    if answer["person_id"] == play.known["person_id"]:
        raise CaseFailedError("nobody could know that both referrals are of one person")
    play.note_id("other_person_id", answer["person_id"])
    return str(second["referral_id"])


def _merge(play: Play) -> None:
    asked = {"referral_id": play.known["referral_id"]}
    questions = play.caller.query("assessment.case", asked)["identity_questions"]
    if len(questions) != 1:
        raise CaseFailedError(f"{len(questions)} questions were asked about who this is")
    play.tell(
        "assessment.merge_people",
        {
            "question_id": questions[0]["question_id"],
            "kept_person_id": play.known["person_id"],
            "answered_by": INFORMATION_OFFICER.staff_id,
            "answered_by_role": INFORMATION_OFFICER.role,
            "reasons": "The surgery knows one person of this name, who told us of both referrals",
        },
    )
