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
            "referral_id": other_id,
            "reason": "has_a_budget",
            "because": "Another referral of yours is already on its way to a budget.",
            "evidence": ["Both referrals are about the same person"],
            "alternatives": ["One assessment and one budget, on the first referral"],
            "appeal_route": "Tell your care coordinator; an advocate can help you.",
        },
        by=CARE_COORDINATOR,
        about="other",
    )


def _refer(play: Play) -> str:
    first = referring.request(play)
    unnumbered = {**first["person"], "nhs_number": None, "council_client_id": None}
    other_side = OTHER_SIDE[play.case.referral["organisation"]]
    answer = referring.sent(play, {**first, "person": unnumbered}, by=other_side, about="other")
    if answer["person_id"] == play.known["person_id"]:
        raise CaseFailedError("nobody could know that both referrals are of one person")
    play.note_id("other_person_id", answer["person_id"])
    return play.note_id("other_referral_id", answer["referral_id"])


def _merge(play: Play) -> None:
    questions = play.read_case()["identity_questions"]
    if len(questions) != 1:
        raise CaseFailedError(f"{len(questions)} questions were asked about who this is")
    play.tell(
        "assessment.merge_people",
        {
            "question_id": questions[0]["question_id"],
            "kept_person_id": play.known["person_id"],
            "reasons": "The surgery knows one person of this name, who told us of both referrals",
        },
        by=INFORMATION_OFFICER,
    )
